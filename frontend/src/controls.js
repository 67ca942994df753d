/** Native HTML controls for the vocabulary's questions. Each returns {node, focus} and calls `change(value)`. */

import { element, freshId } from "./dom.js";

const TYPING_PAUSE = 350;

/** Jupyter steals arrow keys and letters from inputs unless each one says not to. */
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

export function drawControl(control, value, change, document) {
  return DRAWERS[control.type](control, value, change, document);
}

const DRAWERS = { number, seed, choice, toggle, text, series, rows, card_sort: cardSort, matrix, turns, question };

function labelled(control, document, id, ...children) {
  const help = control.help ? element(document, "p", { class: "iip-help", id: `${id}-help` }, control.help) : null;
  return element(document, "div", { class: "iip-control", "data-control": control.name }, element(document, "label", { for: id }, control.label), help, ...children);
}

function described(control, id) {
  return control.help ? { "aria-describedby": `${id}-help` } : {};
}

function number(control, value, change, document) {
  const id = freshId(control.name);
  // A slider has to stand somewhere, and that would hint at an answer to a question still open.
  const open = (value ?? control.default) === null;
  const slider = !open && control.minimum !== null && control.maximum !== null && (control.maximum - control.minimum) / control.step <= 400;
  const limits = { min: control.minimum, max: control.maximum, step: control.step };
  const box = element(document, "input", { id, type: "number", inputmode: "decimal", class: "iip-number", ...limits, ...described(control, id), ...OWN_KEYS });
  box.value = value ?? "";
  const range = slider ? element(document, "input", { type: "range", class: "iip-range", ...limits, "aria-label": `${control.label}, slider`, ...OWN_KEYS }) : null;
  if (range) range.value = value ?? control.default;
  const read = () => (box.value === "" ? null : Number(box.value));
  let waiting;
  box.addEventListener("input", () => {
    if (range && box.value !== "") range.value = box.value;
    clearTimeout(waiting);
    waiting = setTimeout(() => change(read()), TYPING_PAUSE);
  });
  range?.addEventListener("input", () => {
    box.value = range.value;
    change(Number(range.value));
  });
  const unit = control.unit ? element(document, "span", { class: "iip-unit" }, control.unit) : null;
  return labelled(control, document, id, element(document, "div", { class: "iip-row" }, range, box, unit));
}

/** A seed: the number box, and a button that draws again. */
function seed(control, value, change, document) {
  const node = number({ ...control, step: 1 }, value, change, document);
  const box = node.querySelector("input[type=number]");
  node.querySelector("input[type=range]")?.remove();
  const again = element(document, "button", { type: "button", class: "iip-button iip-minor", ...OWN_KEYS }, "Draw again");
  again.addEventListener("click", () => {
    const next = Number(box.value || control.minimum) + 1;
    box.value = next > control.maximum ? control.minimum : next;
    change(Number(box.value));
  });
  node.querySelector(".iip-row").append(again);
  return node;
}

/** One decision after another: a button for each answer, and a way back. */
function turns(control, value, change, document) {
  let given = [...(value ?? [])];
  const place = element(document, "p", { class: "iip-turn" });
  const buttons = control.options.map((option) => {
    const button = element(document, "button", { type: "button", class: "iip-button", ...OWN_KEYS }, option.label);
    button.addEventListener("click", () => send([...given, option.value]));
    return button;
  });
  const minor = (words, next) => {
    const button = element(document, "button", { type: "button", class: "iip-button iip-minor", ...OWN_KEYS }, words);
    button.addEventListener("click", () => send(next()));
    return button;
  };
  const back = minor("Take back the last", () => given.slice(0, -1));
  const rest = minor("Same to the end", () => [...given, ...Array(control.maximum - given.length).fill(given.at(-1))]);
  const paint = () => {
    const done = given.length >= control.maximum;
    place.textContent = done ? `All ${control.maximum} decided.` : control.counted ? `${control.turn} ${given.length + 1} of ${control.maximum}. You decide:` : "";
    place.hidden = !place.textContent;
    for (const button of buttons) button.disabled = done;
    back.disabled = !given.length;
    rest.disabled = done || !given.length;
  };
  const send = (next) => {
    given = next;
    paint();
    if (document.activeElement?.disabled || document.activeElement === document.body) (back.disabled ? buttons[0] : back).focus();
    change([...given]);
  };
  paint();
  return element(
    document,
    "fieldset",
    { class: "iip-control iip-wide", "data-control": control.name },
    element(document, "legend", {}, control.label),
    control.help ? element(document, "p", { class: "iip-help" }, control.help) : null,
    place,
    element(document, "div", { class: "iip-row iip-choices" }, buttons),
    element(document, "div", { class: "iip-row iip-turn-minor" }, back, control.repeat ? rest : null),
  );
}

/** A question with its own button; what Python says to the answer appears in the slot below it. */
function question(control, value, change, document) {
  let given = value ?? structuredClone(control.control.default ?? null);
  const inner = drawControl(control.control, given, (next) => {
    given = next;
  }, document);
  const button = element(document, "button", { type: "submit", class: "iip-button" }, control.commit);
  const complaint = element(document, "p", { class: "iip-help", role: "status" });
  const form = element(document, "form", { class: "iip-control iip-wide iip-question-form", "data-control": control.name, novalidate: true }, inner, button, complaint);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const box = form.querySelector("input[type=number]");
    if (box) given = box.value === "" ? null : Number(box.value);
    const empty = given === null || given === undefined || (typeof given === "object" && !Object.keys(given).length);
    complaint.textContent = empty ? "Choose an answer first. A guess will do." : "";
    if (empty) form.querySelector("input, select").focus();
    else change(structuredClone(given));
  });
  return form;
}

function choice(control, value, change, document) {
  if (control.radio) return radios(control, value, change, document);
  const id = freshId(control.name);
  const options = control.options.map((option) => element(document, "option", { value: option.value, selected: option.value === value }, option.label));
  const select = element(document, "select", { id, ...described(control, id), ...OWN_KEYS }, options);
  select.addEventListener("change", () => change(select.value));
  return labelled(control, document, id, select);
}

function radios(control, value, change, document) {
  const name = freshId(control.name);
  const items = control.options.map((option) => {
    const id = freshId(control.name);
    const input = element(document, "input", { type: "radio", id, name, value: option.value, checked: option.value === value, ...OWN_KEYS });
    input.addEventListener("change", () => change(option.value));
    return element(document, "div", { class: "iip-radio" }, input, element(document, "label", { for: id }, option.label));
  });
  return element(document, "fieldset", { class: "iip-control", "data-control": control.name }, element(document, "legend", {}, control.label), control.help ? element(document, "p", { class: "iip-help" }, control.help) : null, items);
}

function toggle(control, value, change, document) {
  const id = freshId(control.name);
  const input = element(document, "input", { type: "checkbox", id, checked: value, ...described(control, id), ...OWN_KEYS });
  input.addEventListener("change", () => change(input.checked));
  return element(
    document,
    "div",
    { class: "iip-control iip-toggle", "data-control": control.name },
    input,
    element(document, "label", { for: id }, control.label),
    control.help ? element(document, "p", { class: "iip-help", id: `${id}-help` }, control.help) : null,
  );
}

function text(control, value, change, document) {
  const id = freshId(control.name);
  const tag = control.rows > 1 ? "textarea" : "input";
  const box = element(document, tag, { id, type: control.rows > 1 ? null : "text", rows: control.rows > 1 ? control.rows : null, maxlength: control.maximum_length, ...described(control, id), ...OWN_KEYS });
  box.value = value ?? "";
  onTyping(box, change);
  return labelled(control, document, id, box);
}

function series(control, value, change, document) {
  const id = freshId(control.name);
  const box = element(document, "textarea", { id, rows: 7, spellcheck: "false", placeholder: control.placeholder, ...described(control, id), ...OWN_KEYS });
  box.value = value ?? "";
  onTyping(box, change);
  const fileId = freshId("file");
  const file = element(document, "input", { id: fileId, type: "file", accept: ".csv,.txt,.tsv,text/csv,text/plain", ...OWN_KEYS });
  file.addEventListener("change", async () => {
    if (!file.files[0]) return;
    box.value = await file.files[0].text();
    change(box.value);
  });
  return labelled(control, document, id, box, element(document, "label", { for: fileId, class: "iip-minor" }, "or open a CSV or text file"), file);
}

function onTyping(box, change) {
  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => change(box.value), TYPING_PAUSE);
  });
}

function rows(control, value, change, document) {
  let current = (value ?? []).map((row) => ({ ...row }));
  const list = element(document, "div", { class: "iip-rows" });
  const add = element(document, "button", { type: "button", class: "iip-button iip-minor", ...OWN_KEYS }, control.add);
  const send = () => change(current.map((row) => ({ ...row })));
  const paint = () => {
    list.replaceChildren(
      ...current.map((row, index) => {
        const remove = element(document, "button", { type: "button", class: "iip-button iip-minor", ...OWN_KEYS }, `Remove ${index + 1}`);
        remove.addEventListener("click", () => {
          current = current.filter((_, at) => at !== index);
          paint();
          send();
          add.focus();
        });
        const fields = control.fields.map((field) =>
          drawControl(field, row[field.name], (next) => {
            row[field.name] = next;
            send();
          }, document),
        );
        return element(document, "fieldset", { class: "iip-rowset" }, element(document, "legend", {}, `${control.label}, ${index + 1}`), fields, remove);
      }),
    );
    add.hidden = current.length >= control.maximum;
  };
  add.addEventListener("click", () => {
    current.push(Object.fromEntries(control.fields.map((field) => [field.name, field.default])));
    paint();
    send();
    list.lastElementChild.querySelector("input, select, textarea").focus();
  });
  paint();
  return element(document, "fieldset", { class: "iip-control", "data-control": control.name }, element(document, "legend", {}, control.label), control.help ? element(document, "p", { class: "iip-help" }, control.help) : null, list, add);
}

/** A list to open on each card: dragging is no use to a keyboard or a phone. */
function cardSort(control, value, change, document) {
  const placed = { ...value };
  const cards = control.cards.map((card) => {
    const id = freshId(control.name);
    const piles = control.piles.map((pile) => element(document, "option", { value: pile.value, selected: placed[card.value] === pile.value }, pile.label));
    const select = element(document, "select", { id, ...OWN_KEYS }, element(document, "option", { value: "" }, "choose …"), piles);
    select.addEventListener("change", () => {
      if (select.value) placed[card.value] = select.value;
      else delete placed[card.value];
      change({ ...placed });
    });
    return element(document, "li", { class: "iip-card" }, element(document, "label", { for: id }, card.label), select);
  });
  return element(document, "fieldset", { class: "iip-control iip-wide", "data-control": control.name }, element(document, "legend", {}, control.label), control.help ? element(document, "p", { class: "iip-help" }, control.help) : null, element(document, "ol", { class: "iip-cards" }, cards));
}

function matrix(control, value, change, document) {
  const current = Object.fromEntries(control.rows.map((row) => [row.value, { ...value?.[row.value] }]));
  const head = element(document, "tr", {}, element(document, "td"), control.columns.map((column) => element(document, "th", { scope: "col" }, column.label)));
  const body = control.rows.map((row) =>
    element(
      document,
      "tr",
      {},
      element(document, "th", { scope: "row" }, row.label),
      control.columns.map((column) => {
        const input = element(document, "input", { type: "number", min: control.minimum, max: control.maximum, step: 1, "aria-label": `${row.label}, ${column.label}`, ...OWN_KEYS });
        input.value = current[row.value][column.value] ?? control.minimum;
        input.addEventListener("input", () => {
          current[row.value][column.value] = Number(input.value);
          change(structuredClone(current));
        });
        return element(document, "td", {}, input);
      }),
    ),
  );
  return element(document, "fieldset", { class: "iip-control iip-wide", "data-control": control.name }, element(document, "legend", {}, control.label), control.help ? element(document, "p", { class: "iip-help" }, control.help) : null, element(document, "div", { class: "iip-scroll", tabindex: "0", role: "region", "aria-label": control.label }, element(document, "table", { class: "iip-table" }, element(document, "thead", {}, head), element(document, "tbody", {}, body))));
}
