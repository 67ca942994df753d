/**
 * Ward computers are shared: what somebody wrote in the notebooks is forgotten before the next person opens one, unless
 * the learner said in the course that this is their own device. Runs before JupyterLite, which waits for `notebooksReady`.
 */
(() => {
  const OPEN = "course:notebooks-open";
  const OWN = "course:own-device"; // set by the learner's record
  const DATABASES = ["course-notebooks", "course-notebooks-settings", "course-notebooks-workspaces"]; // as in jupyter-lite.json

  /** Whether this browser tab, or another that is still open, has notebooks open in the same sitting. */
  async function sameSitting() {
    let reopened = false;
    try {
      reopened = sessionStorage.getItem(OPEN) === "yes";
      sessionStorage.setItem(OPEN, "yes");
    } catch {
      // Storage is switched off, so nothing was kept either.
    }
    if (!navigator.locks) return reopened;
    const { held } = await navigator.locks.query();
    navigator.locks.request(OPEN, { mode: "shared" }, () => new Promise(() => {}));
    return reopened || held.some(({ name }) => name === OPEN);
  }

  function ownDevice() {
    try {
      return localStorage.getItem(OWN) === "yes";
    } catch {
      return false;
    }
  }

  const forget = (name) =>
    new Promise((done) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = done;
    });

  globalThis.notebooksReady = sameSitting()
    .then((same) => (same || ownDevice() ? null : Promise.all(DATABASES.map(forget))))
    .catch(() => null);

  // A copy kept by the browser would name packages that a newer build no longer has.
  const { fetch } = globalThis;
  globalThis.fetch = (what, options) => fetch(what, String(what).endsWith("/jupyter-lite.json") ? { ...options, cache: "no-cache" } : options);
})();
