/** The learner's record: what it holds, where it is kept, and how a file of it is read. Nothing here draws. */

const KEY = "course:record";
const OWN = "course:own-device";
const UNREAD = "course:record-unread";
const VERSION = 1;
const COURSE = "IMPACT in Practice";

const LESSON = /^[A-Z]\d{2}[.-][0-9A-Z]{1,3}$/;
const LIMITS = { file: 6_000_000, entries: 2000, text: 20_000, charts: 12, picture: 160_000 };

const NOT_KEPT =
  "This browser lets the page keep nothing, so your record lasts only until you leave this page. Save it as a file before you go.";
const FULL =
  "There is no room left for your record in this browser. What you did last is still on this page: save the record as a file now, then take out some kept charts.";
const UNREADABLE =
  "A record was found in this browser that this version of the course cannot read. It was set aside, not deleted: save it as a file, then erase the record.";

/** A file that is not a record of this version; its message says what to do. */
export class RecordError extends Error {}

/** What each list holds, by the type of every field; a field that is missing is empty. */
const LISTS = {
  predictions: { lesson: "lesson", widget: "text", question: "text", guess: "text", outcome: "text", at: "text" },
  answers: { lesson: "lesson", widget: "text", question: "text", answer: "text", right: "judged", at: "text" },
  pdsa: { title: "text", plan: "text", prediction: "text", happened: "text", next: "text", when: "text", at: "text", changed: "text" },
  actions: { lesson: "lesson", text: "text", by: "text", done: "flag" },
  decisions: { text: "text", owner: "text", by: "text", known: "text" },
  charts: { lesson: "lesson", title: "text", description: "text", svg: "picture", width: "number", height: "number", at: "text" },
  exercises: { name: "text", score: "text", passed: "flag", on: "text", source: "text" },
};
const LESSON_FIELDS = { opened: "text", done: "text", minutes: "number", path: "text", title: "text" };
const PACK_FIELDS = { specialty: "text", name: "text", post: "text", mapping: "text", shared: "text" };
const BOARD_FIELDS = { name: "text", from: "text", until: "text", present: "text", review: "text" };

/** What makes two entries the same one, when a file is merged in. */
const SAME = {
  predictions: (one) => [one.lesson, one.widget, one.at],
  answers: (one) => [one.lesson, one.widget, one.question, one.at],
  pdsa: (one) => [one.at],
  actions: (one) => [one.lesson, one.text, one.by],
  decisions: (one) => [one.text, one.owner, one.by],
  charts: (one) => [one.lesson, one.title, one.at],
  exercises: (one) => [one.name, one.on, one.source],
};

let memory = null; // the record of this page, when the browser keeps none
let trouble = "";
const listeners = new Set();

/** A record with nothing in it. */
function blank() {
  const lists = Object.fromEntries(Object.keys(LISTS).map((name) => [name, []]));
  return { version: VERSION, route: null, started: new Date().toISOString(), lessons: {}, notes: {}, pack: {}, board: {}, ...lists };
}

/** The current record: never null, not to be changed but through `update`. */
export function record() {
  if (memory && trouble) return memory;
  const text = stored();
  if (text === null) {
    // Where the browser keeps a record but has none, another tab may have erased it: what this page remembers is gone too.
    if (area() || !memory) memory = blank();
    return memory;
  }
  try {
    memory = readRecord(text);
  } catch {
    setAside(text);
    memory = blank();
  }
  return memory;
}

/**
 * Change the record through `change(record)`, keep it, and tell everyone who listens. Returns whether it was kept.
 * Throws RecordError, and changes nothing, if the record would then not be one that can be read back.
 */
export function update(change) {
  const next = structuredClone(record());
  change(next);
  memory = readRecord(JSON.stringify(next));
  const kept = keep();
  tell();
  return kept;
}

/** Call `listener(record)` after every change; returns a function that stops it. */
export function onRecord(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A sentence on why the record is not being kept, or nothing. */
export function recordTrouble() {
  if (!trouble && !storage("sessionStorage")) trouble = NOT_KEPT;
  if (trouble) return trouble;
  return unreadRecord() ? UNREADABLE : "";
}

/** The text of a record that this version cannot read, or null. */
export function unreadRecord() {
  return area()?.getItem(UNREAD) ?? null;
}

/** Whether the learner said that this device is theirs alone. */
export function ownDevice() {
  try {
    return storage("localStorage")?.getItem(OWN) === "yes";
  } catch {
    return false;
  }
}

/** Move the record to where it outlives the session, or back. Returns whether the browser allowed it. */
export function keepOnThisDevice(yes) {
  const device = storage("localStorage");
  if (!device) return false;
  memory = record();
  trouble = "";
  try {
    if (yes) device.setItem(OWN, "yes");
    else for (const key of [OWN, KEY, UNREAD]) device.removeItem(key);
  } catch {
    return false;
  }
  const kept = keep();
  if (yes && kept) storage("sessionStorage")?.removeItem(KEY);
  tell();
  return kept;
}

/** The record as the text of a file. */
export function exportRecord() {
  return JSON.stringify({ course: COURSE, saved: new Date().toISOString(), ...record() }, null, 2);
}

/** Put a file's record in: "merge" adds it to this one, "replace" drops this one. Throws RecordError and changes nothing if it cannot be read. */
export function importRecord(text, how = "merge") {
  const opened = readRecord(text);
  update((now) => {
    const next = how === "replace" ? opened : merged(now, opened);
    for (const name of Object.keys(now)) delete now[name];
    Object.assign(now, next);
  });
}

/** Forget everything: the record, what could not be read, and that this device is the learner's own. */
export function erase() {
  for (const name of ["sessionStorage", "localStorage"]) for (const key of [KEY, UNREAD, OWN]) storage(name)?.removeItem(key);
  memory = blank();
  trouble = "";
  tell();
}

/** Read the text of a record; every field is checked, unknown ones are left out. Throws RecordError. */
export function readRecord(text) {
  if (text.length > LIMITS.file) throw new RecordError("This file is too large to be a learner's record. Choose the file that this page saved for you.");
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    throw new RecordError("This file is broken or is not a learner's record: it is not JSON. Choose the file that this page saved, as it was saved.");
  }
  if (given === null || typeof given !== "object" || Array.isArray(given) || !("version" in given)) {
    throw new RecordError("This is a JSON file, but not a learner's record: it names no version. Choose the file that this page saved for you.");
  }
  if (given.version !== VERSION) {
    const older = typeof given.version === "number" && given.version < VERSION;
    throw new RecordError(
      older
        ? `This record is of an older version (${given.version}); this course reads version ${VERSION}. Open it in the course it came from and save it again there.`
        : `This record is of version ${short(given.version)}; this course reads version ${VERSION}. Open it in a newer copy of the course, and keep the file.`,
    );
  }
  const made = blank();
  made.route = typeof given.route === "string" && /^[a-z0-9-]{1,24}$/.test(given.route) ? given.route : null;
  made.started = field("text", given.started, "started") || made.started;
  for (const [id, facts] of Object.entries(group(given.lessons, "lessons"))) {
    made.lessons[lessonId(id, "lessons")] = fields(LESSON_FIELDS, facts, `lessons, ${id}`);
  }
  for (const [id, words] of Object.entries(group(given.notes, "notes"))) made.notes[lessonId(id, "notes")] = field("text", words, `notes, ${id}`);
  made.pack = fields(PACK_FIELDS, group(given.pack, "pack"), "pack");
  made.board = fields(BOARD_FIELDS, group(given.board, "board"), "board");
  for (const [name, shape] of Object.entries(LISTS)) {
    const list = given[name] ?? [];
    if (!Array.isArray(list)) throw wrong(name, "is not a list");
    if (list.length > LIMITS.entries) throw wrong(name, `holds more than ${LIMITS.entries} entries`);
    made[name] = list.map((one, index) => fields(shape, one, `${name}, entry ${index + 1}`));
  }
  made.charts = made.charts.slice(0, LIMITS.charts);
  return made;
}

/** How many charts, and how large a picture, a record holds. */
export function chartLimits() {
  return { charts: LIMITS.charts, picture: LIMITS.picture };
}

function merged(now, more) {
  const next = structuredClone(now);
  next.route = now.route ?? more.route;
  next.started = [now.started, more.started].sort()[0];
  for (const [id, facts] of Object.entries(more.lessons)) {
    const mine = next.lessons[id];
    if (!mine) {
      next.lessons[id] = facts;
      continue;
    }
    if (facts.opened && (!mine.opened || facts.opened < mine.opened)) mine.opened = facts.opened;
    mine.done ||= facts.done;
    mine.minutes ||= facts.minutes;
  }
  for (const [id, words] of Object.entries(more.notes)) {
    const mine = next.notes[id] ?? "";
    if (!mine.includes(words)) next.notes[id] = words.includes(mine) ? words : `${mine}\n\n${words}`;
  }
  next.pack = { ...more.pack, ...filled(now.pack) };
  next.board = { ...more.board, ...filled(now.board) };
  for (const name of Object.keys(LISTS)) {
    const key = (one) => JSON.stringify(SAME[name](one));
    const known = new Map(next[name].map((one) => [key(one), one]));
    for (const one of more[name]) {
      const mine = known.get(key(one));
      if (!mine) next[name].push(one);
      else if (name === "actions") mine.done ||= one.done;
      else if (name === "pdsa" && one.changed > mine.changed) Object.assign(mine, one);
    }
  }
  next.charts = next.charts.slice(0, LIMITS.charts);
  return next;
}

const filled = (facts) => Object.fromEntries(Object.entries(facts).filter(([, value]) => value));

function fields(shape, given, where) {
  if (given === null || typeof given !== "object" || Array.isArray(given)) throw wrong(where, "is not an entry with fields");
  return Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, field(kind, given[name], `${where}, ${name}`)]));
}

function field(kind, value, where) {
  if (kind === "flag") return value === true;
  if (kind === "judged") return typeof value === "boolean" ? value : null; // null: nothing was said to the answer
  if (kind === "number") {
    if (value === undefined || value === null) return 0;
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(where, "is not a number");
    return value;
  }
  if (value === undefined || value === null || value === "") return "";
  if (kind === "lesson") return lessonId(value, where);
  if (!["string", "number", "boolean"].includes(typeof value)) throw wrong(where, "is not text");
  const words = String(value);
  const most = kind === "picture" ? LIMITS.picture : LIMITS.text;
  if (words.length > most) throw wrong(where, `is longer than ${most.toLocaleString("en-GB")} characters`);
  return words;
}

function lessonId(id, where) {
  if (!LESSON.test(id)) throw wrong(where, `names “${short(id)}”, which is not a lesson such as M02.3`);
  return String(id);
}

function group(given, where) {
  if (given === undefined || given === null) return {};
  if (typeof given !== "object" || Array.isArray(given)) throw wrong(where, "is not a group of entries");
  return given;
}

const short = (value) => String(value).slice(0, 30);

function wrong(where, what) {
  return new RecordError(`This file was changed or is damaged: “${where}” ${what}. Open an unchanged copy of it; your record here was left as it was.`);
}

/** A storage of the browser, or null where it is switched off. */
function storage(name) {
  try {
    const one = globalThis[name];
    one?.getItem(KEY);
    return one ?? null;
  } catch {
    return null;
  }
}

function area() {
  return storage(ownDevice() ? "localStorage" : "sessionStorage");
}

/** The text that is kept. What this session had noted before another tab said "own device" joins the device's record. */
function stored() {
  const place = area();
  if (!place) return null;
  const text = place.getItem(KEY);
  const session = ownDevice() ? storage("sessionStorage") : null;
  const before = session?.getItem(KEY) ?? null;
  if (before === null) return text;
  session.removeItem(KEY);
  try {
    return JSON.stringify(text === null ? readRecord(before) : merged(readRecord(text), readRecord(before)));
  } catch {
    return text;
  }
}

function keep() {
  const place = area();
  if (!place) {
    trouble = NOT_KEPT;
    return false;
  }
  try {
    place.setItem(KEY, JSON.stringify(memory));
    trouble = "";
    return true;
  } catch {
    trouble = FULL;
    return false;
  }
}

function setAside(text) {
  try {
    area().setItem(UNREAD, text);
    area().removeItem(KEY);
  } catch {
    trouble = FULL;
  }
}

function tell() {
  for (const listener of [...listeners]) listener(record());
}

// Another tab of the learner's own device has changed the record.
globalThis.addEventListener?.("storage", (event) => {
  if (event.key === KEY || event.key === OWN) tell();
});
