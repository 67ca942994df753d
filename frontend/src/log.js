/** Lists of a record that the learner adds to and edits, on the record's page and in the evidence pack: PDSA cycles, actions, decisions. */

import { askingButton, button, checkBox, dateBox, day, lessonLink, make, now, textBox } from "./forms.js";
import { record, update } from "./record.js";

/**
 * Entries of one list of the record as cards. A card that is being typed into is never drawn anew for its own changes,
 * only when an entry is added or removed, or the record changed elsewhere.
 */
function cards(name, empty, words, draw) {
  const list = make("div", {});
  let drawn = "";
  let own = false;
  const state = () => JSON.stringify(record()[name]);
  const paint = () => {
    if (own || state() === drawn) return;
    drawn = state();
    list.replaceChildren(...record()[name].map((one, index) => draw(one, index, { set: (changes) => set(index, changes), remove: () => remove(index) })));
  };
  const set = (index, changes) => {
    own = true;
    try {
      update((next) => Object.assign(next[name][index], changes));
    } finally {
      own = false;
    }
    drawn = state();
  };
  const remove = (index) => {
    update((next) => next[name].splice(index, 1));
    paint();
    add.focus();
  };
  const add = button(words, () => {
    update((next) => next[name].push(empty()));
    paint();
    list.lastElementChild.querySelector("input, textarea").focus();
  });
  paint();
  return { node: make("div", {}, list, add), paint };
}

/** Cycles of plan, prediction, what happened, what next. */
export function pdsaLog() {
  return cards("pdsa", () => ({ at: now(), changed: now() }), "Add a PDSA cycle", cycle);
}

/** Decisions of a board: what, who owns it, by when, and how it will be known. */
export function decisionList() {
  return cards("decisions", () => ({}), "Add a decision", decision);
}

const CYCLE = [
  ["plan", "Plan: what will you try, with whom, how small?", ""],
  ["prediction", "Prediction: what do you expect, in numbers if you can?", "Write it before you look. It is what the test is for."],
  ["happened", "What happened?", "What you counted and what you saw, the unwelcome part too."],
  ["next", "What next?", "Adopt, adapt or abandon, and the next small test."],
];

function cycle(one, index, { set, remove }) {
  const put = (name) => (value) => set({ [name]: value, changed: now() });
  return make(
    "fieldset",
    { class: "record-card" },
    make("legend", {}, `Cycle ${index + 1}`),
    textBox({ label: "Its name", value: one.title, most: 120, change: put("title") }),
    dateBox({ label: "When you try it", value: one.when, change: put("when") }),
    CYCLE.map(([name, label, help]) => textBox({ label, help, rows: 3, value: one[name], change: put(name) })),
    askingButton(`Remove cycle ${index + 1}`, "Remove this cycle? It cannot be brought back.", "Yes, remove it", remove),
  );
}

/** Next actions, each with a box for done. */
export function actionList() {
  const node = make("div", {});
  const paint = () => {
    const { actions, lessons } = record();
    node.replaceChildren(
      actions.length
        ? make("ul", { class: "record-list" }, actions.map((one, index) => make("li", { class: "record-row" },
          checkBox({
            label: one.by ? `${one.text} (by ${day(one.by)})` : one.text,
            checked: one.done,
            change: (done) => update((next) => Object.assign(next.actions[index], { done })),
          }),
          one.lesson ? make("span", { class: "record-help" }, "from ", lessonLink(one.lesson, lessons[one.lesson])) : null,
          button("Remove", () => {
            update((next) => next.actions.splice(index, 1));
            paint();
            (node.querySelector("button") ?? node).focus();
          }, { "aria-label": `Remove: ${one.text}` }))))
        : make("p", {}, "None yet. Each lesson ends by asking for one."),
    );
  };
  node.tabIndex = -1;
  paint();
  return { node, paint };
}

function decision(one, index, { set, remove }) {
  const put = (name) => (value) => set({ [name]: value });
  return make(
    "fieldset",
    { class: "record-card" },
    make("legend", {}, `Decision ${index + 1}`),
    textBox({ label: "What was decided", help: "Start, stop or protect something. Not another indicator.", rows: 2, most: 600, value: one.text, change: put("text") }),
    textBox({ label: "Who owns it", help: "One person, by role.", most: 120, value: one.owner, change: put("owner") }),
    dateBox({ label: "By when", value: one.by, change: put("by") }),
    textBox({ label: "How will the board know?", help: "What will be seen, on a chart or by going to look.", most: 400, value: one.known, change: put("known") }),
    askingButton(`Remove decision ${index + 1}`, "Remove this decision? It cannot be brought back.", "Yes, remove it", remove),
  );
}
