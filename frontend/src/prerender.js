/** At build time: read {spec, view} as JSON, one a line, and answer with the widget's static HTML as JSON. */

import { createInterface } from "node:readline";

import { parseHTML } from "linkedom";

import { staticHtml } from "./static.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const { spec, view } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(staticHtml(spec, view, document))}\n`);
}
