/** Hand the reader files made on their own device: the picture, the data, the settings. */

import { svgElement } from "./dom.js";

const GAP = 24;
const SCALE = 2;

export function downloadText(document, name, type, text) {
  save(document, name, new Blob([text], { type }));
}

/** Rows as CSV that a spreadsheet opens; a leading = + - @ is kept from being run as a formula. */
export function toCsv({ columns, rows }) {
  const cell = (value) => {
    if (value === null || value === undefined) return "";
    let words = String(value);
    if (typeof value === "string" && /^[=+\-@\t]/.test(words)) words = `'${words}`;
    return /[",\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
  };
  return `${[columns, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** All figures of a widget below each other with their titles, as the text of one SVG that needs no style sheet. */
export function drawSheet(document, root) {
  const figures = [...root.querySelectorAll(".iip-figure")];
  const styles = document.defaultView.getComputedStyle(root);
  const width = Math.max(...figures.map((one) => one.querySelector("svg").clientWidth));
  const sheet = svgElement(document, "svg", { xmlns: "http://www.w3.org/2000/svg", "font-family": styles.fontFamily });
  let top = GAP;
  for (const one of figures) {
    const title = svgElement(document, "text", { x: GAP, y: top + 14, "font-size": 16, "font-weight": 600, fill: styles.color }, one.querySelector("figcaption").textContent);
    const drawn = one.querySelector("svg").cloneNode(true);
    drawn.setAttribute("x", GAP);
    drawn.setAttribute("y", top + 24);
    drawn.style.color = styles.color;
    sheet.append(title, drawn);
    top += 24 + Number(drawn.getAttribute("height")) + GAP;
  }
  const size = { width: width + 3 * GAP, height: top }; // another typeface may run wider to the right
  for (const [key, value] of Object.entries(size)) sheet.setAttribute(key, value);
  sheet.prepend(svgElement(document, "rect", { ...size, fill: styles.getPropertyValue("--iip-surface") || "white" }));
  const markup = new XMLSerializer().serializeToString(sheet).replace(/var\((--[\w-]+)\)/g, (_, variable) => styles.getPropertyValue(variable).trim());
  return { markup, ...size };
}

/** The same sheet as a PNG. */
export async function downloadPicture(document, root, name) {
  const { markup, ...size } = drawSheet(document, root);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = size.width * SCALE;
  canvas.height = size.height * SCALE;
  const context = canvas.getContext("2d");
  context.scale(SCALE, SCALE);
  context.drawImage(image, 0, 0);
  save(document, name, await new Promise((resolve) => canvas.toBlob(resolve, "image/png")));
}

function save(document, name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
