/** The evidence pack of a doctor in training: chosen by the learner, mapped to a framework, printed or saved; it judges nothing. */

import { downloadText, toCsv } from "./download.js";
import { button, checkBox, dateBox, day, fileButton, hours, make, NO_PATIENTS, textBox, troubleLine } from "./forms.js";
import { builtIn, mappingTable, readMapping } from "./frameworks.js";
import { pdsaLog } from "./log.js";
import { readMarks } from "./marks.js";
import { onRecord, record, update } from "./record.js";
import { table } from "./record-page.js";

const PAPER = `body{font:11pt/1.45 system-ui,sans-serif;color:#20292b;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:1.6rem}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border-bottom:1px solid #8a908c;padding:.3rem .5rem;text-align:left;vertical-align:top}img{max-width:100%;height:auto}
.pack-supervisor{border:2px solid #20292b;padding:1rem;margin-top:2rem;break-inside:avoid}.pack-line{border-bottom:1px solid #20292b;height:2rem}
figure,.pack-cycle,tr{break-inside:avoid}h2,h3{break-after:avoid}.words{white-space:pre-wrap}@page{size:A4;margin:18mm}`;

export function drawPackPage(place) {
  const { specialties, lessons } = builtIn(document);
  const said = make("p", { class: "record-said", role: "status" });
  const say = (words) => {
    said.textContent = words;
  };
  const trouble = troubleLine();
  const pack = (name) => record().pack[name] ?? "";
  const set = (name, value) => update((next) => {
    next.pack[name] = value;
  });
  const specialty = () => specialties.find((one) => one.id === pack("specialty")) ?? specialties[0];
  const mapping = () => {
    if (!pack("mapping")) return specialty().rows;
    try {
      return readMapping(pack("mapping"), lessons);
    } catch {
      return specialty().rows; // written for a course that had other lessons
    }
  };

  const paper = make("article", { class: "pack-paper" });
  const paintPaper = () => paper.replaceChildren(...drawPaper({ specialty: specialty(), own: Boolean(pack("mapping")), rows: mapping(), lessons }).flat());

  const select = make("select", { id: "pack-specialty" }, specialties.map((one) => make("option", { value: one.id, selected: one.id === specialty().id }, one.name)));
  const note = make("p", { class: "record-help" });
  const paintNote = () => {
    note.textContent = pack("mapping") ? "Your own mapping is in use." : specialty().note;
    ownMapping.hidden = !pack("mapping");
  };
  select.addEventListener("change", () => set("specialty", select.value));
  const ownMapping = button("Go back to the course's mapping", () => {
    set("mapping", "");
    say("The course's mapping is back.");
    select.focus();
  });

  const shared = make("div", {});
  const paintShared = () => {
    const chosen = pack("shared").split(" ").filter(Boolean);
    const written = Object.keys(record().notes).sort();
    shared.replaceChildren(
      ...(written.length
        ? written.map((id) => checkBox({
          label: `${id} ${lessons[id]?.title ?? ""}: “${record().notes[id].slice(0, 60)}${record().notes[id].length > 60 ? "…" : ""}”`,
          checked: chosen.includes(id),
          change: (yes) => set("shared", [...new Set(yes ? [...chosen, id] : chosen.filter((one) => one !== id))].join(" ")),
        }))
        : [make("p", {}, "You have written none yet. Each lesson ends with a box for one.")]),
    );
  };

  const charts = make("ul", { class: "record-list" });
  const paintCharts = () => {
    charts.replaceChildren(
      ...(record().charts.length
        ? record().charts.map((one, index) => make("li", { class: "record-row" }, `${one.title}, kept on ${day(one.at)}`, button("Take it out", () => {
          update((next) => next.charts.splice(index, 1));
          paintCharts();
          (charts.querySelector("button") ?? select).focus();
        }, { "aria-label": `Take it out: ${one.title}` })))
        : [make("li", {}, "None yet. Press “Keep this chart” below a chart in a lesson.")]),
    );
  };

  const exercises = exercisePart(say);
  const log = pdsaLog();
  place.classList.add("record");
  place.replaceChildren(
    trouble.line,
    said,
    part("Who and what for",
      textBox({ label: "Your name, as it should be printed", most: 120, value: pack("name"), change: (text) => set("name", text) }),
      textBox({ label: "Post and year", most: 120, value: pack("post"), change: (text) => set("post", text) }),
      make("div", { class: "record-field" }, make("label", { for: "pack-specialty" }, "Specialty"), select),
      note,
      make("details", {}, make("summary", {}, "Change the mapping"),
        make("p", {}, "Panels differ. Save the mapping, change it in a spreadsheet to what yours asks for, and open it here. It stays on this device."),
        make("div", { class: "record-buttons" },
          button("Save this mapping as CSV", () => downloadText(document, `mapping-${specialty().id}.csv`, "text/csv", `\ufeff${toCsv(mappingTable(mapping()))}`)),
          ownMapping),
        fileButton({
          label: "Open my own mapping (CSV)",
          accept: ".csv,text/csv",
          say,
          read: (text) => {
            const rows = readMapping(text, lessons);
            set("mapping", text);
            say(`Your mapping is in use: ${rows.length} ${rows.length === 1 ? "row" : "rows"}.`);
          },
        }))),
    part("Reflections to put in", make("p", { class: "record-help" }, "They are private until you tick them."), shared),
    part("Charts", charts),
    part("Exercises", exercises.node),
    part("PDSA log", make("p", { class: "record-help" }, NO_PATIENTS), log.node),
    part("Print or save",
      make("p", {}, "Read it below first. To make a PDF, press Print and choose “Save as PDF”."),
      make("div", { class: "record-buttons" },
        button("Print the pack", () => window.print(), { class: "record-button record-primary" }),
        button("Save as one HTML file", () => downloadText(document, "evidence-pack.html", "text/html", wholePage(paper))))),
    paper,
  );
  const paint = () => {
    trouble.paint();
    paintNote();
    for (const [node, draw] of [[shared, paintShared], [charts, paintCharts], [exercises.node, exercises.paint], [log.node, log.paint]]) {
      if (!node.contains(document.activeElement)) draw();
    }
    paintPaper();
  };
  paint();
  onRecord(paint);
}

function part(heading, ...children) {
  return make("section", { class: "record-section record-form" }, make("h2", {}, heading), ...children);
}

function exercisePart(say) {
  const list = make("ul", { class: "record-list" });
  const name = textBox({ label: "Exercise", most: 120, help: "Such as: E02 chart pack" });
  const score = textBox({ label: "Result", most: 60, help: "As you were given it, such as 14 of 20" });
  const on = dateBox({ label: "Date" });
  const passed = checkBox({ label: "Passed", change: () => {} });
  const value = (node) => node.querySelector("input").value.trim();
  const put = (entries) => update((next) => {
    for (const entry of entries) {
      const same = (one) => one.name === entry.name && one.on === entry.on && one.source === entry.source;
      next.exercises = [...next.exercises.filter((one) => !same(one)), entry];
    }
  });
  const form = make("form", { class: "record-card", novalidate: true }, make("p", {}, make("strong", {}, "Add one by hand")), name, score, on, passed, make("button", { type: "submit", class: "record-button" }, "Add the exercise"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!value(name)) {
      say("Write the exercise's name first.");
      name.querySelector("input").focus();
      return;
    }
    put([{ name: value(name), score: value(score), passed: passed.querySelector("input").checked, on: value(on), source: "typed by the learner" }]);
    form.reset();
    paint();
    say("The exercise was added.");
  });
  const paint = () => list.replaceChildren(
    ...record().exercises.map((one, index) => make("li", { class: "record-row" }, exerciseWords(one), button("Remove", () => {
      update((next) => next.exercises.splice(index, 1));
      paint();
      (list.querySelector("button") ?? name.querySelector("input")).focus();
    }, { "aria-label": `Remove: ${one.name}` }))),
  );
  const file = fileButton({
    label: "Or open the certificate (.openbadge.jwt) or the marks file (.json) that your facilitator gave you",
    accept: ".jwt,.json,application/json",
    say,
    read: (text) => {
      const entries = readMarks(text);
      put(entries);
      paint();
      say(`${entries.length} ${entries.length === 1 ? "exercise was" : "exercises were"} read from the file.`);
    },
  });
  paint();
  return { node: make("div", {}, list, form, file), paint };
}

const exerciseWords = (one) => [one.name, one.score, one.passed ? "passed" : "", one.on ? day(one.on) : "", one.source].filter(Boolean).join(", ");

function drawPaper({ specialty, own, rows, lessons }) {
  const now = record();
  const done = Object.keys(now.lessons).filter((id) => now.lessons[id].done).sort();
  const minutes = done.reduce((sum, id) => sum + now.lessons[id].minutes, 0);
  const shared = (now.pack.shared ?? "").split(" ").filter((id) => now.notes[id]);
  const cycles = now.pdsa.filter((one) => one.title || one.plan || one.prediction || one.happened || one.next);
  const passed = now.exercises.filter((one) => one.passed).length;
  const named = (id) => `${id} ${lessons[id]?.title ?? now.lessons[id]?.title ?? ""}`.trim();
  const served = (row) => {
    const have = row.lessons.filter((id) => done.includes(id));
    return have.length ? have.map(named).join("; ") : "none done yet";
  };
  return [
    make("h2", { class: "pack-title" }, "Evidence pack: healthcare improvement"),
    make("p", {}, [now.pack.name, now.pack.post].filter(Boolean).join(", ") || "Name not given"),
    make("p", { class: "record-help" }, `Put together by the learner on ${day(new Date().toISOString())} with IMPACT in Practice, an independent open course. It states what was done. It is not accreditation, and the course has judged none of it except exercises that a facilitator marked.`),
    make("h3", {}, "In short"),
    make("ul", {},
      make("li", {}, `${done.length} ${done.length === 1 ? "lesson" : "lessons"} done, ${hours(minutes)} by the course's own count`),
      make("li", {}, `${passed} ${passed === 1 ? "exercise" : "exercises"} passed`),
      make("li", {}, `${cycles.length} PDSA ${cycles.length === 1 ? "cycle" : "cycles"}, ${now.charts.length} ${now.charts.length === 1 ? "chart" : "charts"}, ${shared.length} ${shared.length === 1 ? "reflection" : "reflections"}`),
      make("li", {}, `${now.actions.filter((one) => one.done).length} of ${now.actions.length} next actions done`)),
    make("h3", {}, `Mapping: ${own ? "the learner's own" : specialty.name}`),
    make("p", { class: "record-help" }, own ? "The learner's own mapping." : `${specialty.note} Capabilities are in the course's own words and were last checked on the dates shown; the letters before them are the course's too. Use the wording of your curriculum in force. Panels differ.`),
    table("Mapping to capabilities", ["Capability", "Lessons done", "Evidence to show", "Checked"], rows.map((row) => [`${row.capability_id}: ${row.capability} (${row.framework})`, served(row), row.evidence, row.checked ? day(row.checked) : "not dated"])),
    doubts(rows),
    make("h3", {}, "Lessons"),
    done.length ? make("ul", {}, done.map((id) => make("li", {}, `${named(id)}, ${now.lessons[id].minutes} minutes, ${day(now.lessons[id].done)}`))) : make("p", {}, "None done yet."),
    make("h3", {}, "Exercises"),
    now.exercises.length ? make("ul", {}, now.exercises.map((one) => make("li", {}, exerciseWords(one)))) : make("p", {}, "None entered."),
    make("h3", {}, "Charts"),
    now.charts.length ? now.charts.map(figure) : make("p", {}, "None kept. A claim of success without a chart does not pass."),
    make("h3", {}, "PDSA log"),
    cycles.length ? cycles.map(cycle) : make("p", {}, "None written."),
    make("h3", {}, "Reflections"),
    shared.length ? shared.map((id) => make("div", { class: "pack-cycle" }, make("h4", {}, named(id)), make("p", { class: "words" }, now.notes[id]))) : make("p", {}, "None put in."),
    make("h3", {}, "Next actions"),
    now.actions.length ? make("ul", {}, now.actions.map((one) => make("li", {}, `${one.text}${one.by ? `, by ${day(one.by)}` : ""}: ${one.done ? "done" : "open"}`))) : make("p", {}, "None written."),
    supervisorsBox(),
  ];
}

/** What was not confirmed, each doubt once with the rows that it belongs to. */
function doubts(rows) {
  const found = new Map();
  for (const row of rows.filter((one) => one.verify)) found.set(row.verify, [...(found.get(row.verify) ?? []), row.capability_id]);
  return found.size ? make("ul", { class: "record-help" }, [...found].map(([words, ids]) => make("li", {}, `${ids.join(", ")}: ${words}.`))) : [];
}

function figure(one) {
  return make("figure", {},
    make("img", { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(one.svg)}`, alt: one.description, width: one.width, height: one.height }),
    make("figcaption", {}, `${one.title} (${[one.lesson, `kept on ${day(one.at)}`].filter(Boolean).join(", ")})`));
}

function cycle(one, index) {
  const line = (heading, words) => (words ? make("p", { class: "words" }, make("strong", {}, `${heading}: `), words) : null);
  return make("div", { class: "pack-cycle" },
    make("h4", {}, [`Cycle ${index + 1}`, one.title].filter(Boolean).join(": ")),
    line("When", day(one.when)),
    line("Plan", one.plan),
    line("Prediction", one.prediction || "none written beforehand"),
    line("What happened", one.happened),
    line("What next", one.next));
}

/** Empty lines for a pen. Nothing of the record is ever written here: the judgement is the supervisor's. */
function supervisorsBox() {
  const line = (words) => make("div", {}, make("p", {}, words), make("div", { class: "pack-line" }));
  return make("section", { class: "pack-supervisor", "aria-label": "For the supervisor" },
    make("h3", {}, "For the supervisor"),
    make("p", {}, "To be written by the supervisor. The course and the learner leave it empty."),
    line("What I have seen of this work"), line("My judgement"), line("Name and role"), line("Signature and date"));
}

/** The paper alone as a page that needs nothing else and may run nothing. */
function wholePage(paper) {
  const page = document.implementation.createHTMLDocument("Evidence pack: healthcare improvement");
  page.documentElement.lang = "en-GB";
  page.head.append(
    make("meta", { charset: "utf-8" }),
    make("meta", { "http-equiv": "Content-Security-Policy", content: "default-src 'none'; img-src data:; style-src 'unsafe-inline'" }),
    make("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    make("style", {}, PAPER),
  );
  const main = make("main", {});
  const [title, ...rest] = paper.cloneNode(true).children;
  main.append(make("h1", {}, title.textContent), ...rest);
  page.body.append(main);
  return `<!doctype html>\n${page.documentElement.outerHTML}`;
}
