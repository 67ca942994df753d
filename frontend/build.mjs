/** Bundle the front end: one file for notebooks, split files for the book's pages, a program for the build itself. */

import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { build } from "esbuild";

const out = resolve(process.argv[2] ?? "../_build/frontend");
const page = join(out, "page");
const scripts = ["host", "page"]; // what a page may run
const common = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "linked", logLevel: "warning" };
const external = ["node:*", "ws"]; // Pyodide asks for these in Node only

await build({ ...common, entryPoints: ["src/widget.js", "src/widget.css"], outdir: out });
await build({ ...common, entryPoints: [...scripts, "worker"].map((name) => `src/${name}.js`), outdir: page, splitting: true, define: { PACKED: "false" }, external });
await build({ ...common, entryPoints: ["src/page.css"], outdir: page, loader: { ".woff2": "file" }, assetNames: "[name]" });
await build({ ...common, entryPoints: ["src/prerender.js"], outfile: join(out, "prerender.mjs"), platform: "node" });

// The same sources as classic scripts, for pages that run no modules and may fetch nothing: opened from a folder, or in a learning system.
const run = scripts.map((name) => `if (wanted.includes("${name}")) import("./src/${name}.js");`).join("\n");
const packed = { ...common, format: "iife", define: { PACKED: "true", "import.meta.url": '"packed:/"' }, external };
const stdin = (contents) => ({ contents, resolveDir: "." });
await build({ ...packed, stdin: stdin(`import "./src/folder-storage.js";\nconst wanted = document.currentScript.dataset.run.split(" ");\n${run}`), outfile: join(out, "packed", "course.js") });
await build({ ...packed, stdin: stdin('import "./src/packed-worker.js"; import "./src/worker.js";'), outfile: join(out, "packed", "worker.js") });
await build({ ...packed, entryPoints: ["src/scorm-page.js", "src/scorm.css"], outdir: join(out, "packed") });

const pyodide = join(page, "pyodide");
await mkdir(pyodide, { recursive: true });
for (const file of ["pyodide.asm.wasm", "python_stdlib.zip"]) {
  await cp(join("node_modules/pyodide", file), join(pyodide, file));
}
const lock = JSON.parse(await readFile("node_modules/pyodide/pyodide-lock.json", "utf8"));
await writeFile(join(pyodide, "pyodide-lock.json"), JSON.stringify({ info: lock.info, packages: {}, tool: {} }));
