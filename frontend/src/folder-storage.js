/** Opened from a folder, Firefox gives each page a session storage of its own: there the tab's name carries it from page to page. */

const MARK = "course:";

/** Session storage in the name of the tab: it goes when the tab is closed, and browsers hide it from other sites. */
class TabStorage {
  getItem(key) {
    return this.#all()[key] ?? null;
  }

  setItem(key, value) {
    this.#keep({ ...this.#all(), [key]: String(value) });
  }

  removeItem(key) {
    const { [key]: _, ...rest } = this.#all();
    this.#keep(rest);
  }

  #all() {
    try {
      return JSON.parse(window.name.slice(MARK.length));
    } catch {
      return {};
    }
  }

  #keep(all) {
    window.name = MARK + JSON.stringify(all);
  }
}

if (location.protocol === "file:" && location.origin === "null") {
  Object.defineProperty(globalThis, "sessionStorage", { value: new TabStorage() });
}
