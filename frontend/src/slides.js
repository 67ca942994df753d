/** Show a page's slides one at a time, in place: nothing is copied, so what is live in the page stays live. */

import { element } from "./dom.js";

const TAKES_KEYS = "input, select, textarea, summary, [contenteditable], [tabindex='0']";
const NOTES_STYLE = `
  body { margin: 1.25rem; font: 1.25rem/1.5 "Source Sans 3 Variable", system-ui, sans-serif; background: Canvas; color: CanvasText; color-scheme: light dark; }
  h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
  p { margin: 0.5rem 0; }
  button { min-height: 2.75rem; padding: 0.4rem 1rem; font: inherit; }
  .next { border-top: 1px solid; padding-top: 0.75rem; }`;

/** Put the buttons under the page's title. */
export function offerSlides(document) {
  const slides = [...document.querySelectorAll("section.slide")];
  const title = slides[0].closest("article").querySelector("h1");
  const make = (tag, attributes, ...children) => element(document, tag, attributes, ...children);
  const button = (words, run) => {
    const one = make("button", { type: "button", class: "slides-button" }, words);
    one.addEventListener("click", run);
    return one;
  };
  const show = button("Show as slides", () => new Show(document, slides, make, button, show));
  title.after(
    make(
      "div",
      { class: "slides-offer" },
      show,
      button("Print slides with notes", () => print(document, "")),
      button("Print handouts", () => print(document, "handouts")),
    ),
  );
}

function print(document, what) {
  document.documentElement.dataset.print = what;
  document.defaultView.addEventListener("afterprint", () => delete document.documentElement.dataset.print, { once: true });
  document.defaultView.print();
}

class Show {
  constructor(document, slides, make, button, opener) {
    Object.assign(this, { document, slides, make, opener, root: document.documentElement });
    this.at = 0;
    this.spent = new Map();
    this.ticking = null;
    this.hidden = this.#hideTheRest(slides);
    this.place = make("span", { class: "slides-place" });
    this.clock = make("span", { class: "slides-clock", role: "timer" });
    this.said = make("p", { class: "iip-sr", role: "status" });
    this.back = button("Previous", () => this.go(this.at - 1));
    this.forward = button("Next", () => this.go(this.at + 1));
    this.clockButton = button("Start the clock", () => this.#startOrStop());
    this.notesButton = button("Show notes", () => this.#toggleNotes());
    this.bar = make(
      "div",
      { class: "slides-bar", role: "group", "aria-label": "Slides" },
      this.back,
      this.place,
      this.forward,
      this.clock,
      this.clockButton,
      this.notesButton,
      button("Notes in a window", () => this.#openWindow()),
      button("Leave", () => this.leave()),
      this.said,
    );
    this.bar.lastElementChild.previousElementSibling.setAttribute("aria-keyshortcuts", "Escape");
    this.notesButton.setAttribute("aria-keyshortcuts", "Alt+N");
    slides[0].parentElement.append(this.bar);
    this.keys = (event) => this.#key(event);
    document.addEventListener("keydown", this.keys);
    this.root.classList.add("slides-on");
    this.go(0);
    this.#say("Showing as slides. Arrow keys move, Alt and N shows notes, Escape leaves.");
  }

  go(place) {
    if (place < 0 || place >= this.slides.length) {
      this.#say(place < 0 ? "This is the first slide." : "This is the last slide.");
      return;
    }
    this.at = place;
    for (const [index, slide] of this.slides.entries()) slide.classList.toggle("slide-current", index === place);
    const slide = this.slides[place];
    slide.scrollTop = 0;
    this.place.textContent = `${place + 1} of ${this.slides.length}`;
    this.#say(`Slide ${place + 1} of ${this.slides.length}.`);
    this.#heading(slide).tabIndex = -1;
    this.#heading(slide).focus();
    this.#paintClock();
    this.#paintWindow();
  }

  leave() {
    clearInterval(this.ticking);
    this.document.removeEventListener("keydown", this.keys);
    this.notes?.close();
    for (const one of this.hidden) one.classList.remove("slides-away");
    for (const slide of this.slides) {
      slide.classList.remove("slide-current");
      this.#heading(slide).removeAttribute("tabindex");
    }
    this.root.classList.remove("slides-on", "slides-with-notes");
    this.bar.remove();
    this.opener.focus();
  }

  /** Whatever is neither a slide nor around one would still be reached by keyboard and read aloud. */
  #hideTheRest(slides) {
    const rest = [];
    for (let node = slides[0]; node !== this.document.body; node = node.parentElement) {
      rest.push(...[...node.parentElement.children].filter((one) => one !== node && !slides.includes(one)));
    }
    for (const one of rest) one.classList.add("slides-away");
    return rest;
  }

  #heading(slide) {
    return slide.querySelector("h2, h3");
  }

  #key(event) {
    if (event.altKey && event.code === "KeyN") this.#toggleNotes();
    else if (event.altKey || event.ctrlKey || event.metaKey) return;
    else if (event.key === "Escape") this.leave();
    else if (event.target.closest?.(TAKES_KEYS)) return;
    else if (["ArrowRight", "ArrowDown", "PageDown"].includes(event.key)) this.go(this.at + 1);
    else if (["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) this.go(this.at - 1);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(this.slides.length - 1);
    else return;
    event.preventDefault();
  }

  #toggleNotes() {
    const shown = this.root.classList.toggle("slides-with-notes");
    this.notesButton.textContent = shown ? "Hide notes" : "Show notes";
    this.#say(shown ? "Notes shown." : "Notes hidden.");
  }

  #say(words) {
    this.said.textContent = words;
  }

  #span() {
    const { from, to } = this.slides[this.at].querySelector("[data-from]")?.dataset ?? {};
    return from === undefined ? null : { from: Number(from), to: Number(to), key: `${from}-${to}` };
  }

  #startOrStop() {
    if (this.ticking) {
      clearInterval(this.ticking);
      this.ticking = null;
    } else {
      this.ticking = setInterval(() => this.#tick(), 1000);
    }
    this.clockButton.textContent = this.ticking ? "Stop the clock" : "Start the clock";
  }

  #tick() {
    const span = this.#span();
    if (!span) return;
    const seconds = (this.spent.get(span.key) ?? 0) + 1;
    this.spent.set(span.key, seconds);
    if (seconds === 60 * (span.to - span.from)) this.#say("The minutes for this part are up.");
    this.#paintClock();
  }

  #paintClock() {
    const span = this.#span();
    const time = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const seconds = this.spent.get(span?.key) ?? 0;
    const over = span && seconds > 60 * (span.to - span.from);
    this.clock.textContent = span ? `${time(seconds)} of ${time(60 * (span.to - span.from))}${over ? ", over" : ""}` : "";
    this.clock.classList.toggle("slides-over", Boolean(over));
    if (this.windowClock) this.windowClock.textContent = this.clock.textContent;
  }

  #openWindow() {
    if (!this.notes || this.notes.closed) this.notes = this.document.defaultView.open("", "", "popup,width=560,height=760");
    if (!this.notes) {
      this.#say("The browser did not allow a second window. Use Show notes instead.");
      return;
    }
    this.notes.document.documentElement.lang = this.root.lang;
    this.notes.document.head.replaceChildren(element(this.notes.document, "style", {}, NOTES_STYLE));
    this.notes.document.title = "Presenter notes";
    this.notes.document.addEventListener("keydown", this.keys);
    this.#say("Notes are in a second window.");
    this.#paintWindow();
  }

  #paintWindow() {
    if (!this.notes || this.notes.closed) return;
    const there = this.notes.document;
    const make = (tag, attributes, ...children) => element(there, tag, attributes, ...children);
    const move = (words, step) => {
      const one = make("button", { type: "button" }, words);
      one.addEventListener("click", () => this.go(this.at + step));
      return one;
    };
    const note = there.importNode(this.slides[this.at].querySelector(".presenter-note"), true);
    const next = this.slides[this.at + 1];
    this.windowClock = make("p", { role: "timer" }, this.clock.textContent);
    there.body.replaceChildren(
      make(
        "main",
        {},
        make("h1", {}, `${this.at + 1} of ${this.slides.length}. ${words(this.#heading(this.slides[this.at]))}`),
        this.windowClock,
        note,
        make("p", { class: "next" }, next ? `Next: ${words(this.#heading(next))}` : "This is the last slide."),
        make("p", {}, move("Previous", -1), " ", move("Next", 1)),
      ),
    );
  }
}

/** A heading's words without the theme's link sign. */
function words(heading) {
  return [...heading.childNodes].filter((one) => !one.classList?.contains("headerlink")).map((one) => one.textContent).join("").trim();
}
