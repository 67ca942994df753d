/** Which lessons serve which capability: the mapping built into the page, or the learner's own CSV, checked row by row. */

export const COLUMNS = ["capability_id", "capability", "framework", "lessons", "evidence", "checked", "verify"];
const NEEDED = ["capability_id", "capability", "framework", "lessons"];
const MOST_ROWS = 200;

/** What the build wrote into the page: {specialties: [{id, name, note, rows}], lessons: {id: {title, minutes, path}}}. */
export function builtIn(document) {
  return JSON.parse(document.querySelector("script[data-frameworks]").textContent);
}

/** Read a mapping from the text of a CSV file. Throws an error that names the row and the column that are wrong. */
export function readMapping(text, lessons) {
  const [head, ...body] = cells(text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n"));
  const names = (head?.row ?? []).map((name) => name.trim().toLowerCase());
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length) throw new Error(`Row 1, the headings: there is no column “${missing[0]}”. The columns are ${COLUMNS.join(", ")}; the first four are needed.`);
  if (!body.length) throw new Error("There are headings and no rows. Put one capability in each row below them.");
  if (body.length > MOST_ROWS) throw new Error(`There are ${body.length} rows; the page takes ${MOST_ROWS}. Leave out what you do not need.`);
  return body.map(({ row, number }) => {
    if (row.length > names.length) throw new Error(`Row ${number}: ${row.length} cells under ${names.length} headings. A cell with a comma in it needs quotation marks around it.`);
    const one = Object.fromEntries(COLUMNS.map((name) => [name, (row[names.indexOf(name)] ?? "").trim()]));
    for (const name of NEEDED) if (!one[name]) throw new Error(`Row ${number}, column “${name}”: it is empty. Write something, or take the row out.`);
    const ids = one.lessons.split(/[\s;,]+/).filter(Boolean);
    const stranger = ids.find((id) => !Object.hasOwn(lessons, id));
    if (stranger) throw new Error(`Row ${number}, column “lessons”: ${stranger.slice(0, 30)} is not a lesson of this course. Write ids such as M02.3 with spaces between them.`);
    if (one.checked && !isDay(one.checked)) throw new Error(`Row ${number}, column “checked”: “${one.checked.slice(0, 30)}” is not a date. Write it like 2026-11-24, or leave it empty.`);
    return { ...one, lessons: ids };
  });
}

/** A mapping as the rows of a CSV file, for the learner to change. */
export function mappingTable(rows) {
  return { columns: COLUMNS, rows: rows.map((row) => COLUMNS.map((name) => (name === "lessons" ? row.lessons.join(" ") : row[name]))) };
}

function isDay(text) {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Rows of cells; a cell in quotation marks may hold commas, line ends and doubled quotation marks. Empty rows are left out. */
function cells(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const row = rows.at(-1);
    if (quoted && sign === '"' && text[at + 1] === '"') {
      row[row.length - 1] += sign;
      at += 1;
    } else if (quoted && sign === '"') quoted = false;
    else if (quoted) row[row.length - 1] += sign;
    else if (sign === '"' && row.at(-1) === "") quoted = true;
    else if (sign === ",") row.push("");
    else if (sign === "\n" || sign === "\r") rows.push([""]);
    else row[row.length - 1] += sign;
  }
  return rows.map((row, index) => ({ row, number: index + 1 })).filter(({ row }) => row.some((cell) => cell.trim()));
}
