/** Nothing is called easy: whoever is stuck reads it as “you should have known”. */

import { wordRule } from "../text.js";

const ADVICE = "leave it out: it may not be so for the reader";

export default wordRule([
  [/\b(?:simply|obviously|evidently|effortlessly|trivially|needless to say)\b/gi, ADVICE],
  [/\b(?:you|we) (?:can|could|should|need to|have to|only have to) (?:just|easily)\b/gi, ADVICE],
  [/(?:^|[.?:] )Just (?:add|ask|choose|click|count|do|draw|enter|follow|go|open|paste|press|put|read|run|start|take|tell|try|type|use|write)\b/gm, ADVICE],
]);
