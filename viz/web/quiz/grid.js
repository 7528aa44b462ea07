// A map whose cells are buttons: which of them are on, and a way through them with the arrow keys.

/** @import { Named, QuestionData } from "./types.js" */
/** @import { Props } from "../shared/dom.js" */
import { el } from "../shared/dom.js";
import { ARROWS } from "../shared/keys.js";

/**
 * @param {QuestionData & {rows: Named[], columns: Named[]}} data
 * @param {[number, number][] | null} mine the cells that are on at first
 * @param {(i: number, j: number) => Props} [props] of the buttons, such as what a press does
 */
export function grid({ rows, columns, ask }, mine, props = () => ({})) {
  const on = rows.map((_, i) => columns.map((__, j) => (mine ?? []).some(([row, column]) => row === i && column === j)));
  const node = el("div", { class: "map cells", role: "group", "aria-label": ask });
  node.style.setProperty("--columns", String(columns.length));
  node.append(el("span", { class: "corner" }, "from ↓  to →"), ...columns.map(({ label, special }) =>
    el("span", { class: special ? "column special" : "column" }, el("b", {}, label))));
  const cells = rows.map((row, i) => {
    node.append(el("span", { class: row.special ? "name special" : "name" }, row.label));
    return columns.map((column, j) => {
      const cell = el("button", { type: "button", tabindex: i + j ? -1 : 0,
        "aria-label": `from ${row.label} to ${column.label}`, onkeydown: (event) => walk(event, i, j), ...props(i, j) });
      node.append(cell);
      return cell;
    });
  });
  function walk(/** @type {KeyboardEvent} */ event, /** @type {number} */ i, /** @type {number} */ j) {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const to = next(i, j, step);
    if (!to) return;
    cells[i][j].tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }
  /**
   * The next cell that can be pressed, if there is one on that side.
   * @param {number} i
   * @param {number} j
   * @param {[number, number]} step
   * @returns {HTMLButtonElement | undefined}
   */
  function next(i, j, [down, right]) {
    const to = cells[i + down]?.[j + right];
    return to?.disabled ? next(i + down, j + right, [down, right]) : to;
  }
  return {
    node, cells, on,
    /** The cells that are on. */
    places: () => on.flatMap((line, i) => line.flatMap((is, j) => (is ? [[i, j]] : []))),
  };
}
