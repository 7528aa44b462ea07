// A head's map as a table of shaded cells, read aloud cell by cell.

/** @import { Game, MapData, Named } from "./types.js" */
import { el } from "../shared/dom.js";
import { clamp, probability } from "../shared/format.js";
import { ARROWS } from "../shared/keys.js";
import { shade, weightLegend } from "./cells.js";

/** @typedef {{weights: number[][], hidden?: number[]}} Weights */

/**
 * Rows and columns with a sentence for the cell under the pointer; hidden rows show “?”.
 * @param {{rows: Named[], columns: Named[], mask: number[][]}} table
 * @param {Weights & {small?: boolean}} start small: no names, nothing to point at
 */
export function mapTable({ rows, columns, mask }, { weights, hidden, small }) {
  const said = el("p", { class: "said", "aria-live": "polite" });
  const table = el("div", { class: small ? "map small" : "map" });
  table.style.setProperty("--columns", String(columns.length));
  if (!small) {
    table.tabIndex = 0;
    table.setAttribute("role", "group");
    table.setAttribute("aria-label", "Map: arrow keys go from cell to cell");
    table.append(el("span", { class: "corner" }, "from ↓  to →"), ...columns.map((column) =>
      el("span", { class: column.special ? "column special" : "column" }, el("b", {}, column.label))));
  }
  const cells = rows.map((row, i) => {
    if (!small) table.append(el("span", { class: row.special ? "name special" : "name" }, row.label));
    return columns.map((_, j) => {
      const cell = el("i", { "data-row": i, "data-column": j });
      table.append(cell);
      return cell;
    });
  });
  let current = { weights, hidden: new Set(hidden || []) };
  /** @type {[number, number] | null} */
  let at = null;

  function say(/** @type {number} */ i, /** @type {number} */ j) {
    if (at) cells[at[0]]?.[at[1]]?.classList.remove("here");
    at = [i, j];
    cells[i][j].classList.add("here");
    const [row, column] = [rows[i].label, columns[j].label];
    if (current.hidden.has(i)) said.textContent = `“${row}” reads “${column}”: hidden until you have guessed.`;
    else if (!mask[i][j]) said.textContent = `“${row}” may not read “${column}”: masked, not written yet.`;
    else said.textContent = `“${row}” reads “${column}”: ${probability(current.weights[i][j])}`;
  }
  table.addEventListener("pointerover", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!small && target.dataset.row) say(Number(target.dataset.row), Number(target.dataset.column));
  });
  table.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step || small) return;
    event.preventDefault();
    const [i, j] = at ? [at[0] + step[0], at[1] + step[1]] : [0, 0];
    say(clamp(i, 0, rows.length - 1), clamp(j, 0, columns.length - 1));
  });

  return {
    node: table,
    said,
    set(/** @type {Weights} */ next) {
      current = { weights: next.weights, hidden: new Set(next.hidden || []) };
      cells.forEach((line, i) => line.forEach((cell, j) => {
        const hide = current.hidden.has(i);
        cell.className = hide ? "unknown" : mask[i][j] ? "" : "masked";
        cell.textContent = hide && !small ? "?" : "";
        shade(cell, hide || !mask[i][j] ? 0 : current.weights[i][j]);
      }));
      if (at) say(...at);
    },
  };
}

/**
 * One head, large, with rows that are hidden until the answer is shown.
 * @param {MapData} data
 * @param {Game} game
 */
export function mapPicture(data, game) {
  const map = mapTable(data, data);
  map.said.textContent = "Point at a cell to read it, or press Tab and the arrow keys.";
  return {
    node: el("div", {}, el("h3", {}, data.title), map.node, weightLegend(), map.said),
    paint: () => map.set({ weights: data.weights, hidden: game.shown ? [] : data.hidden }),
  };
}
