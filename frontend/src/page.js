/** The switches at a lesson's head: how much code it shows, and whose examples; kept until the tab is closed. */

import { element } from "./dom.js";
import { drawRoutes } from "./route.js";
import { chooseSector, chosenSector, onSector } from "./sector.js";

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

/** Offered only where some widget has an example from more than one sector. */
function drawSectors() {
  const place = document.querySelector("[data-lanes]");
  const offered = [...new Set([...document.querySelectorAll("[data-sectors]")].flatMap((one) => one.dataset.sectors.split(",")))].sort();
  if (!place || offered.length < 2) return;
  const current = chosenSector(document);
  const option = (value, words) => element(document, "option", { value, selected: value === current }, words);
  const select = element(document, "select", { id: "sector", class: "sector" }, option("", "this lesson\u2019s own"), offered.map((sector) => option(sector, sector)));
  select.addEventListener("change", () => chooseSector(document, select.value));
  onSector(document, (sector) => {
    select.value = offered.includes(sector) ? sector : "";
  });
  place.append(element(document, "p", { class: "sectors" }, element(document, "label", { for: "sector" }, "Examples from "), select));
}

drawSwitch();
drawSectors();
if (document.querySelector("section.slide")) import("./slides.js").then(({ offerSlides }) => offerSlides(document));

/** Parts of a page that few pages have come when they are wanted. */
async function fill(selector, load) {
  const place = document.querySelector(selector);
  if (place) (await load())(place);
}
fill("ul.checklist", async () => (await import("./checklist.js")).keepTicks);
fill("[data-finish]", async () => (await import("./finish.js")).drawFinish);
fill("[data-record-page]", async () => (await import("./record-page.js")).drawRecordPage);
fill("[data-pack-page]", async () => (await import("./pack-page.js")).drawPackPage);
fill("[data-certificate-page]", async () => (await import("./certificate-page.js")).drawCertificatePage);
drawRoutes();

/** Paper is light: what was read in the dark theme is printed in the light one. */
function printLight() {
  const { dataset } = document.documentElement;
  let theme;
  addEventListener("beforeprint", () => {
    theme = dataset.theme;
    dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    if (theme) dataset.theme = theme;
  });
}
printLight();
