/** The widget as it reads without scripts: the question, then its answer folded away, whole. */

import { element } from "./dom.js";
import { drawNotice, drawPanel, hasFigure } from "./panels.js";

const WIDTH = 640;

export function staticHtml(spec, view, document) {
  const make = (tag, attributes, ...children) => element(document, tag, attributes, ...children);
  const options = { document, width: WIDTH, reveal: true };
  const panels = [
    ...view.notices.map((notice) => drawNotice(notice, document)),
    ...view.panels.flatMap((panel) => {
      const drawn = drawPanel(panel, options);
      return hasFigure(panel) ? [drawn, make("p", { class: "iip-help" }, panel.description)] : [drawn];
    }),
  ];
  const answer = spec.prediction
    ? [
        make("p", { class: "iip-question" }, make("strong", {}, "Before you look. "), spec.prediction.question),
        make("details", { class: "iip-details" }, make("summary", {}, "Show the answer"), panels),
      ]
    : panels;
  return make(
    "div",
    { class: "iip iip-static" },
    make("p", { class: "iip-title" }, spec.title),
    make("p", { class: "iip-intro" }, spec.intro),
    spec.controls.filter((control) => control.type === "question").map((control) => question(control, make)),
    answer,
    spec.honesty ? make("p", { class: "iip-help" }, spec.honesty) : null,
  ).outerHTML;
}

/** A self-check on paper: what is asked, what may be answered, and the reasons folded away. */
function question(control, make) {
  const { options, cards } = control.control;
  const offered = options ?? cards;
  return make(
    "div",
    { class: "iip-control iip-wide" },
    make("p", { class: "iip-question" }, control.label),
    offered ? make("ul", {}, offered.map((one) => make("li", {}, one.label))) : null,
    make(
      "details",
      { class: "iip-details" },
      make("summary", {}, "Answer, and why"),
      make("ul", {}, control.answers.map((one) => make("li", {}, make("strong", {}, `${one.right ? "Right" : "Not quite"}: ${one.answer}. `), one.because))),
    ),
  );
}
