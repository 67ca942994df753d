/** The worker where nothing may be fetched: its requests are answered from files that the page hands over. */

import { unpack } from "./unpack.js";

const TYPES = { wasm: "application/wasm", json: "application/json" };

const files = new Promise((resolve) => {
  self.addEventListener("message", (event) => {
    if (!event.data.files) return;
    event.stopImmediatePropagation();
    resolve(event.data.files);
  });
});

self.fetch = async (address) => {
  const name = new URL(address).pathname.slice(1);
  return unpack((await files)[name], TYPES[name.split(".").pop()]);
};
// Pyodide knows a classic worker by this function and refuses it, because it would load itself as a module. Here it is in the bundle.
self.importScripts = undefined;
