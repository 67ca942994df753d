/** The lane switch: how much code a lesson shows, kept until the tab is closed. */

import { element } from "./dom.js";

const LANES = [
  ["no-code", "No code", "Widgets and words"],
  ["light", "Light code", "Change a line"],
  ["build", "Build it", "Write it yourself"],
];

function drawSwitch() {
  const place = document.querySelector("[data-lanes]");
  if (!place) return;
  const current = document.documentElement.dataset.lane ?? "no-code";
  const choices = LANES.flatMap(([lane, name, what]) => {
    const input = element(document, "input", { type: "radio", name: "lane", id: `lane-${lane}`, value: lane, checked: lane === current });
    input.addEventListener("change", () => choose(lane));
    return [input, element(document, "label", { for: `lane-${lane}` }, name, element(document, "small", {}, what))];
  });
  place.replaceChildren(element(document, "fieldset", { class: "lanes" }, element(document, "legend", {}, "How much code?"), choices));
}

function choose(lane) {
  document.documentElement.dataset.lane = lane;
  try {
    sessionStorage.setItem("lane", lane);
  } catch {
    // storage may be switched off: the choice then lasts for this page
  }
}

drawSwitch();
