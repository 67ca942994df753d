/** A certificate to a board, which lists what it decided: typed in the page, nothing added, printed or saved as PDF. */

import { button, dateBox, day, make, textBox, troubleLine } from "./forms.js";
import { decisionList } from "./log.js";
import { onRecord, record, update } from "./record.js";
import { table } from "./record-page.js";

export function drawCertificatePage(place) {
  const trouble = troubleLine();
  const board = (name) => record().board[name] ?? "";
  const set = (name) => (value) => update((next) => {
    next.board[name] = value;
  });
  const list = decisionList();
  const print = button("Print the certificate", () => window.print(), { class: "record-button record-primary" });
  const wanting = make("p", { class: "record-said", role: "status" });
  const paper = make("article", { class: "pack-paper certificate" });

  const paint = () => {
    trouble.paint();
    const missing = gaps(record());
    print.disabled = missing.length > 0;
    const words = missing.length ? `Before it can be printed: ${missing.join("; ")}.` : "Ready to print.";
    if (wanting.textContent !== words) wanting.textContent = words;
    if (!list.node.contains(document.activeElement)) list.paint();
    paper.replaceChildren(...drawPaper(record()));
  };
  place.classList.add("record");
  place.replaceChildren(
    trouble.line,
    make("section", { class: "record-section record-form" },
      make("h2", {}, "The board"),
      textBox({ label: "Name of the board or organisation", most: 160, value: board("name"), change: set("name") }),
      dateBox({ label: "First session", value: board("from"), change: set("from") }),
      dateBox({ label: "Last session", value: board("until"), change: set("until") }),
      textBox({ label: "Who took part", help: "One role a line, such as: Chair; Patient partner. Names only if they want to be named.", rows: 4, value: board("present"), change: set("present") }),
      dateBox({ label: "When will the board look at these decisions again?", value: board("review"), change: set("review") })),
    make("section", { class: "record-section record-form" }, make("h2", {}, "What it decided"), list.node),
    make("section", { class: "record-section record-form" }, make("h2", {}, "Print"), wanting, make("div", { class: "record-buttons" }, print)),
    paper,
  );
  paint();
  onRecord(paint);
}

/** What a certificate still lacks, in words. */
function gaps({ board, decisions }) {
  const missing = [];
  if (!board.name) missing.push("write the board's name");
  if (!decisions.length) missing.push("write at least one decision");
  for (const [index, one] of decisions.entries()) {
    for (const [name, words] of [["text", "what it is"], ["owner", "an owner"], ["by", "a date"]]) {
      if (!one[name].trim()) missing.push(`decision ${index + 1} needs ${words}`);
    }
  }
  if (!board.review) missing.push("say when the board looks again");
  return missing;
}

function drawPaper({ board, decisions }) {
  const written = decisions.filter((one) => one.text);
  const dates = [board.from, board.until].filter(Boolean).map(day);
  const present = (board.present ?? "").split("\n").map((one) => one.trim()).filter(Boolean);
  return [
    make("h2", { class: "pack-title" }, "Certificate to a board"),
    make("p", { class: "certificate-name" }, board.name || "(name of the board)"),
    make("p", {}, `took part in the board sessions of the course IMPACT in Practice${dates.length ? `, ${[...new Set(dates)].join(" to ")}` : ""}, and decided:`),
    written.length
      ? table("Decisions", ["Decision", "Owner", "By", "How the board will know"], written.map((one) => [one.text, one.owner, day(one.by), one.known]))
      : make("p", {}, make("strong", {}, "Nothing is written yet. A board that has decided nothing has nothing to be certified.")),
    board.review ? make("p", {}, `The board looks at these decisions again on ${day(board.review)}.`) : null,
    present.length ? make("div", {}, make("h3", {}, "Who took part"), make("ul", {}, present.map((one) => make("li", {}, one)))) : null,
    make("div", { class: "pack-supervisor" }, make("p", {}, "Chair"), make("div", { class: "pack-line" }), make("p", {}, "Date"), make("div", { class: "pack-line" })),
    make("p", { class: "record-help" }, "It records what the board wrote down. It is not accreditation, and says nothing of how good the board or its care is. IMPACT in Practice is an independent course, not an NHS England product, and not yet piloted."),
  ].filter(Boolean);
}
