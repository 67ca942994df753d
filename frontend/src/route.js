/** The reader's own way through the course: where they are on it, what comes next, and the start page's three questions. */

import { element } from "./dom.js";
import { onRecord, record, update } from "./record.js";

const make = (tag, attributes, ...children) => element(document, tag, attributes, ...children);

/** Draw everything about routes that this page has a place for. The routes come from a script written at build time. */
export function drawRoutes() {
  const course = globalThis.courseRoutes;
  const article = document.querySelector(".bd-article") ?? document.querySelector(".bd-article-container");
  if (!course || !article) return;
  const page = new Page(course);
  const form = document.querySelector("[data-start]");
  if (form) drawStart(form, page);
  for (const place of document.querySelectorAll("[data-route-choice]")) drawChoice(place, page);
  drawBar(article, form, page);
}

/** What the routes mean on this page: addresses, the lesson it is, and the way on. */
class Page {
  #root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);

  constructor(course) {
    this.course = course;
    const path = decodeURIComponent(location.pathname).slice(decodeURIComponent(this.#root.pathname).length);
    this.name = path.replace(/\.html$/, "").replace(/(^|\/)$/, "$1index");
    this.lesson = Object.keys(course.lessons).find((id) => this.pageOf(id) === this.name) ?? null;
  }

  /** The reader's route, or null. */
  get route() {
    return this.course.routes[record().route] ?? null;
  }

  pageOf(id) {
    return this.course.lessons[id][2];
  }

  /** A copy of the course may hold only some of its pages. */
  has(name) {
    return Boolean(name) && (!this.course.pages || this.course.pages.includes(name.split(/\.html|#/)[0]));
  }

  /** Relative, so that it works below any folder and from a file. */
  address(name) {
    const here = this.#root.href.length;
    const up = "../".repeat(location.href.slice(here).split(/[?#]/)[0].split("/").length - 1);
    return up + (name.includes(".html") ? name : `${name}.html`);
  }

  link(name, words, attributes = {}) {
    return this.has(name) ? make("a", { href: this.address(name), ...attributes }, words) : words;
  }

  words(id) {
    const [title, minutes] = this.course.lessons[id];
    return `${id} ${title} (${minutes} minutes)`;
  }

  /** The lessons after a place on the route: the next that can be opened, and those passed over on the way. */
  after(route, place) {
    const rest = route.lessons.slice(place + 1);
    const next = rest.findIndex((id) => this.has(this.pageOf(id)));
    return { next: next < 0 ? null : rest[next], skipped: next < 0 ? rest : rest.slice(0, next) };
  }

  /** Where the reader goes on with a route: the first lesson that can be opened and is not done. */
  resume(route) {
    const { lessons } = record();
    return route.lessons.find((id) => this.has(this.pageOf(id)) && !lessons[id]?.done) ?? null;
  }

  /** Without a route: the next lesson of the module, or the first of the next module; on a route's own page its first. */
  get nextInBook() {
    const ids = Object.keys(this.course.lessons).filter((id) => this.has(this.pageOf(id)));
    if (this.lesson) return ids[ids.indexOf(this.lesson) + 1] ?? null;
    const own = Object.values(this.course.routes).find((route) => route.page.split(".html")[0] === this.name);
    if (own) return own.lessons.find((id) => ids.includes(id)) ?? null;
    const folder = this.name.slice(0, this.name.lastIndexOf("/") + 1);
    return folder.startsWith("modules/") ? (ids.find((id) => this.pageOf(id).startsWith(folder)) ?? null) : null;
  }
}

function choose(id) {
  update((next) => {
    next.route = id;
  });
}

/** "Follow this route", and what it says once it is followed. */
function chooser(id, page) {
  const said = make("span", { role: "status" });
  const button = make("button", { type: "button", class: "route-button" });
  button.addEventListener("click", () => choose(record().route === id ? null : id));
  const paint = () => {
    const followed = record().route === id;
    button.textContent = followed ? "Leave this route" : "Follow this route";
    button.setAttribute("aria-label", `${button.textContent}: ${page.course.routes[id].title}`);
    said.textContent = followed ? "You are following this route. Each page now shows the next lesson." : "";
  };
  paint();
  onRecord(paint);
  return make("p", { class: "route-choose" }, button, " ", said);
}

function drawChoice(place, page) {
  const id = place.dataset.routeChoice;
  if (!page.course.routes[id].lessons.some((one) => page.has(page.pageOf(one)))) return;
  place.append(chooser(id, page));
}

/** Three answers, one lesson: looked up in what the wayfinder said when the book was built. */
function drawStart(form, page) {
  const { answers, promises, routes } = JSON.parse(form.querySelector("[data-start-answers]").textContent);
  const answer = form.querySelector(".start-answer");
  const paint = () => {
    const { role, minutes, barrier } = Object.fromEntries(new FormData(form));
    const [id, taken, reasons] = answers[role][minutes][barrier];
    const route = page.course.routes[routes[role]];
    const [title, length] = page.course.lessons[id];
    const part = taken < length ? `In ${taken} minutes, make the guess and move one thing. Come back for the rest.` : "";
    answer.replaceChildren(
      make("p", { class: "start-lesson" }, "Open this now: ", page.link(page.pageOf(id), `${id} ${title}`), ` (${length} minutes)`),
      make("p", {}, `${promises[id] ?? ""} ${part} Chosen for: ${reasons}.`.trim().replace(/ {2,}/g, " ")),
      make("p", { class: "start-route" }, "Want more? ", route ? ["Your route is ", page.link(route.page, route.title), `: ${lengthOf(route)}.`] : page.link("book/routes/index", "See all routes")),
      ...(route ? [chooser(routes[role], page)] : []),
    );
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", paint);
  // A browser that goes back, or reloads, may have kept what was answered.
  if (new FormData(form).get("role") !== form.elements.role.options[0].value) paint();
}

function lengthOf(route) {
  const lessons = `${route.count} lesson${route.count === 1 ? "" : "s"}, ${route.time}`;
  return route.whole ? lessons : `${lessons}, a preview`;
}

/** In a lesson inside its last block, elsewhere at the foot; on the start page above the questions. */
function drawBar(article, form, page) {
  const bar = make("nav", { class: "route-bar", "aria-label": "What next" });
  const facts = document.querySelector(".lesson-facts");
  const where = make("li", {});
  const mount = () => {
    const place = document.querySelector("[data-next]");
    if (place) place.replaceChildren(bar);
    else if (form) form.before(bar);
    else if (!bar.isConnected) article.append(bar);
    return Boolean(place);
  };
  const paint = () => {
    const route = page.route;
    if (route) document.documentElement.dataset.route = record().route;
    else delete document.documentElement.dataset.route;
    bar.replaceChildren(...(route ? onRoute(page, route) : offRoute(page)).filter(Boolean));
    bar.hidden = !bar.childElementCount;
    const place = route?.lessons.indexOf(page.lesson) ?? -1;
    if (facts && place >= 0) {
      where.replaceChildren(make("strong", {}, "Your route: "), `${place + 1} of ${route.lessons.length}, `, page.link(route.page, route.title));
      facts.append(where);
    } else where.remove();
  };
  paint();
  onRecord(paint);
  if (!mount() && facts) {
    // The lesson's last block may be drawn after this.
    const watch = new MutationObserver(() => {
      if (mount()) watch.disconnect();
    });
    watch.observe(article, { childList: true, subtree: true });
  }
}

function onRoute(page, route) {
  const place = route.lessons.indexOf(page.lesson);
  const name = page.link(route.page, route.title);
  if (place < 0) {
    const next = page.resume(route);
    if (!next) return theEnd(page, route, []);
    const started = route.lessons.some((id) => record().lessons[id]?.done);
    return [make("p", {}, "Your route: ", name, "."), go(page, next, started ? "Go on with " : "Begin with ")];
  }
  const { next, skipped } = page.after(route, place);
  const at = make("p", {}, `${place + 1} of ${route.lessons.length} on `, name, ".");
  return next ? [at, go(page, next, "Next: "), passedOver(page, route, skipped)] : [at, ...theEnd(page, route, skipped)];
}

function offRoute(page) {
  if (page.name === page.course.start) return [];
  const next = page.nextInBook;
  const start = page.link(page.course.start, "Find the one lesson for you", next ? {} : { class: "route-go" });
  const module = next && page.lesson && next.split(".")[0] === page.lesson.split(".")[0];
  const words = !page.lesson ? "Begin with " : module ? "Next in this module: " : "Next: ";
  if (!next) return [make("p", {}, start)];
  return [go(page, next, words), make("p", {}, start, " or ", page.link("book/routes/index", "choose a route"), ".")];
}

function theEnd(page, route, skipped) {
  const follows = page.course.routes[route.next];
  const then = route.then.filter(([name]) => page.has(name) && name !== page.name);
  const goals = then.map(([name, title], place) => make("li", {}, page.link(name, title, place ? {} : { class: "route-go" })));
  if (follows && page.has(follows.page)) goals.push(make("li", {}, "Then: ", page.link(follows.page, follows.title), `, ${lengthOf(follows)}`));
  return [
    make("p", { class: "route-end" }, make("strong", {}, "That is the last lesson of this route. "), `Besides the lessons: ${route.besides}. Assessed by: ${route.assessment}.`),
    passedOver(page, route, skipped),
    make("ul", {}, goals.length ? goals : make("li", {}, page.link(route.page, "Back to the route", { class: "route-go" }))),
  ];
}

function go(page, id, words) {
  return make("p", {}, page.link(page.pageOf(id), `${words}${page.words(id)}`, { class: "route-go" }));
}

function passedOver(page, route, skipped) {
  const missing = skipped.filter((id) => !page.pageOf(id)).map((id) => `${id} ${page.course.lessons[id][0]}`);
  if (!missing.length) return null;
  return make("p", { class: "route-note" }, `Passed over, because ${missing.length === 1 ? "it is" : "they are"} not written yet: ${missing.join("; ")}.`);
}
