/** Draw boxes in columns with arrows between them; on a phone, the same boxes as lists that name where each leads. */

import { element, svgElement } from "./dom.js";
import { NARROW } from "./figure.js";

const LINE = 17;
const LETTER = 6.9;
const PAD = 8;
const GAP = 12;
const HEAD = 30;
const SIGNS = { plain: "", good: "✓ ", gap: "! ", quiet: "" };

export function drawGraph(graph, { document, width }) {
  return width < NARROW ? lists(graph, document) : picture(graph, document, width);
}

function lists(graph, document) {
  const names = new Map(graph.columns.flatMap((column) => column.nodes).map((node) => [node.id, node.text]));
  const leads = (node) => graph.edges.filter((edge) => edge.from === node.id).map((edge) => names.get(edge.to));
  const item = (node) => {
    const next = leads(node);
    const arrow = next.length ? element(document, "span", { class: "iip-help" }, ` → ${next.join("; ")}`) : null;
    return element(document, "li", { class: `iip-node iip-node-${node.state}` }, SIGNS[node.state], node.text, arrow);
  };
  return element(
    document,
    "div",
    {},
    graph.columns.map((column) => [
      element(document, "p", { class: "iip-verdict-heading" }, column.heading),
      column.nodes.length ? element(document, "ul", { class: "iip-nodes" }, column.nodes.map(item)) : element(document, "p", { class: "iip-help" }, "Nothing here yet."),
    ]).flat(),
  );
}

function picture(graph, document, width) {
  const make = (tag, attributes, ...children) => svgElement(document, tag, attributes, ...children);
  const across = width / graph.columns.length;
  const box = across - Math.max(22, Math.min(60, across * 0.22));
  const letters = Math.max(8, Math.floor((box - 2 * PAD) / LETTER));
  const columns = graph.columns.map((column) => column.nodes.map((node) => ({ ...node, lines: wrap(`${SIGNS[node.state]}${node.text}`, letters) })));
  const heightOf = (node) => node.lines.length * LINE + 2 * PAD;
  const heads = graph.columns.map((column) => wrap(column.heading, Math.floor(box / LETTER)));
  const top = HEAD + (Math.max(...heads.map((lines) => lines.length)) - 1) * LINE;
  const tall = (nodes) => nodes.reduce((sum, node) => sum + heightOf(node) + GAP, 0);
  const height = top + Math.max(60, ...columns.map(tall)) + 6;
  const at = new Map();
  columns.forEach((nodes, place) => {
    let y = top + (height - top - tall(nodes)) / 2;
    for (const node of nodes) {
      at.set(node.id, { x: place * across + 2, y, height: heightOf(node) });
      y += heightOf(node) + GAP;
    }
  });
  const edges = graph.edges.filter((edge) => at.has(edge.from) && at.has(edge.to)).map((edge) => {
    const [from, to] = [at.get(edge.from), at.get(edge.to)];
    const forward = to.x > from.x;
    const [x1, x2] = forward ? [from.x + box, to.x] : [from.x, to.x + box];
    const [y1, y2] = [from.y + from.height / 2, to.y + to.height / 2];
    const bend = (x2 - x1) / 2;
    const tip = forward ? -6 : 6;
    return make("path", { class: `iip-edge iip-edge-${edge.state}`, d: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2} M${x2 + tip} ${y2 - 4} L${x2} ${y2} L${x2 + tip} ${y2 + 4}` });
  });
  const boxes = columns.flat().map((node) => {
    const { x, y, height: tallness } = at.get(node.id);
    const words = node.lines.map((line, index) => make("tspan", { x: x + PAD, y: y + PAD + 12 + index * LINE }, line));
    return make("g", { class: `iip-box iip-box-${node.state}` }, make("rect", { x, y, width: box, height: tallness, rx: 6 }), make("text", {}, words));
  });
  const headings = heads.map((lines, place) => make("text", { class: "iip-graph-head" }, lines.map((line, index) => make("tspan", { x: place * across + 2, y: 14 + index * LINE }, line))));
  return make("svg", { class: "iip-graph", role: "img", "aria-label": `${graph.title}. ${graph.description}`, viewBox: `0 0 ${width} ${height}`, width, height }, headings, edges, boxes);
}

function wrap(text, letters) {
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
