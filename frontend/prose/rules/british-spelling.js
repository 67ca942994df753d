/** British spelling, outside quotations and the titles of other people's pages. */

import { wordRule } from "../text.js";

const IZE = /\b(?!(?:(?:over|under|down|up|re|out)?siz|priz|seiz|capsiz|maiz|citiz|assiz|denizen|horizon|wizard|bizarre)\w*\b)\w{2,}iz(?:e|es|ed|er|ers|ing|ation|ations|ational)\b/gi;
const OTHERS = [
  [/\b(?:anal|paral|catal)yz(?:e|es|ed|ing|er)\b/gi, "-yse"],
  [/\b(?:col|behavi|lab|fav|hon|harb|neighb|rum|hum|tum|vap|endeav)or(?!ato|at|ous|if|ar|um)\w*/gi, "-our"],
  [/\b(?:center|liter|fiber|theater|caliber|somber|meager)(?:s|ed)?\b/gi, "-re"],
  [/\b(?:pediatric|orthopedic|anesthe|anemi|hemo(?:globin|rrhage|philia|dialysis)|edema|estrogen|gynecolog|diarrhea|leukemi|fetal|fetus|esophag|cesarean)\w*/gi, "the British form has ae or oe"],
  [/\b(?:travel|model|label|cancel|signal|fuel|level|counsel|total|channel)(?:ed|ing|er)\b/gi, "the British form has two ls"],
  [/\b(?:fulfill|enroll|skillful|willful|installment)s?\b/gi, "the British form has one l there"],
  [/\b(?:gray|skeptic\w*|defense|offense|catalog|artifact|maneuver\w*|plow|check(?=s? (?:payable|book))|gotten|mom|math)\b/gi, "the British form differs"],
];

export default wordRule([[IZE, "-ise"], ...OTHERS]);
