/** Points of a figure that a reader marks: by pointer or arrow keys on the chart, or from a list beside it. */

import { element } from "./dom.js";

/** Return the figure with a button over each point and a list of the same points below. */
export function pickable(panel, svg, { document, params, pick }) {
  const marked = new Set(params[panel.pick]);
  const dots = panel.marks.find((mark) => mark.mark === "dot" && mark.role === "data");
  const names = dots.title ?? dots.x.map((x) => `Point ${x}`);
  const present = dots.x.map((x, index) => ({ x, y: dots.y[index], name: names[index] })).filter((point) => typeof point.y === "number");
  const [across, down] = [svg.scale("x"), svg.scale("y")];
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const first = present.find((point) => marked.has(point.x)) ?? present[0];
  const buttons = present.map((point, index) => {
    const button = element(document, "button", {
      type: "button",
      class: "iip-pick",
      "data-pick": `${panel.pick}-${point.x}`,
      "data-lm-suppress-shortcuts": "true",
      "aria-pressed": String(marked.has(point.x)),
      "aria-label": `${point.name}${marked.has(point.x) ? ", marked" : ""}`,
      title: point.name,
      tabindex: point === first ? "0" : "-1",
      style: `left: ${(100 * across.apply(point.x)) / width}%; top: ${(100 * down.apply(point.y)) / height}%`,
    });
    button.addEventListener("click", () => pick(panel.pick, point.x));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -index, End: present.length - 1 - index }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = buttons[Math.min(present.length - 1, Math.max(0, index + step))];
      button.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
    return button;
  });
  const boxes = present.map((point) => {
    const input = element(document, "input", { type: "checkbox", "data-pick": `${panel.pick}-list-${point.x}`, checked: marked.has(point.x), "data-lm-suppress-shortcuts": "true" });
    input.addEventListener("change", () => pick(panel.pick, point.x));
    return element(document, "li", {}, element(document, "label", {}, input, " ", point.name));
  });
  return element(
    document,
    "div",
    {},
    element(document, "div", { class: "iip-pickable" }, svg, element(document, "div", { role: "group", "aria-label": `Points of ${panel.title}: arrow keys move, space marks` }, buttons)),
    element(document, "details", { class: "iip-details" }, element(document, "summary", {}, "Mark points from a list"), element(document, "ul", { class: "iip-pick-list" }, boxes)),
  );
}
