/** The items of one list end alike: all with a full stop (or its like), or none. */

export default ({ Syntax, RuleError, report, getSource }) => ({
  [Syntax.List](node) {
    const ends = node.children.map((item) => {
      const paragraphs = item.children.filter((one) => one.type === "Paragraph");
      const text = paragraphs.length ? getSource(paragraphs.at(-1)).trim().replace(/\[([^\]]*)\]\([^)]*\)/g, "$1") : "";
      return !text || text.endsWith("__") ? null : /[.?!:;…][”’")\]*_]*$/.test(text); // a line to write on has no end
    });
    const known = ends.filter((one) => one !== null);
    if (new Set(known).size < 2) return;
    const odd = ends.indexOf(known.filter(Boolean).length * 2 < known.length);
    report(node.children[odd], new RuleError(`${known.filter(Boolean).length} of the list's ${known.length} items end with a full stop: make them alike`));
  },
});
