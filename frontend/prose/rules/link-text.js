/** A link says where it leads: people who listen to a page hear its links alone. */

const EMPTY = /^(?:(?:click |see |read |go )?(?:here|this|this (?:page|link|one|site)|link|(?:read |find out |learn )?more|page))\.?$/i;

export default ({ Syntax, RuleError, report, getSource }) => ({
  [Syntax.Link](node) {
    const source = getSource(node);
    if (!source.startsWith("[")) return; // an address in angle brackets shows itself
    const words = node.children.map((one) => getSource(one)).join("").trim();
    if (EMPTY.test(words)) report(node, new RuleError(`the link “${words}” does not say where it leads`));
  },
});
