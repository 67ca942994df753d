/** Draw a figure of the vocabulary with Observable Plot: in a browser, or at build time with a stand-in document. */

import { arrow, axisX, axisY, barX, dot, line, plot, rect, ruleX, ruleY, text } from "@observablehq/plot";

const STYLE = {
  data: { colour: "var(--iip-data)", width: 1.3, radius: 2.4, symbol: "circle" },
  quiet: { colour: "var(--iip-quiet)", width: 1.2, radius: 2.2, symbol: "circle" },
  centre: { colour: "var(--iip-centre)", width: 1.6 },
  limit: { colour: "var(--iip-limit)", width: 1.4, dash: "7 4" },
  near_limit: { colour: "var(--iip-limit)", width: 1, dash: "2 4" },
  target: { colour: "var(--iip-target)", width: 1.8, dash: "1.5 4" },
  prediction: { colour: "var(--iip-prediction)", width: 2, dash: "12 4 2 4", radius: 5, symbol: "diamond" },
  comparison: { colour: "var(--iip-quiet)", width: 1.3, dash: "3 3", radius: 2.4, symbol: "circle" },
  ghost: { colour: "var(--iip-quiet)", width: 1, radius: 3.4, symbol: "circle", hollow: true },
  signal_improvement: { colour: "var(--iip-improvement)", radius: 4.4, symbol: "square" },
  signal_concern: { colour: "var(--iip-concern)", radius: 6, symbol: "triangle" },
  signal_neutral: { colour: "var(--iip-accent)", radius: 5.6, symbol: "diamond" },
  recalculation: { colour: "var(--iip-ink)", width: 1.2, dash: "2 3" },
  annotation: { colour: "var(--iip-ink)", width: 1, radius: 3, symbol: "circle" },
  group_a: { colour: "var(--iip-group-a)", width: 1.8, radius: 3.4, symbol: "circle" },
  group_b: { colour: "var(--iip-group-b)", width: 1.8, dash: "7 3", radius: 3.8, symbol: "square" },
  group_c: { colour: "var(--iip-group-c)", width: 1.8, dash: "2 3", radius: 4, symbol: "triangle" },
  group_d: { colour: "var(--iip-group-d)", width: 1.8, dash: "9 3 2 3", radius: 4, symbol: "diamond" },
};

const FONT = 13;
const LABEL_GAP = 16;

/** Below this width, in CSS pixels, a figure is drawn for a phone. */
export const NARROW = 480;
const COLUMNS = ["x", "y", "x1", "x2", "y1", "y2", "text", "title"];

/**
 * Return an SVG element. `reveal` says whether layers kept back until the reader has predicted are drawn;
 * their extent counts either way, so that the axes stay still when they appear.
 */
export function drawFigure(figure, { document, width, reveal }) {
  const shown = figure.marks.filter((mark) => reveal || !mark.reveal);
  const categories = figure.marks.some((mark) => mark.mark === "bar_x");
  const domain = categories ? undefined : extent(figure);
  const height = Math.round(figure.height * (width < NARROW ? 0.9 : 1));
  const narrow = width < NARROW;
  const labels = categories ? [] : lineLabels(shown, domain, narrow);
  const marginRight = Math.max(14, ...labels.map((label) => Math.ceil(label.words.length * 6.7) + 14));
  const named = figure.y_ticks ? Math.max(...figure.y_ticks.map((tick) => tick.length)) : 0;
  const marginLeft = categories ? 120 : Math.max(48, Math.min(Math.ceil(named * 6.7) + 14, width * 0.4));
  const frame = { marginLeft, marginRight, marginTop: 22, marginBottom: 34 };
  const layers = shown.flatMap((mark) => layer(mark, narrow && !figure.y_ticks));
  layers.push(...placeLabels(labels, domain, height, frame));
  const svg = plot({
    document,
    width,
    height,
    ...frame,
    style: { fontSize: `${FONT}px`, fontFamily: "inherit", background: "transparent", overflow: "visible" },
    x: { ...axis(figure), insetRight: 4, insetLeft: 4 },
    y: categories ? { label: null } : { ...verticalAxis(figure, domain, height) },
    marks: [
      figure.x_ticks ? pointAxis(figure, width - marginRight) : null,
      figure.y_ticks ? axisY(figure.y_ticks.map((_, index) => index + 1), { tickFormat: (index) => figure.y_ticks[index - 1], tickSize: 0, label: null, lineWidth: (marginLeft - 8) / FONT }) : null,
      ...layers,
    ].filter(Boolean),
  });
  // The picture is one image to assistive technology; Plot's labels on its groups would be stray.
  for (const group of svg.querySelectorAll("[aria-label], [aria-description]")) {
    group.removeAttribute("aria-label");
    group.removeAttribute("aria-description");
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${figure.title}. ${figure.description}`);
  return svg;
}

function axis(figure) {
  return figure.x_ticks
    ? { domain: [0.5, figure.x_ticks.length + 0.5], axis: null, label: figure.x_label || null }
    : { domain: figure.x_range ?? undefined, ticks: wholeTicks(figure.x_range), tickFormat: plainNumber, label: figure.x_label || null };
}

/** A short scale of whole numbers is ticked at each of them and nowhere between. */
function wholeTicks(range) {
  if (!range?.every(Number.isInteger) || range[1] - range[0] > 10) return undefined;
  return Array.from({ length: range[1] - range[0] + 1 }, (_, index) => range[0] + index);
}

function verticalAxis(figure, domain, height) {
  if (figure.y_ticks) return { domain: [figure.y_ticks.length + 0.5, 0.5], axis: null, label: null };
  return { domain, nice: false, label: figure.y_label, labelAnchor: "top", ticks: Math.round(height / 55), grid: false };
}

/** Tick marks named by the points' own labels, as many as there is room for. */
function pointAxis(figure, width) {
  const count = figure.x_ticks.length;
  const longest = Math.max(...figure.x_ticks.map((tick) => tick.length));
  const room = Math.max(2, Math.floor((width - 40) / (longest * 7.2 + 14)));
  const step = Math.max(1, Math.ceil(count / room));
  const at = [];
  for (let index = 1; index <= count; index += step) at.push(index);
  return axisX(at, { tickFormat: (index) => figure.x_ticks[index - 1], tickSize: 4, label: figure.x_label || null });
}

function extent(figure) {
  if (figure.y_ticks) return [figure.y_ticks.length + 0.5, 0.5];
  if (figure.y_range) return figure.y_range;
  const values = figure.marks
    .flatMap((mark) => [mark.y, mark.y1, mark.y2])
    .flat()
    .filter((value) => typeof value === "number" && Number.isFinite(value));
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (figure.y_zero) low = Math.min(0, low);
  if (!values.length) [low, high] = [0, 1];
  const pad = (high - low || Math.abs(high) || 1) * 0.07;
  return [figure.y_zero && low === 0 ? 0 : low - pad, high + pad];
}

function rows(mark) {
  const present = COLUMNS.filter((name) => mark[name]);
  const length = present.length ? mark[present[0]].length : 0;
  return Array.from({ length }, (_, index) => Object.fromEntries(present.map((name) => [name, mark[name][index]])));
}

function layer(mark, narrow) {
  const style = STYLE[mark.role];
  const data = rows(mark);
  const has = (name) => (mark[name] ? name : undefined);
  const stroke = { stroke: style.colour, strokeWidth: style.width, strokeDasharray: style.dash };
  switch (mark.mark) {
    case "line":
      return [line(data.map((row) => ({ ...row, y: row.y ?? Number.NaN })), { x: "x", y: "y", ...stroke, strokeOpacity: 0.75 })];
    case "dot":
      return [
        dot(data.filter((row) => typeof row.y === "number"), {
          x: "x",
          y: "y",
          r: narrow ? style.radius * 0.75 : style.radius,
          symbol: style.symbol,
          fill: style.hollow ? "var(--iip-surface)" : style.colour,
          stroke: style.hollow ? style.colour : "var(--iip-surface)",
          strokeWidth: style.hollow ? 1.4 : 0.8,
          title: has("title"),
        }),
      ];
    case "rule_y":
      return [ruleY(data, { y: "y", x1: has("x1"), x2: has("x2"), ...stroke })];
    case "rule_x":
      return [
        ruleX(data, { x: "x", y1: has("y1"), y2: has("y2"), ...stroke }),
        mark.label ? text(data, { x: "x", text: () => mark.label, frameAnchor: "top", dy: -16, textAnchor: "middle", fill: style.colour }) : null,
      ].filter(Boolean);
    case "band":
      return [rect(data, { x1: has("x1"), x2: has("x2"), y1: "y1", y2: "y2", fill: style.colour, fillOpacity: 0.09 })];
    case "bar":
      return [rect(data, { x1: "x1", x2: "x2", y1: () => 0, y2: "y", fill: style.colour, fillOpacity: 0.55, stroke: style.colour, insetLeft: 0.5, insetRight: 0.5, title: has("title") })];
    case "bar_x":
      return [barX(data, { y: "text", x1: mark.x1 ? "x1" : () => 0, x2: mark.x2 ? "x2" : "x", fill: style.colour, fillOpacity: 0.6, stroke: style.colour, title: has("title"), sort: { y: null } })];
    case "text":
      return [text(data, { x: "x", y: "y", text: "text", fill: style.colour, stroke: "var(--iip-surface)", strokeWidth: 4, paintOrder: "stroke" })];
    case "arrow":
      return [arrow(data, { x1: "x1", y1: "y1", x2: "x2", y2: "y2", bend: 0, headLength: 7, ...stroke })];
    default:
      throw new Error(`no such mark: ${mark.mark}`);
  }
}

/** Names and values of horizontal lines; on a phone only values, the names go into the legend below. */
function lineLabels(marks, domain, narrow) {
  return marks
    .filter((mark) => mark.mark === "rule_y" && mark.label)
    .map((mark) => {
      const value = mark.y[mark.y.length - 1];
      return { value, words: narrow ? shown(value) : `${mark.label} ${shown(value)}`, colour: STYLE[mark.role].colour };
    });
}

/** Labels stand in the right margin, each at its line, moved apart where they would overprint. */
function placeLabels(labels, domain, height, frame) {
  if (!labels.length) return [];
  const [low, high] = domain;
  const inner = height - frame.marginTop - frame.marginBottom;
  for (const label of labels) label.y = (1 - (label.value - low) / (high - low)) * inner;
  labels.sort((a, b) => a.y - b.y);
  for (let pass = 0; pass < 12; pass += 1) {
    for (let index = 1; index < labels.length; index += 1) {
      const overlap = LABEL_GAP - (labels[index].y - labels[index - 1].y);
      if (overlap > 0) {
        labels[index - 1].y -= overlap / 2;
        labels[index].y += overlap / 2;
      }
    }
  }
  return labels.map((label) =>
    text([label], {
      frameAnchor: "top-right",
      textAnchor: "start",
      dx: 7,
      dy: label.y,
      lineAnchor: "middle",
      text: "words",
      fill: label.colour,
      fontWeight: 600,
    }),
  );
}

function shown(value) {
  return plainNumber(Math.round(value * 10) / 10);
}

function plainNumber(value) {
  return value.toLocaleString("en-GB", { maximumFractionDigits: 3 }).replace("-", "−");
}
