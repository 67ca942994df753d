/** Where the reader works, if they have said so: kept until the tab is closed, told to every widget on the page. */

const KEY = "sector";
const EVENT = "course:sector";

export function chosenSector(document) {
  try {
    return document.defaultView.sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export function chooseSector(document, sector) {
  try {
    if (sector) document.defaultView.sessionStorage.setItem(KEY, sector);
    else document.defaultView.sessionStorage.removeItem(KEY);
  } catch {
    // storage may be switched off: the choice then lasts for this page
  }
  document.defaultView.dispatchEvent(new CustomEvent(EVENT, { detail: sector }));
}

/** Call `follow(sector)` whenever the choice changes; return a function that stops it. */
export function onSector(document, follow) {
  const listener = (event) => follow(event.detail);
  document.defaultView.addEventListener(EVENT, listener);
  return () => document.defaultView.removeEventListener(EVENT, listener);
}
