/** Speak to a learning system in SCORM 1.2 or 2004: find it, report, remember, leave. Nothing here draws. */

const FAR = 20; // windows to climb: more than any learning system nests
const VERSIONS = {
  "1.2": {
    api: "API",
    calls: { initialize: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", terminate: "LMSFinish", error: "LMSGetLastError" },
    learner: "cmi.core.student_id",
    entry: "cmi.core.entry",
    status: "cmi.core.lesson_status",
    bookmark: "cmi.core.lesson_location",
    time: "cmi.core.session_time",
    exit: "cmi.core.exit",
    score: "cmi.core.score",
    duration: (seconds) => [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part, place) => String(Math.floor(part)).padStart(place ? 2 : 4, "0")).join(":"),
  },
  2004: {
    api: "API_1484_11",
    calls: { initialize: "Initialize", get: "GetValue", set: "SetValue", commit: "Commit", terminate: "Terminate", error: "GetLastError" },
    learner: "cmi.learner_id",
    entry: "cmi.entry",
    status: "cmi.completion_status",
    bookmark: "cmi.location",
    time: "cmi.session_time",
    exit: "cmi.exit",
    score: "cmi.score",
    progress: "cmi.progress_measure",
    scaled: "cmi.score.scaled",
    duration: (seconds) => `PT${seconds}S`,
  },
};
const SUSPENDED = "cmi.suspend_data";
const LONGEST = 4096; // what 1.2 allows; 2004 allows more and needs no more

/** One stay in the learning system. `trouble` is its number for what it last refused, or "", as long as it refused nothing. */
export class Session {
  #api;
  #terms;
  #sent = new Map();
  #since = Date.now();
  #left = false;
  trouble = "";

  /** Begin a stay with the learning system around this window; null where there is none, or it will not start. */
  static open(window, version) {
    const terms = VERSIONS[version];
    const api = findApi(window, terms.api);
    if (!api) return null;
    const session = new Session(api, terms);
    if (!session.#call("initialize", "")) return null;
    session.#set(terms.exit, "suspend"); // or the learning system forgets the bookmark
    return session;
  }

  constructor(api, terms) {
    this.#api = api;
    this.#terms = terms;
  }

  /** In 2004, asking for what was never set is a fault. */
  get #first() {
    return this.#get(this.#terms.entry) === "ab-initio";
  }

  get learner() {
    return this.#get(this.#terms.learner);
  }

  /** The page the learner was on, or "". */
  get bookmark() {
    return this.#first ? "" : this.#get(this.#terms.bookmark);
  }

  /** What was remembered, as an object; empty the first time, or where somebody else wrote it. */
  get remembered() {
    if (this.#first) return {};
    try {
      const found = JSON.parse(this.#get(SUSPENDED));
      return found?.done && typeof found.done === "object" ? found : {};
    } catch {
      return {};
    }
  }

  /** Report how many of the required lessons are done. What was once complete stays complete. */
  report(done, required) {
    const { status, progress } = this.#terms;
    if (progress) this.#set(progress, String(Math.round((100 * done) / required) / 100));
    if (done === required) this.#set(status, "completed");
    else if (!["completed", "passed"].includes(this.#get(status))) this.#set(status, "incomplete");
  }

  /** Remember where the learner is, and a state: see `bounded`. */
  remember(bookmark, state) {
    this.#set(this.#terms.bookmark, bookmark);
    this.#set(SUSPENDED, bounded(state, LONGEST));
  }

  /** Report a score. Call it only for a learner who agreed. */
  score(right, questions) {
    const { score, scaled } = this.#terms;
    const share = Math.round((100 * right) / questions);
    const before = this.trouble;
    this.#set(`${score}.min`, "0");
    this.#set(`${score}.max`, "100");
    this.trouble = before; // in 1.2 a learning system need not know these two
    this.#set(`${score}.raw`, String(share));
    if (scaled) this.#set(scaled, String(share / 100));
  }

  /** Have what was reported kept. */
  commit() {
    this.#call("commit", "");
  }

  /** End the stay: nothing can be reported afterwards. */
  leave() {
    if (this.#left) return;
    this.#set(this.#terms.time, this.#terms.duration(Math.round((Date.now() - this.#since) / 1000)));
    this.commit();
    this.#call("terminate", "");
    this.#left = true;
  }

  #get(element) {
    return this.#sent.get(element) ?? String(this.#api[this.#terms.calls.get](element) ?? "");
  }

  #set(element, value) {
    if (this.#left || this.#sent.get(element) === value) return;
    if (this.#call("set", element, value)) this.#sent.set(element, value);
  }

  #call(name, ...given) {
    const { calls } = this.#terms;
    try {
      const went = String(this.#api[calls[name]](...given)) === "true";
      if (!went) this.trouble = String(this.#api[calls.error]());
      return went;
    } catch {
      this.trouble = "unknown"; // its window has gone
      return false;
    }
  }
}

/** The learning system's API: in a window around this one, or around the one that opened it; otherwise null. */
export function findApi(window, name) {
  return climb(window, name) ?? climb(reach(() => window.top.opener) ?? reach(() => window.opener), name);
}

function climb(window, name) {
  for (let step = 0; window && step < FAR; step += 1) {
    const here = window;
    const api = reach(() => here[name]);
    if (api) return api;
    const parent = reach(() => here.parent);
    window = parent === here ? null : parent;
  }
  return null;
}

/** A window of another site gives nothing away. */
function reach(look) {
  try {
    return look() ?? null;
  } catch {
    return null;
  }
}

/** A state as text of at most `longest` characters: `done` (dates by lesson) is kept before `right` (counts by lesson). */
export function bounded(state, longest) {
  const { right, ...needed } = state;
  const undated = { ...needed, done: Object.fromEntries(Object.keys(state.done).map((lesson) => [lesson, ""])) };
  return [state, needed, undated].map((one) => JSON.stringify(one)).find((text) => text.length <= longest) ?? "";
}
