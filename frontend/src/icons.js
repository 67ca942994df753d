/** Our own icons for the verdicts: a wave within its banks, a wave that leaves them, and a gate to pass. */

import { svgElement } from "./dom.js";

const BANKS = "M3 8H37 M3 32H37";
const WAVE = "M4 22 L10 17 L16 24 L22 18 L28 23 L36 17";
const RISE = "M4 26 L10 23 L16 27 L22 22 L27 24 L34 5 M28 8 L34 5 L36 12";
const FALL = "M4 14 L10 17 L16 13 L22 18 L27 16 L34 35 M28 32 L34 35 L36 28";
const TICK = "M5 35 L8 38 L14 31";
const BANG = "M8 28 V34 M8 37.4 V38.4";
const GATE = "M6 12 V6 H34 V12 M6 28 V34 H34 V28";

const PATHS = {
  common_cause: { rails: BANKS, main: WAVE },
  improvement_high: { rails: BANKS, main: RISE, extra: TICK },
  improvement_low: { rails: BANKS, main: FALL, extra: TICK },
  concern_high: { rails: BANKS, main: RISE, extra: BANG },
  concern_low: { rails: BANKS, main: FALL, extra: BANG },
  neutral_high: { rails: BANKS, main: RISE },
  neutral_low: { rails: BANKS, main: FALL },
  reliably_meets: { rails: GATE, main: "M11 20 L18 27 L30 13" },
  reliably_misses: { rails: GATE, main: "M12 12 L28 28 M28 12 L12 28" },
  hit_and_miss: { rails: GATE, main: "M8 20 C12 8 16 8 20 20 S28 32 32 20" },
  none: { rails: GATE, main: "M13 20 H27" },
};

const TONES = [
  ["improvement", "improvement"],
  ["reliably_meets", "improvement"],
  ["concern", "concern"],
  ["reliably_misses", "concern"],
];

/** The words beside an icon carry its meaning, so assistive technology skips the drawing. */
export function icon(document, code) {
  const paths = PATHS[code] ?? PATHS.none;
  const tone = TONES.find(([start]) => code.startsWith(start))?.[1] ?? "plain";
  const stroke = { fill: "none", "stroke-linecap": "round", "stroke-linejoin": "round" };
  return svgElement(
    document,
    "svg",
    { viewBox: "0 0 40 41", width: 56, height: 57, class: `iip-icon iip-icon-${tone}`, "aria-hidden": "true" },
    svgElement(document, "path", { d: paths.rails, "stroke-width": 1.6, opacity: 0.75, ...stroke }),
    svgElement(document, "path", { d: paths.main, "stroke-width": 3, ...stroke }),
    paths.extra ? svgElement(document, "path", { d: paths.extra, "stroke-width": 3, ...stroke }) : null,
  );
}
