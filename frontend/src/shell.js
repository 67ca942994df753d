/** What every widget shares: predict, reveal, controls, notices, panels, reset, downloads, assumptions. */

import { drawControl } from "./controls.js";
import { element, freshId } from "./dom.js";
import { downloadPicture, downloadText, toCsv } from "./download.js";
import { drawNotice, drawPanel } from "./panels.js";

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
      parts.panels.focus();
    });
    parts.prediction.replaceChildren(form);
  };

  /** Controls in use stay where they are: replacing one would break off what a reader is typing into it. */
  const paintControls = () => {
    const wanted = spec.controls
      .filter((control) => Object.entries(control.show_when).every(([name, value]) => params()[name] === value))
      .map((control) => {
        const value = JSON.stringify(params()[control.name]);
        if (drawn.get(control.name)?.value !== value) {
          const node = drawControl(control, params()[control.name], (next) => changed(control, next), document);
          drawn.set(control.name, { value, node });
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
    drawn.get(control.name).value = JSON.stringify(value);
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
    const open = [...parts.panels.querySelectorAll("details")].map((one) => one.open);
    drawnWidth = Math.max(260, Math.floor(parts.panels.clientWidth || 640));
    const options = { document, width: drawnWidth, reveal: committed() };
    parts.panels.replaceChildren(...lastGood.panels.map((panel) => drawPanel(panel, options)).filter(Boolean));
    parts.panels.querySelectorAll("details").forEach((one, index) => {
      one.open = Boolean(open[index]);
    });
    parts.panels.classList.toggle("iip-stale", Boolean(stale));
    parts.summary.textContent = committed() ? view.summary : "";
    for (const button of parts.actions.querySelectorAll("[data-needs-reveal]")) button.disabled = !committed();
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
    action("Save picture", () => downloadPicture(document, root, file(".png")), { "data-needs-reveal": true }),
    action("Save data", () => downloadText(document, file(".csv"), "text/csv", `\ufeff${toCsv(lastGood.data)}`), { "data-needs-reveal": true }),
    action("Save settings", () => downloadText(document, file(".json"), "application/json", JSON.stringify({ kind: spec.kind, params: params(), summary: lastGood.summary }, null, 2))),
  );

  root.classList.add("iip");
  root.setAttribute("role", "region");
  root.setAttribute("aria-labelledby", titleId);
  parts.panels.tabIndex = -1;
  root.replaceChildren(
    make("p", { class: "iip-title", id: titleId }, spec.title),
    make("p", { class: "iip-intro" }, spec.intro),
    parts.prediction,
    make("div", { class: "iip-body" }, parts.controls, make("div", { class: "iip-main" }, parts.notices, parts.panels)),
    parts.summary,
    parts.status,
    parts.actions,
    assumptions(spec, make),
  );
  paintPrediction();
  paintControls();
  paint();
  paintStatus();

  model.on("change:view", paint);
  model.on("change:status", paintStatus);
  const watcher = document.defaultView.ResizeObserver
    ? new document.defaultView.ResizeObserver(() => {
        if (Math.abs(parts.panels.clientWidth - drawnWidth) > 8) paint();
      })
    : null;
  watcher?.observe(parts.panels);
  return () => {
    watcher?.disconnect();
    model.off("change:view", paint);
    model.off("change:status", paintStatus);
  };
}

function assumptions(spec, make) {
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
