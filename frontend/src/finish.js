/** The end of a lesson: what you guessed, what you will do and by when, a note to yourself, and "done". */

import { button, checkBox, dateBox, day, make, NO_PATIENTS, now, pageAddress, textBox, troubleLine } from "./forms.js";
import { onRecord, ownDevice, record, update } from "./record.js";

export function drawFinish(place) {
  const { lesson, title, path } = place.dataset;
  const minutes = Number(place.dataset.minutes);

  update((next) => {
    next.lessons[lesson] = { done: "", ...next.lessons[lesson], opened: next.lessons[lesson]?.opened || now(), minutes, path, title };
  });

  const guesses = make("div", { class: "record-part" });
  const paintGuesses = () => {
    const mine = record().predictions.filter((one) => one.lesson === lesson);
    guesses.hidden = !mine.length;
    guesses.replaceChildren(
      make("h3", {}, "What you guessed, and what happened"),
      make("ul", { class: "record-list" }, mine.map((one) => make("li", {}, make("strong", {}, `You guessed: ${one.guess}. `), one.outcome || "No answer has come yet."))),
    );
  };

  const actions = make("ul", { class: "record-list" });
  const paintActions = () => {
    const mine = record().actions.map((one, index) => ({ ...one, index })).filter((one) => one.lesson === lesson);
    actions.hidden = !mine.length;
    actions.replaceChildren(
      ...mine.map((one) =>
        make("li", {}, checkBox({
          label: one.by ? `${one.text} (by ${day(one.by)})` : one.text,
          checked: one.done,
          change: (done) => update((next) => {
            next.actions[one.index].done = done;
          }),
        })),
      ),
    );
  };
  const told = make("p", { class: "record-help", role: "status" });
  const what = textBox({ label: "What will you do?", most: 400 });
  const when = dateBox({ label: "By when? (you may leave this open)" });
  const form = make("form", { class: "record-part", novalidate: true }, what, when, make("button", { type: "submit", class: "record-button" }, "Add to my next actions"), told);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const box = what.querySelector("input");
    const text = box.value.trim();
    if (!text) {
      told.textContent = "Write what you will do first. One small thing is enough.";
      box.focus();
      return;
    }
    const by = when.querySelector("input").value;
    update((next) => next.actions.push({ lesson, text, by, done: false }));
    form.reset();
    told.textContent = "Added.";
    box.focus();
  });

  const note = textBox({
    label: "A note to yourself",
    rows: 4,
    value: record().notes[lesson] ?? "",
    help: `What surprised you? What will you watch for? Nobody sees it but you. ${NO_PATIENTS}`,
    change: (text) => update((next) => {
      if (text.trim()) next.notes[lesson] = text;
      else delete next.notes[lesson];
    }),
  });

  const done = make("div", { class: "record-part record-done" });
  const since = make("p", { role: "status" });
  const mark = (value) => {
    update((next) => {
      next.lessons[lesson] = { opened: now(), minutes, path, title, ...next.lessons[lesson], done: value };
    });
    done.querySelector("button").focus();
  };
  const paintDone = () => {
    const at = record().lessons[lesson]?.done ?? "";
    if (done.dataset.at === at) return;
    done.dataset.at = at;
    since.textContent = at ? `Done on ${day(at)}: ${minutes} minutes.` : "";
    done.replaceChildren(
      at ? button("Not done after all", () => mark("")) : button("I have done this lesson", () => mark(now()), { class: "record-button record-primary" }),
      since,
    );
  };

  const kept = make("p", { class: "record-help" });
  const paintKept = () => {
    kept.replaceChildren(
      ownDevice() ? "Kept in this browser until you erase it: you said that this is your own device. " : "Kept in this browser until you close it, and sent to nobody. ",
      make("a", { href: pageAddress("book/record.html") }, "See, save or erase your record"),
      ".",
    );
  };
  const trouble = troubleLine();

  const paint = () => {
    paintGuesses();
    if (!actions.contains(document.activeElement)) paintActions();
    paintDone();
    paintKept();
    trouble.paint();
  };
  place.classList.add("record", "finish");
  place.replaceChildren(
    make("h2", {}, "Before you go"),
    trouble.line,
    guesses,
    make("h3", {}, "What will you do, and by when?"),
    make("p", { class: "record-help" }, `One thing, small enough to start this week. ${NO_PATIENTS}`),
    actions,
    form,
    make("div", { class: "record-part" }, note),
    done,
    make("div", { "data-next": true }),
    kept,
  );
  paint();
  onRecord(paint);
}
