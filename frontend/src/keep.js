/** What the widgets of a page tell the learner's record: a guess and what happened, answers of a self-check, charts to keep. */

import { drawSheet } from "./download.js";
import { element } from "./dom.js";
import { chartLimits, record, recordTrouble, update } from "./record.js";

const MOST_WORDS = 2000;
const MOST_ENTRIES = 500;

/** Follow one live widget of a lesson. Elsewhere (the tools promise it) nothing is kept. */
export function watchWidget(document, model, root) {
  const lesson = document.querySelector("[data-finish]")?.dataset.lesson;
  if (!lesson) return;
  follow(model, model.get("spec"), lesson);
  offerKeeping(document, model, root, lesson);
}

function follow(model, spec, lesson) {
  const questions = spec.controls.filter((control) => control.type === "question");
  const open = new Map(); // what was committed, and waits for what the widget says to it
  let before = model.get("params");

  const note = (list, name, entry) => {
    const made = { lesson, widget: spec.kind, ...entry, at: new Date().toISOString() };
    open.set(name, made.at);
    update((now) => {
      now[list].push(made);
      now[list].splice(0, now[list].length - MOST_ENTRIES);
    });
  };
  const fill = (list, name, changes) => {
    const at = open.get(name);
    const mine = (one) => one.lesson === lesson && one.widget === spec.kind && one.at === at;
    const known = record()[list].find(mine);
    if (!known || Object.entries(changes).every(([key, value]) => known[key] === value)) return;
    update((now) => Object.assign(now[list].find(mine), changes));
  };

  model.on("change:params", () => {
    const params = model.get("params");
    if (given(params.prediction) && !given(before.prediction) && spec.prediction) {
      note("predictions", "prediction", { question: clip(spec.prediction.question), guess: inWords(spec.prediction.control, params.prediction), outcome: "" });
    } else if (!given(params.prediction)) open.delete("prediction");
    for (const { name, label, control } of questions) {
      if (!given(params[name]) || JSON.stringify(params[name]) === JSON.stringify(before[name])) continue;
      note("answers", name, { question: clip(label), answer: inWords(control, params[name]), right: null });
    }
    before = params;
  });

  model.on("change:view", () => {
    const view = model.get("view");
    for (const { name } of questions) {
      const said = open.has(name) && view.panels.find((panel) => panel.type === "feedback" && panel.beside === name);
      if (!said) continue;
      fill("answers", name, { right: said.right });
      open.delete(name);
    }
    if (!open.has("prediction")) return;
    // The first sentence said to the guess is what happened; until there is one, the widget's own summary.
    const said = view.panels.filter((panel) => panel.type === "sentence" && panel.heading?.startsWith("Your ")).map((panel) => panel.text);
    fill("predictions", "prediction", { outcome: clip(said.join(" ") || view.summary) });
    if (said.length) open.delete("prediction");
  });
}

/** A button beside the widget's own: the charts as they stand go into the record, on light paper, with their description. */
function offerKeeping(document, model, root, lesson) {
  const actions = root.querySelector(".iip-actions");
  const own = actions?.querySelector("[data-picture]");
  if (!own) return;
  const said = element(document, "span", { class: "iip-kept", role: "status" });
  const button = element(document, "button", { type: "button", class: "iip-button" }, "Keep this chart");
  button.addEventListener("click", () => {
    said.textContent = keepChart(document, model, root, lesson);
  });
  const follows = () => {
    button.hidden = own.hidden;
    button.disabled = own.disabled;
  };
  new document.defaultView.MutationObserver(follows).observe(own, { attributes: true });
  follows();
  own.after(button);
  actions.append(said);
}

function keepChart(document, model, root, lesson) {
  const most = chartLimits();
  if (record().charts.length >= most.charts) return `Your record holds ${most.charts} charts, which is all it can. Take one out in your evidence pack first.`;
  const { markup, width, height } = onLightPaper(document, () => drawSheet(document, root));
  if (markup.length > most.picture) return "This chart is too large for the record. Save its picture instead.";
  const figures = [...root.querySelectorAll(".iip-figure")];
  const title = figures[0].querySelector("figcaption").textContent;
  const description = figures.map((one) => one.querySelector("svg").getAttribute("aria-label")).join(" ");
  const kept = update((now) => {
    now.charts.push({ lesson, title: clip(title), description: clip(`${description} ${model.get("view").summary}`), svg: markup, width, height, at: new Date().toISOString() });
  });
  return kept ? "Kept in your record, for your evidence pack." : recordTrouble();
}

/** Colours are read while the page is set to its light theme; the screen is not painted in between. */
function onLightPaper(document, draw) {
  const { dataset } = document.documentElement;
  const theme = dataset.theme;
  dataset.theme = "light";
  try {
    return draw();
  } finally {
    if (theme === undefined) delete dataset.theme;
    else dataset.theme = theme;
  }
}

function inWords(control, value) {
  if (control.type === "choice") return clip(control.options.find((option) => option.value === value)?.label ?? String(value));
  if (control.type === "card_sort") {
    const pile = (name) => control.piles.find((one) => one.value === name)?.label ?? name;
    return clip(control.cards.filter((card) => value[card.value]).map((card) => `${card.label}: ${pile(value[card.value])}`).join("; "));
  }
  if (typeof value === "object") return clip(JSON.stringify(value));
  return clip([value, control.unit].filter((part) => given(part) && part !== "").join(" "));
}

const given = (value) => value !== null && value !== undefined;

const clip = (words) => String(words ?? "").slice(0, MOST_WORDS);
