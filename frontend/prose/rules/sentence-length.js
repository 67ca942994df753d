/** No sentence over 40 words; a quotation, a number put in at build time and a piece of code count as their words. */

const MOST = 40;
const END = /(?<=[.?!][”’")\]]*)\s+(?=[“‘"(\[*_]*[\p{Lu}\d])|\n(?=\s*:::)|(?<=:)\s*\n\s*\n/u;

export default ({ Syntax, RuleError, report, getSource }) => ({
  [Syntax.Paragraph](node) {
    const source = getSource(node)
      .replace(/^\s*:::.*$|^:[\w-]+:.*$/gm, "\n:::\n")
      .replace(/\]\([^)]*\)/g, "]")
      .replace(/\{[\w:-]+\}`[^`]*`/g, "9")
      .replace(/`[^`]*`/g, "Code"); // a capital, since it may begin a sentence
    if (source.trimStart().startsWith("|")) return;
    for (const sentence of source.split(END)) {
      const words = sentence.match(/[\p{L}\d][\p{L}\d.,%’'/:-]*/gu) ?? [];
      if (words.length > MOST) report(node, new RuleError(`${words.length} words in one sentence: “${words.slice(0, 6).join(" ")} …”. Make two of it`));
    }
  },
});
