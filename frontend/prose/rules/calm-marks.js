/** No exclamation marks, no dashes for drama, one space between words. */

import { wordRule } from "../text.js";

export default wordRule([
  [/!(?!=)/g, "no exclamation marks: the words can carry it"],
  [/\u2014|\s\u2013\s/g, "no dash: a full stop, a comma, a colon or brackets"],
  [/(?<=[^\s|])[ ]{2,}(?=\S)/g, "one space"],
]);
