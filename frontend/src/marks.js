/** Exercises passed, read from what a facilitator hands out: a signed certificate, or a list of marks in JSON. */

const TOKEN = /^[\w-]+\.([\w-]+)\.[\w-]+$/;
const MOST = 100;
const TYPE_IT = "Type the exercise in instead.";

/** Entries for the record's list of exercises. Throws an error that says what is wrong with the file. */
export function readMarks(text) {
  const token = TOKEN.exec(text.trim());
  return token ? [readCertificate(token[1])] : readList(text);
}

/** The claims of an Open Badges 3.0 credential. The signature is not checked here: `course verify` does that. */
function readCertificate(part) {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    const credential = claims.vc ?? claims;
    return {
      name: words(credential.credentialSubject.achievement.name),
      score: "",
      passed: true,
      on: day(credential.validFrom ?? credential.issuanceDate),
      source: "from a certificate whose signature this page has not checked",
    };
  } catch {
    throw new Error(`This certificate cannot be read. Ask your facilitator for it again. ${TYPE_IT}`);
  }
}

/** {"marks": [{"exercise": "E02 chart pack", "score": 14, "out_of": 20, "passed": true, "on": "2026-11-20"}]} */
function readList(text) {
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Error(`This is neither a certificate nor a marks file. ${TYPE_IT}`);
  }
  if (!Array.isArray(given?.marks) || !given.marks.length) throw new Error(`This file has no list called “marks”. ${TYPE_IT}`);
  return given.marks.slice(0, MOST).map((one, index) => {
    const where = `Marks, entry ${index + 1}`;
    if (typeof one?.exercise !== "string" || !one.exercise.trim()) throw new Error(`${where}: “exercise” is missing. ${TYPE_IT}`);
    if (!Number.isFinite(one.score)) throw new Error(`${where}: “score” is not a number. ${TYPE_IT}`);
    return {
      name: words(one.exercise),
      score: Number.isFinite(one.out_of) ? `${one.score} of ${one.out_of}` : String(one.score),
      passed: one.passed === true,
      on: day(one.on),
      source: "from the facilitator's marks file",
    };
  });
}

function words(text) {
  if (typeof text !== "string" || !text.trim()) throw new Error("no name");
  return text.trim().slice(0, 120);
}

const day = (text) => (/^\d{4}-\d\d-\d\d/.test(text ?? "") ? text.slice(0, 10) : "");
