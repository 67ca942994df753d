/** What the pages of the learner's record share: boxes that save as you type and print whole, buttons, dates, a place for one sentence. */

import { element, freshId } from "./dom.js";
import { recordTrouble } from "./record.js";

const TYPING_PAUSE = 400;

export const NO_PATIENTS = "No patient details, please: nothing by which a patient or a colleague could be known.";

export const make = (tag, attributes, ...children) => element(document, tag, attributes, ...children);

export function button(words, run, attributes = {}) {
  const node = make("button", { type: "button", class: "record-button", ...attributes }, words);
  node.addEventListener("click", run);
  return node;
}

/**
 * A labelled text box, of several lines if `rows` says so; on paper its whole text stands in its place.
 * `change(text)` is called when typing pauses and when the box is left.
 */
export function textBox({ label, value = "", rows = 0, most = 4000, help = "", change }) {
  const id = freshId("text");
  const shape = rows ? { rows } : { type: "text" };
  const box = make(rows ? "textarea" : "input", { id, maxlength: most, autocomplete: "off", ...shape, "aria-describedby": help ? `${id}-help` : null });
  return labelled({ label, id, box, value, help, change, shown: (text) => text });
}

export function dateBox({ label, value = "", help = "", change }) {
  const id = freshId("date");
  const box = make("input", { id, type: "date", "aria-describedby": help ? `${id}-help` : null });
  return labelled({ label, id, box, value, help, change, shown: day });
}

function labelled({ label, id, box, value, help, change, shown }) {
  const paper = make("p", { class: "on-paper", "aria-hidden": "true" });
  let waiting;
  let said = value;
  const tell = () => {
    clearTimeout(waiting);
    paper.textContent = shown(box.value);
    if (box.value === said || !box.isConnected) return; // a box that was taken away has nothing more to say
    said = box.value;
    change?.(box.value);
  };
  box.value = value;
  paper.textContent = shown(value);
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, TYPING_PAUSE);
  });
  box.addEventListener("change", tell);
  globalThis.addEventListener("pagehide", tell);
  const hint = help ? make("p", { class: "record-help", id: `${id}-help` }, help) : null;
  return make("div", { class: "record-field" }, make("label", { for: id }, label), hint, box, paper);
}

export function checkBox({ label, checked = false, change }) {
  const id = freshId("check");
  const box = make("input", { id, type: "checkbox", checked });
  box.addEventListener("change", () => change(box.checked));
  return make("div", { class: "record-check" }, box, make("label", { for: id }, label));
}

/** A button that opens a file: `read(text)` may throw an error whose message says what to do. */
export function fileButton({ label, accept, read, say }) {
  const id = freshId("file");
  const box = make("input", { id, type: "file", accept });
  box.addEventListener("change", async () => {
    const file = box.files[0];
    if (!file) return;
    try {
      read(await file.text());
    } catch (error) {
      say(error.message);
    }
    box.value = "";
  });
  return make("div", { class: "record-field" }, make("label", { for: id }, label), box);
}

/** Asks once before it does what cannot be undone; Escape or the other button leaves everything as it is. */
export function askingButton(words, question, yes, run) {
  const place = make("span", { class: "record-ask" });
  const close = () => {
    place.replaceChildren(first);
    first.focus();
  };
  const first = button(words, () => {
    const sure = button(yes, () => {
      place.replaceChildren(first);
      run();
    }, { class: "record-button record-danger" });
    place.replaceChildren(make("span", { class: "record-question", role: "alert" }, question), sure, button("No, keep it", close));
    sure.focus();
  });
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !first.isConnected) close();
  });
  place.append(first);
  return place;
}

/** Whether the record is kept, in one sentence that assistive technology speaks when it changes. */
export function troubleLine() {
  const line = make("p", { class: "record-trouble", role: "status" });
  const paint = () => {
    const words = recordTrouble();
    if (line.textContent !== words) line.textContent = words;
  };
  paint();
  return { line, paint };
}

/** "2026-11-24" or a moment that starts with it, as "24 November 2026"; other text as it is. */
export function day(text) {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text ?? "") ?? [];
  if (!year) return text ?? "";
  const moment = text.length > 10 ? new Date(text) : new Date(Number(year), Number(month) - 1, Number(date));
  return Number.isNaN(moment.getTime()) ? text : moment.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

export const now = () => new Date().toISOString();

/** Minutes as "1 h 25 min" or "25 min". */
export function hours(minutes) {
  const whole = Math.floor(minutes / 60);
  return whole ? `${whole} h ${minutes % 60} min` : `${minutes} min`;
}

/** The address of a page of the book, from the page that is open. */
export function pageAddress(path) {
  return `${document.documentElement.dataset.content_root ?? "./"}${path}`;
}

/** A lesson's name, as a link where its page is one of this copy of the book. */
export function lessonLink(id, facts) {
  const words = facts?.title ? `${id} ${facts.title}` : id;
  const [, page] = /^([a-z0-9/-]+)\.html$/.exec(facts?.path ?? "") ?? [];
  const here = page && (globalThis.courseRoutes?.pages?.includes(page) ?? true);
  return here ? make("a", { href: pageAddress(facts.path) }, words) : words;
}
