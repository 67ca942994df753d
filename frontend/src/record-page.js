/** The page of the learner's record: everything it holds, where it is kept, and how it leaves. */

import { downloadText } from "./download.js";
import { askingButton, button, checkBox, day, fileButton, hours, lessonLink, make, NO_PATIENTS, now, pageAddress, textBox, troubleLine } from "./forms.js";
import { actionList, pdsaLog } from "./log.js";
import { erase, exportRecord, importRecord, keepOnThisDevice, onRecord, ownDevice, record, unreadRecord, update } from "./record.js";

export function drawRecordPage(place) {
  const said = make("p", { class: "record-said", role: "status" });
  const say = (words) => {
    said.textContent = words;
  };
  const trouble = troubleLine();
  const parts = [keeping(say), lessons(), listed("Next actions", actionList()), guesses(), answers(), reflections(), listed("PDSA log", pdsaLog(), `One small test after another. ${NO_PATIENTS}`), charts()];
  const redraw = () => {
    trouble.paint();
    for (const part of parts) if (!part.node.contains(document.activeElement)) part.paint();
  };
  const redrawAll = () => {
    trouble.paint();
    for (const part of parts) part.paint();
  };
  place.classList.add("record");
  const [where, ...held] = parts.map((part) => part.node);
  place.replaceChildren(trouble.line, said, where, files(say, redrawAll), ...held);
  onRecord(redraw);
}

function section(heading, ...children) {
  return make("section", { class: "record-section" }, make("h2", {}, heading), ...children);
}

function notOnPaper(node) {
  node.classList.add("not-on-paper");
  return node;
}

function listed(heading, { node, paint }, words = "") {
  return { node: section(heading, words ? make("p", { class: "record-help" }, words) : null, node), paint };
}

function keeping(say) {
  const body = make("div", {});
  const box = checkBox({
    label: "This is my own device",
    change: (yes) => {
      const done = keepOnThisDevice(yes);
      if (!done) say("This browser does not allow that: it keeps nothing after it is closed. Save your record as a file below.");
      else say(yes ? "Your record now stays in this browser until you erase it." : "Your record now lasts until this browser window is closed.");
      paint();
    },
  });
  const paint = () => {
    box.querySelector("input").checked = ownDevice();
    body.replaceChildren(
      make("p", {}, ownDevice()
        ? "Your record is kept in this browser, on this device, until you erase it. Anybody who uses this browser under the same user name can read it."
        : "Your record lasts until you close this browser window. Nothing of it is left on this computer afterwards, so save it as a file if you want to go on another day."),
    );
  };
  paint();
  return {
    node: notOnPaper(section(
      "Where it is kept",
      body,
      box,
      make("p", { class: "record-help" }, "Do not tick this on a ward PC or in a library. Many people share one user name there, and the next person would read your notes. Never tick it to save trouble: a saved file does the same and goes home with you."),
    )),
    paint,
  };
}

function lessons() {
  const body = make("div", {});
  const paint = () => {
    const seen = Object.entries(record().lessons).sort(([a], [b]) => a.localeCompare(b));
    const done = seen.filter(([, facts]) => facts.done);
    const minutes = done.reduce((sum, [, facts]) => sum + facts.minutes, 0);
    body.replaceChildren(
      make("p", {}, seen.length
        ? `${done.length} done of ${seen.length} opened. The ones done take ${hours(minutes)} by the course's own count; what they took you may differ.`
        : "None yet. Open a lesson and it appears here."),
      seen.length ? table("Lessons opened and done", ["Lesson", "Minutes", "Opened", "Done"], seen.map(([id, facts]) => [lessonLink(id, facts), facts.minutes, day(facts.opened), facts.done ? day(facts.done) : "not yet"])) : "",
    );
  };
  paint();
  return { node: section("Lessons", body), paint };
}

export function table(caption, columns, rows) {
  return make(
    "div",
    { class: "record-scroll", tabindex: "0", role: "region", "aria-label": caption },
    make("table", { class: "record-table" },
      make("thead", {}, make("tr", {}, columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows.map((row) => make("tr", {}, row.map((cell) => make("td", {}, cell)))))),
  );
}

function guesses() {
  const body = make("div", {});
  const paint = () => {
    const { predictions, lessons: known } = record();
    body.replaceChildren(
      predictions.length
        ? make("ul", { class: "record-list" }, predictions.map((one) => make("li", {},
          make("span", { class: "record-help" }, lessonLink(one.lesson, known[one.lesson]), `, ${day(one.at)}`), make("br"),
          one.question, make("br"),
          make("strong", {}, "You guessed: "), one.guess, make("br"),
          make("strong", {}, "What happened: "), one.outcome || "No answer has come yet.")))
        : make("p", {}, "None yet. Most lessons ask for a guess before they show anything."),
    );
  };
  paint();
  return { node: section("Predictions, and what happened", body), paint };
}

function answers() {
  const body = make("div", {});
  const paint = () => {
    const { answers: given } = record();
    body.replaceChildren(
      given.length
        ? table("Answers of self-checks", ["Lesson", "Question", "Your answer", "Reply"], given.map((one) => [one.lesson, one.question, one.answer, one.right === null ? "no reply" : one.right ? "right" : "not yet"]))
        : make("p", {}, "None yet. They are for you, and are no marks."),
    );
  };
  paint();
  return { node: section("Answers of self-checks", body), paint };
}

function reflections() {
  const body = make("div", {});
  let own = false;
  const paint = () => {
    if (own) return; // a box that is being typed into stays
    const { notes, lessons: known } = record();
    const written = Object.entries(notes).sort(([a], [b]) => a.localeCompare(b));
    body.replaceChildren(
      ...(written.length
        ? written.map(([id, words]) => textBox({
          label: known[id]?.title ? `${id} ${known[id].title}` : id,
          rows: 4,
          value: words,
          change: (text) => {
            own = true;
            update((next) => {
              next.notes[id] = text;
            });
            own = false;
          },
        }))
        : [make("p", {}, "None yet. There is a box for a note at the end of each lesson.")]),
    );
  };
  paint();
  return { node: section("Reflections", make("p", { class: "record-help" }, `Private: they leave this page only in a file or a print that you make. ${NO_PATIENTS}`), body), paint };
}

function charts() {
  const body = make("p", {});
  const paint = () => {
    const count = record().charts.length;
    body.replaceChildren(count ? `${count} kept. ` : "None yet. Press “Keep this chart” below a chart. ", make("a", { href: pageAddress("book/evidence-pack.html") }, "They go into your evidence pack"), ".");
  };
  paint();
  return { node: notOnPaper(section("Charts kept", body)), paint };
}

function files(say, redraw) {
  let how = "merge";
  const radio = (value, words) => {
    const id = `record-${value}`;
    const input = make("input", { type: "radio", name: "record-how", id, value, checked: value === how });
    input.addEventListener("change", () => {
      how = value;
    });
    return make("div", { class: "record-check" }, input, make("label", { for: id }, words));
  };
  const save = () => downloadText(document, `my-record-${now().slice(0, 10)}.json`, "application/json", exportRecord());
  const open = fileButton({
    label: "Open a record that you saved",
    accept: ".json,application/json",
    say,
    read: (text) => {
      importRecord(text, how);
      redraw();
      say(how === "merge" ? "The file was added to the record on this page." : "The file took the place of the record on this page.");
    },
  });
  const unread = make("div", {});
  const paintUnread = () => {
    const text = unreadRecord();
    unread.replaceChildren(text === null ? "" : button("Save the record that could not be read", () => downloadText(document, "unread-record.json", "application/json", text)));
  };
  paintUnread();
  onRecord(paintUnread);
  return notOnPaper(section(
    "Take it with you",
    make("p", {}, "The file is plain text (JSON). It holds everything on this page. Keep it where you keep private things."),
    make("div", { class: "record-buttons" }, button("Save as a file", save, { class: "record-button record-primary" }), button("Print", () => window.print())),
    make("fieldset", { class: "record-card" },
      make("legend", {}, "Open a file"),
      radio("merge", "Add it to what is here"),
      radio("replace", "Put it in place of what is here"),
      open),
    unread,
    make("h3", {}, "Erase"),
    askingButton("Erase my record", "Erase everything on this page from this browser? A file that you saved stays where it is.", "Yes, erase it", () => {
      erase();
      redraw();
      say("Your record is erased.");
    }),
  ));
}
