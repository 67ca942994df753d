/** Phrases that say nothing, and long words that have a short one. */

import { wordRule } from "../text.js";

const SAY = [
  ["in this (?:lesson|module|section|chapter|page),? (?:we|you|I)(?: will|'ll|’ll)? \\w+", "begin with the thing itself"],
  ["it (?:is|should be) (?:important|worth|interesting|essential|crucial)(?:ly)? (?:to (?:note|remember|mention|stress|recognise)|noting|mentioning)", "say it without the run-up"],
  ["it should be noted", "say it without the run-up"],
  ["as (?:we|you) (?:can|will|shall) see", "leave it out"],
  ["in today's|in the modern world|now more than ever", "leave it out"],
  ["needless to say|at the end of the day|when it comes to|the fact that", "leave it out"],
  ["in order to", "to"],
  ["due to the fact|owing to the fact|in view of the fact", "because"],
  ["at this point in time|at the present time", "now"],
  ["prior to|subsequent to", "before, or after"],
  ["in the event (?:that|of)", "if"],
  ["with (?:regard|respect|reference) to|in (?:regard|relation) to|pertaining to", "about"],
  ["for the purposes? of", "for, or to"],
  ["a (?:wide|broad|vast) (?:range|array|variety) of|a (?:plethora|myriad) of", "many, or name them"],
  ["has the ability to|have the ability to|is able to", "can"],
  ["leverag(?:e|es|ed|ing)", "use"],
  ["utili[sz](?:e|es|ed|ing|ation)", "use"],
  ["delv(?:e|es|ed|ing)", "look"],
  ["commenc(?:e|es|ed|ing)|endeavour(?:s|ed|ing)?", "begin, or try"],
  ["seamless(?:ly)?|holistic(?:ally)?|synerg\\w+|game[- ]chang\\w+|cutting[- ]edge|transformative|paradigm shift", "say what it does"],
  ["key takeaways?|deep dives?|going forward|reach out to|low[- ]hanging fruit|move the needle", "plain English"],
  ["unlock(?:s|ing)? (?:the|your|their) \\w+|empower(?:s|ed|ing)?|embark(?:s|ed|ing)?|tapestry|testament to", "say what happens"],
];

export default wordRule(SAY.map(([phrase, advice]) => [new RegExp(`\\b(?:${phrase.replaceAll(" ", "\\s+")})\\b`, "gi"), advice]));
