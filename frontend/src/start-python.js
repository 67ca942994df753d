/** Start the Python worker: from a file of this site or, where a page may fetch nothing, from a script beside it. */

import { unpack } from "./unpack.js";

export async function startPython() {
  if (!PACKED) return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const { "worker.js": program, ...files } = await carried();
  const worker = new Worker(URL.createObjectURL(new Blob([await unpack(program).text()], { type: "text/javascript" })));
  worker.postMessage({ files });
  return worker;
}

/** The files of Python that the script `python.js` hands to `coursePython` when it runs. */
function carried() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("python.js", document.querySelector("script[data-run]").src).href;
    script.addEventListener("error", () => reject(new Error("python.js is missing or blocked")));
    globalThis.coursePython = resolve;
    document.head.append(script);
  });
}
