/** Python in the reader's browser: the same `improvement.views.compute` as in a notebook, from this site's own files. */

import { loadPyodide } from "pyodide";
import createPyodideModule from "pyodide/pyodide.asm.mjs";

const here = new URL("./", import.meta.url);
const compute = load();

compute.then(
  () => self.postMessage({ type: "ready" }),
  (error) => self.postMessage({ type: "failed", reason: String(error) }),
);

self.addEventListener("message", async ({ data }) => {
  const { id, kind, params } = data;
  const run = await compute.catch(() => null);
  if (!run) return; // the page has been told already
  try {
    self.postMessage({ type: "view", id, view: JSON.parse(run(kind, JSON.stringify(params))) });
  } catch (error) {
    self.postMessage({ type: "view", id, reason: String(error.message ?? error).trim().split("\n").pop() });
  }
});

async function load() {
  await checkProgram();
  const [python, sources] = await Promise.all([
    loadPyodide({ indexURL: new URL("pyodide/", here).href, createPyodideModule }),
    fetch(new URL("improvement.json", here)).then((answer) => {
      if (!answer.ok) throw new Error(`improvement.json: ${answer.status}`);
      return answer.json();
    }),
  ]);
  for (const [path, text] of Object.entries(sources)) {
    const file = `/course/${path}`;
    python.FS.mkdirTree(file.slice(0, file.lastIndexOf("/")));
    python.FS.writeFile(file, text);
  }
  return python.runPython(`
import json, sys
sys.path.insert(0, "/course")
from improvement import views
lambda kind, params: json.dumps(views.compute(kind, json.loads(params)))
`);
}

/** A proxy that blocks or replaces the program would leave Pyodide waiting for ever: look at its first bytes. */
async function checkProgram() {
  const answer = await fetch(new URL("pyodide/pyodide.asm.wasm", here));
  const reader = answer.body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  const magic = String.fromCharCode(...(value ?? []).slice(0, 4));
  if (!answer.ok || magic !== "\0asm") throw new Error("pyodide.asm.wasm is blocked or replaced");
}
