/** The page a learning system opens: the route's lessons in a frame, and in words what the learning system is told. */

import { element } from "./dom.js";
import { erase, onRecord, ownDevice, record, recordTrouble, update } from "./record.js";
import { Session } from "./scorm.js";

const LEARNER = "course:learner";

const route = JSON.parse(document.getElementById("route").textContent);
const required = route.lessons.filter((lesson) => !lesson.optional);
const root = new URL("./", location.href).href;
const frame = document.querySelector("iframe");
const session = Session.open(window, route.version);
const state = { done: {}, right: {}, agreed: false, ...session?.remembered };

forgetAnother(session?.learner);
const bookmark = session?.bookmark ?? "";
update((next) => {
  next.route = route.id;
  for (const { id, title, page, minutes } of route.lessons) {
    const before = next.lessons[id];
    if (id in state.done && !before?.done) next.lessons[id] = { opened: state.done[id], minutes, path: page, title, ...before, done: state.done[id] || new Date().toISOString() };
  }
});

const progress = element(document, "p", { role: "status" });
const tick = element(document, "input", { type: "checkbox", id: "score", checked: state.agreed });
const score = element(document, "label", { for: "score" });
const told = element(document, "p", { role: "status" });
tick.addEventListener("change", () => {
  state.agreed = tick.checked;
  told.textContent = tick.checked ? "" : "No more scores are sent. What was sent before stays with the learning system.";
  tell();
});
document.querySelector("[data-told]").append(
  session
    ? element(
        document,
        "details",
        {},
        element(document, "summary", {}, "What your learning system is told"),
        element(document, "p", {}, "Which lessons you marked as done, how long you stayed, and the page you were on. Your guesses, answers and notes stay in this browser."),
        route.questions ? element(document, "p", {}, tick, " ", score) : null,
        told,
      )
    : element(document, "p", {}, "No learning system was found, or it would not start this course, so nothing is reported. The lessons work all the same."),
);
document.querySelector("[data-progress]").append(progress);

frame.addEventListener("load", () => {
  followTheme();
  tell();
});
frame.src = route.pages.includes(bookmark.split("#")[0]) ? bookmark : route.start;
onRecord(tell);
addEventListener("pagehide", () => session?.leave());
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // gone back to: that stay is over
});

/** On a shared computer the tab may still hold the record of whoever signed in before. */
function forgetAnother(learner) {
  if (!learner) return;
  try {
    const before = sessionStorage.getItem(LEARNER);
    if (before !== null && before !== learner && !ownDevice()) erase();
    sessionStorage.setItem(LEARNER, learner);
  } catch {
    // storage is switched off: then nothing was kept either
  }
}

/** Light or dark, as the page in the frame is. */
function followTheme() {
  const inside = frame.contentDocument?.documentElement;
  if (!inside) return;
  const follow = () => {
    document.documentElement.dataset.theme = inside.dataset.theme ?? "light";
  };
  follow();
  new MutationObserver(follow).observe(inside, { attributeFilter: ["data-theme"] });
}

function tell() {
  const { lessons } = record();
  for (const { id } of route.lessons) {
    if (lessons[id]?.done) state.done[id] ??= lessons[id].done.slice(0, 10);
    else delete state.done[id];
  }
  const done = required.filter(({ id }) => state.done[id] !== undefined).length;
  const right = countRight();
  score.textContent = `Send my self-check score too: ${right} of ${route.questions} right.`;
  if (session) {
    session.report(done, required.length);
    session.remember(here(), state.agreed ? state : { done: state.done });
    if (state.agreed) session.score(right, route.questions);
    session.commit();
  }
  progress.textContent = [
    `${done} of ${required.length} lessons done.`,
    session && !session.trouble && done === required.length ? "Your learning system has been told that you finished." : "",
    session?.trouble ? `Your learning system refused something (error ${session.trouble}): tell whoever runs it.` : "",
    recordTrouble(),
  ].filter(Boolean).join(" ");
}

/** Questions whose latest answer is right; for a lesson not answered in this stay, what was remembered. */
function countRight() {
  const latest = new Map();
  for (const one of record().answers) latest.set(JSON.stringify([one.lesson, one.widget, one.question]), one);
  const now = {};
  for (const { lesson, right } of latest.values()) now[lesson] = (now[lesson] ?? 0) + Number(right);
  state.right = { ...state.right, ...now };
  return route.lessons.reduce((sum, { id }) => sum + (state.right[id] ?? 0), 0);
}

function here() {
  try {
    return frame.contentWindow.location.href.slice(root.length).slice(0, 255);
  } catch {
    return route.start; // the frame shows another site
  }
}
