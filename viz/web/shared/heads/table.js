// The picture as a table, for who reads it with the ears or wants the numbers in order.

/** @import { View } from "./types.js" */
import { el } from "../dom.js";
import { number, probability } from "../format.js";
import { MEASURES, mayAttend } from "./view.js";

const MAX_ROWS = 64; // of a side; the whole is in the CSV

/**
 * Folded; filled when it is opened, and kept true while it is open.
 * @param {() => View} viewOf
 */
export function createTable(viewOf) {
  const body = el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table of the picture" });
  const node = el("details", { class: "as-table" }, el("summary", {}, "As a table"), body);
  let title = "";
  const fill = () => { if (node.open) body.replaceChildren(tableOf(viewOf(), title)); };
  node.addEventListener("toggle", fill);
  return {
    node,
    paint(/** @type {string} */ named) {
      title = named;
      fill();
    },
  };
}

/**
 * @param {View} view
 * @param {string} title
 */
function tableOf(view, title) {
  const [rows, cols] = [view.rows.slice(0, MAX_ROWS), view.cols.slice(0, MAX_ROWS)];
  const say = view.measure === "weights" && !view.difference ? probability : number;
  const cell = (/** @type {number} */ r, /** @type {number} */ c) => (mayAttend(view, r, c) ? say(view.values[r * view.cols.length + c]) : "masked");
  const cut = rows.length < view.rows.length || cols.length < view.cols.length ? `, the first ${MAX_ROWS} of each side` : "";
  return el("table", {},
    el("caption", {}, `${title ? `${title}: ` : ""}${MEASURES[view.measure].name}${cut}`),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "from ↓ to →"), ...cols.map(({ label }) => el("th", { scope: "col" }, label)))),
    el("tbody", {}, ...rows.map(({ label }, r) =>
      el("tr", {}, el("th", { scope: "row" }, label), ...cols.map((_, c) => el("td", {}, cell(r, c)))))));
}
