/** Draw the panels of a view: figures, tables, sentences, verdicts, listings and notices. */

import { element } from "./dom.js";
import { drawFigure, NARROW } from "./figure.js";
import { drawGraph } from "./graph.js";
import { pickable } from "./pick.js";
import { icon } from "./icons.js";

/** Return one element for a panel, or null while it is kept back. `options`: {document, width, reveal, params, pick}. */
export function drawPanel(panel, options) {
  if (panel.reveal && !options.reveal) return null;
  return DRAWERS[panel.type](panel, options);
}

export function drawNotice(notice, document) {
  const word = { info: "Note", warning: "Careful", error: "Please mend" }[notice.level];
  return element(document, "p", { class: `iip-notice iip-notice-${notice.level}` }, element(document, "strong", {}, `${word}: `), notice.text);
}

export function hasFigure(panel) {
  return panel.type === "figure" || panel.type === "graph";
}

const DRAWERS = { figure, table, sentence, verdict, listing, feedback, challenge, links, graph };

function figure(panel, options) {
  const { document } = options;
  return element(
    document,
    "figure",
    { class: "iip-figure" },
    element(document, "figcaption", { class: "iip-caption" }, panel.title),
    panel.pick && options.pick ? pickable(panel, drawFigure(panel, options), options) : drawFigure(panel, options),
    legend(panel, options),
    options.reveal ? element(document, "p", { class: "iip-sr" }, panel.description) : null,
  );
}

/** What the shapes mean, in words; on a phone also the lines, whose names have no room in the figure. */
function legend(panel, { document, reveal, width }) {
  const shapes = ["dot", "line", "bar", "bar_x", ...(width < NARROW ? ["rule_y"] : [])];
  const named = panel.marks.filter((mark) => shapes.includes(mark.mark) && mark.label && (reveal || !mark.reveal));
  if (!named.length) return null;
  return element(
    document,
    "ul",
    { class: "iip-legend" },
    named.map((mark) => element(document, "li", { class: `iip-key iip-key-${mark.mark} iip-key-${mark.role}` }, mark.label)),
  );
}

function table(panel, { document }) {
  const heading = panel.columns.map((column) => element(document, "th", { scope: "col" }, column));
  const body = panel.rows.map((row) => element(document, "tr", {}, row.map((cell) => element(document, "td", {}, shown(cell)))));
  return element(
    document,
    "details",
    { class: "iip-details", open: panel.open },
    element(document, "summary", {}, panel.caption),
    element(
      document,
      "div",
      { class: "iip-scroll", tabindex: "0", role: "region", "aria-label": panel.caption },
      element(document, "table", { class: "iip-table" }, element(document, "thead", {}, element(document, "tr", {}, heading)), element(document, "tbody", {}, body)),
    ),
  );
}

function sentence(panel, { document }) {
  return element(
    document,
    "p",
    { class: "iip-sentence" },
    panel.heading ? element(document, "strong", {}, `${panel.heading}. `) : null,
    panel.text,
  );
}

function verdict(panel, { document }) {
  return element(
    document,
    "div",
    { class: "iip-verdict" },
    icon(document, panel.code),
    element(
      document,
      "div",
      {},
      element(document, "p", { class: "iip-verdict-heading" }, panel.heading),
      element(document, "p", { class: "iip-verdict-words" }, panel.words),
      element(document, "p", {}, panel.text),
    ),
  );
}

function listing(panel, { document }) {
  return element(
    document,
    "div",
    { class: "iip-listing" },
    element(document, "p", { class: "iip-verdict-heading" }, panel.heading),
    panel.items.length
      ? element(document, "ul", {}, panel.items.map((item) => element(document, "li", {}, item)))
      : element(document, "p", {}, panel.empty),
  );
}

function graph(panel, options) {
  const { document } = options;
  return element(
    document,
    "figure",
    { class: "iip-figure" },
    element(document, "figcaption", { class: "iip-caption" }, panel.title),
    drawGraph(panel, options),
    options.reveal ? element(document, "p", { class: "iip-sr" }, panel.description) : null,
  );
}

function feedback(panel, { document }) {
  const word = panel.right ? "Right" : "Not quite";
  return element(document, "p", { class: `iip-feedback iip-feedback-${panel.right ? "right" : "wrong"}` }, element(document, "strong", {}, `${word}. `), panel.text);
}

function challenge(panel, { document }) {
  return element(
    document,
    "div",
    { class: `iip-challenge${panel.met ? " iip-challenge-met" : ""}` },
    element(document, "p", {}, element(document, "strong", {}, "Break our model. "), panel.ask),
    element(document, "p", {}, element(document, "strong", {}, panel.met ? "Done. " : "Not yet. "), panel.text),
  );
}

/** The course's own pages; where there are none to go to, as in a notebook, their names alone. */
function links(panel, { document }) {
  const root = document.documentElement.dataset?.content_root;
  const named = (item) => (item.page && root !== undefined ? element(document, "a", { href: `${root}${item.page}.html` }, item.text) : item.text);
  return element(
    document,
    "div",
    { class: "iip-listing" },
    element(document, "p", { class: "iip-verdict-heading" }, panel.heading),
    panel.items.length
      ? element(document, "ol", {}, panel.items.map((item) => element(document, "li", {}, named(item), item.note ? `: ${item.note}` : "")))
      : element(document, "p", {}, panel.empty),
  );
}

function shown(cell) {
  if (cell === null) return "";
  return typeof cell === "number" ? String(Math.round(cell * 100) / 100) : cell;
}
