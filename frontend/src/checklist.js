/** The checklists of a page: ticks stay until the tab is closed, and can be counted, cleared and printed. */

import { element } from "./dom.js";

/** Restore the ticks of every checklist on the page, follow them, and put the buttons before the first list. */
export function keepTicks(first) {
  const document = first.ownerDocument;
  const key = `course:ticks:${document.location.pathname}`;
  const boxes = [...document.querySelectorAll("ul.checklist input[type=checkbox]")];
  const words = (box) => box.closest("label").textContent.trim(); // a page that is mended keeps the ticks that still fit
  const kept = new Set(read(key));
  const count = element(document, "span", { role: "status" });
  const tell = () => {
    count.textContent = `${boxes.filter((box) => box.checked).length} of ${boxes.length} done`;
  };
  const save = () => {
    write(key, boxes.filter((box) => box.checked).map(words));
    tell();
  };
  for (const box of boxes) {
    box.checked = kept.has(words(box));
    box.addEventListener("change", save);
  }
  const print = element(document, "button", { type: "button", class: "checklist-button" }, "Print these lists");
  print.addEventListener("click", () => document.defaultView.print());
  const clear = element(document, "button", { type: "button", class: "checklist-button" }, "Clear the ticks");
  clear.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    save();
  });
  const note = element(document, "small", {}, "Ticks last until you close this tab. Paper keeps them longer.");
  const section = first.closest("article").querySelector("h1");
  section.after(element(document, "div", { class: "checklist-bar" }, print, clear, count, note));
  tell();
}

function read(key) {
  try {
    const found = JSON.parse(sessionStorage.getItem(key));
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function write(key, ticked) {
  try {
    sessionStorage.setItem(key, JSON.stringify(ticked));
  } catch {
    // storage is switched off or full: the ticks then last until the page is left
  }
}
