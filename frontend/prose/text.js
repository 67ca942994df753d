/** What the prose rules share: a node's words with quotations and code blotted out, and the nodes that are nobody's prose. */

/** The node's source at the same length, its quotations, inline code and MyST marks blotted out. */
export function ownWords(source) {
  return source
    .replace(/“[^”]*”/gs, blot)
    .replace(/(?:\{[\w:-]+\})?`[^`]*`/g, blot)
    .replace(/^\s*:::.*$|^:[\w-]+:.*$/gm, blot);
}

/** Whether the node stands in the title of somebody else's page, or in a quoted passage. */
export function isQuoted(node) {
  for (let at = node; at; at = at.parent) {
    if (at.type === "BlockQuote" || (at.type === "Link" && at.url.startsWith("http"))) return true;
  }
  return false;
}

/** A rule that reports each match of the patterns in running text; a pattern is [expression, what to say]. */
export function wordRule(patterns) {
  return ({ Syntax, RuleError, report, getSource, locator }) => {
    const read = (node) => {
      const words = ownWords(getSource(node));
      for (const [pattern, advice] of patterns) {
        for (const found of words.matchAll(pattern)) {
          const padding = { padding: locator.range([found.index, found.index + found[0].length]) };
          report(node, new RuleError(`“${found[0]}”: ${advice}`, padding));
        }
      }
    };
    const unlessQuoted = (node) => isQuoted(node) || read(node);
    return { [Syntax.Str]: unlessQuoted };
  };
}

function blot(match) {
  return match.replace(/[^\n]/g, "¤");
}
