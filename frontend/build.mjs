/** Bundle the front end: one file for notebooks, split files for the book's pages, a program for the build itself. */

import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { build } from "esbuild";

const out = resolve(process.argv[2] ?? "../_build/frontend");
const page = join(out, "page");
const common = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "linked", logLevel: "warning" };

await build({ ...common, entryPoints: ["src/widget.js", "src/widget.css"], outdir: out });
await build({ ...common, entryPoints: ["src/host.js", "src/page.js", "src/worker.js"], outdir: page, splitting: true });
await build({ ...common, entryPoints: ["src/page.css"], outdir: page, loader: { ".woff2": "file" }, assetNames: "[name]" });
await build({ ...common, entryPoints: ["src/prerender.js"], outfile: join(out, "prerender.mjs"), platform: "node" });

const pyodide = join(page, "pyodide");
await mkdir(pyodide, { recursive: true });
for (const file of ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]) {
  await cp(join("node_modules/pyodide", file), join(pyodide, file));
}
const lock = JSON.parse(await readFile("node_modules/pyodide/pyodide-lock.json", "utf8"));
await writeFile(join(pyodide, "pyodide-lock.json"), JSON.stringify({ info: lock.info, packages: {}, tool: {} }));
