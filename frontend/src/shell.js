/** What every widget shares: predict, reveal, controls, notices, panels, reset, downloads, assumptions. */

import { drawControl } from "./controls.js";
import { element, freshId } from "./dom.js";
import { downloadPicture, downloadText, toCsv } from "./download.js";
import { drawNotice, drawPanel, hasFigure } from "./panels.js";
import { chosenSector, onSector } from "./sector.js";

/** Build the widget inside `root` for a model with the anywidget interface; return a function that unbinds it. */
export function mountShell(model, root) {
  const document = root.ownerDocument;
  const spec = model.get("spec");
  const make = (tag, attributes, ...children) => element(document, tag, attributes, ...children);
  const titleId = freshId("title");
  const parts = {
    prediction: make("div", { class: "iip-prediction" }),
    controls: make("div", { class: "iip-controls" }),
    notices: make("div", { class: "iip-notices", role: "status" }),
    lead: make("div", { class: "iip-lead", tabindex: "-1" }),
    panels: make("div", { class: "iip-panels" }),
    status: make("p", { class: "iip-status", role: "status" }),
    summary: make("p", { class: "iip-sr", role: "status" }),
    actions: make("div", { class: "iip-actions" }),
  };
  let lastGood = model.get("view");
  let drawnWidth = 0;
  const drawn = new Map();

  const params = () => model.get("params");
  const committed = () => !spec.prediction || (params().prediction !== null && params().prediction !== undefined);
  const set = (changes) => {
    model.set("params", { ...params(), ...changes });
    model.save_changes();
  };

  const shareable = () => Object.fromEntries(Object.entries(params()).filter(([name]) => !spec.controls.find((one) => one.name === name)?.private));

  const paintPrediction = () => {
    if (!spec.prediction) return;
    if (committed()) {
      parts.prediction.replaceChildren();
      return;
    }
    const { question, control, commit } = spec.prediction;
    let guess = control.default;
    const button = make("button", { type: "submit", class: "iip-button iip-primary" }, commit);
    const complaint = make("p", { class: "iip-help", role: "status" });
    const form = make(
      "form",
      { novalidate: true },
      make("p", { class: "iip-question" }, make("strong", {}, "Before you look. "), question),
      drawControl(control, guess, (value) => {
        guess = value;
      }, document),
      button,
      complaint,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const box = form.querySelector("input[type=number]");
      if (box) guess = box.value === "" ? null : Number(box.value);
      if (guess === null || guess === undefined || Number.isNaN(guess)) {
        complaint.textContent = "Give your best guess first. Nobody sees it but you.";
        (box ?? form.querySelector("input, select")).focus();
        return;
      }
      set({ prediction: guess });
      paintPrediction();
      paint();
      parts.lead.focus();
    });
    parts.prediction.replaceChildren(form);
  };

  /** Controls in use stay where they are: replacing one would break off what a reader is typing into it. */
  const paintControls = () => {
    const wanted = spec.controls
      .filter((control) => control.type !== "points")
      .filter((control) => Object.entries(control.show_when).every(([name, value]) => params()[name] === value))
      .map((control) => {
        const value = JSON.stringify(params()[control.name]);
        if (drawn.get(control.name)?.value !== value) {
          const node = drawControl(control, params()[control.name], (next) => changed(control, next), document);
          const slot = make("div", { class: "iip-slot", role: "status" });
          node.insertBefore(slot, node.querySelector(":scope > .iip-choices")); // before the buttons of a decision, otherwise last
          drawn.set(control.name, { value, node, slot });
        }
        return drawn.get(control.name).node;
      });
    for (const node of [...parts.controls.children]) if (!wanted.includes(node)) node.remove();
    wanted.forEach((node, place) => {
      if (parts.controls.children[place] !== node) parts.controls.insertBefore(node, parts.controls.children[place] ?? null);
    });
  };

  const changed = (control, value) => {
    const option = control.type === "choice" ? control.options.find((one) => one.value === value) : null;
    if (drawn.has(control.name)) drawn.get(control.name).value = JSON.stringify(value);
    set({ [control.name]: value, ...option?.sets });
    const governs = spec.controls.some((one) => control.name in one.show_when);
    if (governs || Object.keys(option?.sets ?? {}).length) paintControls();
  };

  const paint = () => {
    const view = model.get("view");
    const stale = !view.panels.length && lastGood.panels.length;
    if (view.panels.length) lastGood = view;
    const notices = view.notices.map((notice) => drawNotice(notice, document));
    if (stale && view.notices.some((notice) => notice.level === "error")) {
      notices.push(make("p", { class: "iip-help" }, "The chart below still shows the last entry that worked. What you typed is kept."));
    }
    parts.notices.replaceChildren(...notices);
    const folds = [...root.querySelectorAll(".iip-lead details, .iip-panels details")];
    const open = new Map(folds.map((one) => [one.firstElementChild.textContent, one.open]));
    const held = document.activeElement?.dataset?.pick;
    drawnWidth = Math.max(260, Math.floor(parts.lead.clientWidth || 640));
    const options = { document, width: drawnWidth, reveal: committed(), params: params(), pick };
    const beside = lastGood.panels.filter((panel) => panel.beside);
    const drawnPanels = lastGood.panels.filter((panel) => !panel.beside).map((panel) => drawPanel(panel, options)).filter(Boolean);
    const leading = drawnPanels[0]?.matches("figure") ? drawnPanels.slice(0, 1) : [];
    parts.lead.replaceChildren(parts.notices, ...leading);
    parts.panels.replaceChildren(...drawnPanels.slice(leading.length));
    for (const one of root.querySelectorAll(".iip-lead details, .iip-panels details")) one.open = open.get(one.firstElementChild.textContent) ?? one.open;
    if (held) root.querySelector(`[data-pick="${held}"]`)?.focus();
    for (const [name, { slot }] of drawn) {
      const said = beside.filter((panel) => panel.beside === name).map((panel) => drawPanel(panel, options)).filter(Boolean);
      if (slot.textContent !== said.map((node) => node.textContent).join("")) slot.replaceChildren(...said);
    }
    root.classList.toggle("iip-stale", Boolean(stale));
    parts.summary.textContent = committed() ? view.summary : "";
    for (const button of parts.actions.querySelectorAll("[data-needs-reveal]")) button.disabled = !committed();
    parts.actions.querySelector("[data-picture]").hidden = !lastGood.panels.some(hasFigure);
    parts.actions.querySelector("[data-table]").hidden = !lastGood.data;
  };

  const pick = (name, place) => {
    const control = spec.controls.find((one) => one.name === name);
    const marked = new Set(params()[name]);
    if (!marked.delete(place)) marked.add(place);
    changed(control, [...marked].sort((a, b) => a - b));
    paint();
  };

  /** A reader who has said where they work gets the example from there, if there is one. */
  const follow = (sector) => {
    for (const control of spec.controls) {
      const option = sector && control.options?.find((one) => one.sector === sector);
      if (!option || params()[control.name] === option.value) continue;
      changed(control, option.value);
      drawn.delete(control.name); // it still shows the answer before
      paintControls();
    }
  };

  const paintStatus = () => {
    const { state = "ready", message = "" } = model.get("status") ?? {};
    parts.status.textContent = message;
    root.dataset.state = state;
  };

  const action = (words, run, attributes = {}) => {
    const button = make("button", { type: "button", class: "iip-button", ...attributes }, words);
    button.addEventListener("click", run);
    return button;
  };
  const selfCheck = spec.controls.every((control) => control.type === "question");
  const file = (ending) => `${spec.kind}${ending}`;
  parts.actions.append(
    action("Reset", () => {
      model.set("params", structuredClone(spec.defaults));
      model.save_changes();
      drawn.clear();
      paintPrediction();
      paintControls();
      paint();
      root.querySelector("input, select, button")?.focus();
    }),
    action("Save picture", () => downloadPicture(document, root, file(".png")), { "data-needs-reveal": true, "data-picture": true }),
    action("Save data", () => downloadText(document, file(".csv"), "text/csv", `\ufeff${toCsv(lastGood.data)}`), { "data-needs-reveal": true, "data-table": true }),
    ...(selfCheck ? [] : [action("Save settings", () => downloadText(document, file(".json"), "application/json", JSON.stringify({ kind: spec.kind, params: shareable(), summary: lastGood.summary }, null, 2)))]),
  );

  // A notebook program's page is not ours to print.
  if (spec.printable && document.documentElement.dataset.content_root !== undefined) {
    parts.actions.append(action("Print this", () => printOnly(document, root), { "data-needs-reveal": true }));
  }
  root.classList.add("iip");
  root.classList.toggle("iip-questions", selfCheck);
  root.setAttribute("role", "region");
  root.setAttribute("aria-labelledby", titleId);
  root.replaceChildren(
    make("p", { class: "iip-title", id: titleId }, spec.title),
    make("p", { class: "iip-intro" }, spec.intro),
    parts.prediction,
    // The first figure and the controls share a bench, so that on a phone the figure stays in sight while a control moves.
    make("div", { class: "iip-body" }, make("div", { class: "iip-bench" }, parts.controls, parts.lead), parts.panels),
    parts.summary,
    parts.status,
    parts.actions,
    ...[assumptions(spec, make)].filter(Boolean),
  );
  paintPrediction();
  paintControls();
  paint();
  paintStatus();

  follow(chosenSector(document));
  const unfollow = onSector(document, follow);
  model.on("change:view", paint);
  model.on("change:status", paintStatus);
  const watcher = document.defaultView.ResizeObserver
    ? new document.defaultView.ResizeObserver(() => {
        if (Math.abs(parts.lead.clientWidth - drawnWidth) > 8) paint();
      })
    : null;
  watcher?.observe(parts.lead);
  return () => {
    watcher?.disconnect();
    unfollow();
    model.off("change:view", paint);
    model.off("change:status", paintStatus);
  };
}

/** Print one widget and leave out the rest of the page. */
function printOnly(document, root) {
  const rest = [];
  for (let node = root; node !== document.body; node = node.parentElement) {
    rest.push(...[...node.parentElement.children].filter((one) => one !== node));
  }
  const folded = [...root.querySelectorAll(".iip-panels details:not([open])")];
  for (const one of rest) one.classList.add("iip-not-printed");
  for (const one of folded) one.open = true;
  document.defaultView.addEventListener("afterprint", () => {
    for (const one of rest) one.classList.remove("iip-not-printed");
    for (const one of folded) one.open = false;
  }, { once: true });
  document.defaultView.print();
}

function assumptions(spec, make) {
  if (!spec.assumptions.length && !spec.cannot_tell.length) return null;
  const list = (items) => make("ul", {}, items.map((item) => make("li", {}, item)));
  return make(
    "details",
    { class: "iip-details" },
    make("summary", {}, "Assumptions, and what this cannot tell you"),
    make("p", {}, spec.honesty),
    make("p", {}, make("strong", {}, "It assumes")),
    list(spec.assumptions),
    make("p", {}, make("strong", {}, "It cannot tell you")),
    list(spec.cannot_tell),
  );
}
