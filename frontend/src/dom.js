/** Make elements without a framework; text is always text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/** element(document, "button", {class: "x", type: "button"}, "Reset", child, ...) */
export function element(document, tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svgElement(document, tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined) continue;
    node.append(child);
  }
  return node;
}

let made = 0;

/** A fresh id, so that two widgets of a kind on one page never share labels. */
export function freshId(stem) {
  made += 1;
  return `iip-${stem}-${made}`;
}
