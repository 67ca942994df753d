/** Make the widgets of a book page live: embedded state in, the same front end out, Python on first touch. */

import { watchWidget } from "./keep.js";
import { startPython } from "./start-python.js";
import widget from "./widget.js";

const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";
const BLOCKED =
  "The live part could not start here (some networks block it). The chart above is the starting one and the lesson reads whole without it.";

/** The Python worker: started once for the page, asked only for each widget's newest parameters. */
class Kernel {
  #started = false;
  #worker = null;
  #waiting = new Map();
  #busy = new Set();

  async start(ready, failed) {
    if (this.#started) return;
    this.#started = true;
    try {
      this.#worker = await startPython();
    } catch (error) {
      failed(error);
      return;
    }
    this.#worker.addEventListener("error", (error) => failed(error));
    this.#worker.addEventListener("message", ({ data }) => {
      if (data.type === "ready") ready();
      else if (data.type === "failed") failed(data.reason);
      else this.#answer(data);
    });
    for (const id of [...this.#waiting.keys()]) this.#next(id);
  }

  compute(model) {
    this.#waiting.set(model.id, model);
    this.#next(model.id);
  }

  #next(id) {
    if (!this.#worker || this.#busy.has(id) || !this.#waiting.has(id)) return;
    const model = this.#waiting.get(id);
    this.#waiting.delete(id);
    this.#busy.add(id);
    this.#models.set(id, model);
    this.#worker.postMessage({ id, kind: model.get("kind"), params: model.get("params") });
  }

  #models = new Map();

  #answer({ id, view, reason }) {
    this.#busy.delete(id);
    const model = this.#models.get(id);
    if (view) model.receive({ view });
    else model.receive({ status: { state: "error", message: `The calculation stopped: ${reason}. Press Reset, and please report it.` } });
    this.#next(id);
  }
}

/** The part of anywidget's model that the front end uses. */
class Model {
  #values;
  #listeners = new Map();
  #unsaved = new Set();

  constructor(id, values, kernel) {
    this.id = id;
    this.#values = values;
    this.kernel = kernel;
  }

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values[name] = value;
    this.#unsaved.add(name);
    this.#emit(`change:${name}`);
  }

  save_changes() {
    if (this.#unsaved.has("params")) {
      this.wake?.();
      this.kernel.compute(this);
    }
    this.#unsaved.clear();
  }

  receive(changes) {
    for (const [name, value] of Object.entries(changes)) {
      this.#values[name] = value;
      this.#emit(`change:${name}`);
    }
  }

  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
  }

  off(event, listener) {
    this.#listeners.get(event)?.delete(listener);
  }

  send() {}

  #emit(event) {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }
}

function start() {
  const embedded = document.querySelector(`script[type="${STATE}"]`);
  if (!embedded) return;
  const states = JSON.parse(embedded.textContent).state;
  const kernel = new Kernel();
  const models = [];
  const tell = (state, message) => {
    for (const model of models) model.receive({ status: { state, message } });
    for (const one of document.querySelectorAll("[data-live]")) one.dataset.live = state;
  };
  for (const marker of document.querySelectorAll(`script[type="${VIEW}"]`)) {
    const id = JSON.parse(marker.textContent).model_id;
    if (!states[id]?.state?.spec) continue;
    const model = new Model(id, states[id].state, kernel);
    models.push(model);
    const place = marker.closest("[data-widget]");
    const el = document.createElement("div");
    place.replaceChildren(el);
    el.dataset.live = "waiting";
    const wake = () => {
      if (el.dataset.live !== "waiting") return;
      for (const one of models) one.receive({ status: { state: "starting", message: "Waking the calculator. This takes a few seconds, once." } });
      for (const one of document.querySelectorAll("[data-live]")) one.dataset.live = "starting";
      kernel.start(
        () => tell("ready", ""),
        () => tell("error", BLOCKED),
      );
    };
    model.wake = wake; // before drawing: a reader's sector may ask for another example at once
    widget.render({ model, el });
    watchWidget(document, model, el);
    el.addEventListener("pointerenter", wake);
    el.addEventListener("focusin", wake);
    el.addEventListener("touchstart", wake, { passive: true });
  }
}

start();
