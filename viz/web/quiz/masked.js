// Mark the cells that may not be looked at; then the mask and the weights.

/** @import { CellsData, Game } from "./types.js" */
import { el } from "../shared/dom.js";
import { ARROWS } from "../shared/keys.js";
import { clamp } from "../shared/format.js";
import { shade, weightLegend } from "./cells.js";

/**
 * @param {CellsData} data
 * @param {Game} game
 */
export function cellsQuestion(data, game) {
  const marked = data.rows.map((_, i) => data.columns.map((__, j) => isIn(game.mine, i, j)));
  const table = el("div", { class: "map cells", role: "group", "aria-label": data.ask });
  table.style.setProperty("--columns", String(data.columns.length));
  table.append(el("span", { class: "corner" }, "from ↓  to →"), ...data.columns.map((column) =>
    el("span", { class: column.special ? "column special" : "column" }, el("b", {}, column.label))));
  const cells = data.rows.map((row, i) => {
    table.append(el("span", { class: row.special ? "name special" : "name" }, row.label));
    return data.columns.map((column, j) => {
      const cell = el("button", { type: "button", "data-row": i, "data-column": j, tabindex: i + j ? -1 : 0,
        "aria-label": `row ${row.label}, column ${column.label}` });
      table.append(cell);
      return cell;
    });
  });
  /** @type {boolean | null} */
  let painting = null; // true or false while a pointer paints cells
  const cellOf = (/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.target);
  const placeOf = (/** @type {Event} */ event) => {
    const { row, column } = cellOf(event).dataset;
    return row ? [Number(row), Number(column)] : null;
  };
  function put(/** @type {number[] | null} */ place, /** @type {boolean} */ value) {
    if (!place || game.shown) return;
    marked[place[0]][place[1]] = value;
    paint();
  }
  table.addEventListener("pointerdown", (event) => {
    const place = placeOf(event);
    if (!place || event.button) return;
    cellOf(event).releasePointerCapture(event.pointerId);
    painting = !marked[place[0]][place[1]];
    put(place, painting);
  });
  table.addEventListener("pointerover", (event) => {
    if (painting !== null && event.buttons) put(placeOf(event), painting);
  });
  const stop = () => { painting = null; };
  table.addEventListener("pointerup", stop);
  table.addEventListener("pointerleave", stop);
  table.addEventListener("keydown", (event) => {
    const place = placeOf(event);
    const step = ARROWS[event.key];
    if (!place) return;
    if (event.key === " " || event.key === "Enter") {
      put(place, !marked[place[0]][place[1]]);
    } else if (step) {
      const i = clamp(place[0] + step[0], 0, data.rows.length - 1);
      const j = clamp(place[1] + step[1], 0, data.columns.length - 1);
      cellOf(event).tabIndex = -1;
      cells[i][j].tabIndex = 0;
      cells[i][j].focus();
    } else return;
    event.preventDefault();
  });
  function paint() {
    cells.forEach((line, i) => line.forEach((cell, j) => {
      const may = Boolean(data.mask[i][j]);
      const right = marked[i][j] === !may;
      cell.className = game.shown ? (may ? "" : "masked") : marked[i][j] ? "marked" : "";
      if (game.shown && !right) cell.classList.add("wrong");
      cell.textContent = game.shown ? (right ? "" : "×") : ""; // × is wrong; what is marked as masked is hatched
      cell.setAttribute("aria-pressed", String(marked[i][j]));
      shade(cell, game.shown && may ? data.weights[i][j] : 0);
    }));
  }
  return {
    stage: el("div", {}, table, weightLegend(),
      el("p", { class: "note" }, "Press cells, or drag over them. With the keyboard: arrows, and Space to mark.")),
    paint,
    answer: () => marked.flatMap((line, i) => line.flatMap((on, j) => (on ? [[i, j]] : []))),
    score() {
      const all = data.rows.length * data.columns.length;
      const right = marked.flat().filter((on, i) => on === !data.mask.flat()[i]).length;
      return `${right} of ${all} cells right${right === all ? ": the whole mask." : "; the wrong ones carry a ×."}`;
    },
  };
}

/**
 * @param {[number, number][] | null} cells
 * @param {number} i
 * @param {number} j
 */
export function isIn(cells, i, j) {
  return (cells ?? []).some(([row, column]) => row === i && column === j);
}
