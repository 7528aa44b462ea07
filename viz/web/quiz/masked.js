// Mark the cells that may not be looked at; then the mask and the weights.

/** @import { CellsData, Game } from "./types.js" */
import { el } from "../shared/dom.js";
import { shade, weightLegend } from "./cells.js";
import { grid } from "./grid.js";

/**
 * @param {CellsData} data
 * @param {Game} game
 */
export function cellsQuestion(data, game) {
  /** @type {boolean | null} */
  let painting = null; // true or false while a pointer paints cells
  const { node, cells, on: marked, places } = grid(data, game.mine, (i, j) => ({
    onpointerdown(/** @type {PointerEvent} */ event) {
      if (event.button) return;
      cells[i][j].releasePointerCapture(event.pointerId);
      painting = !marked[i][j];
      put(i, j, painting);
    },
    onpointerover(/** @type {PointerEvent} */ event) {
      if (painting !== null && event.buttons) put(i, j, painting);
    },
    onclick(/** @type {MouseEvent} */ event) {
      if (!event.detail) put(i, j, !marked[i][j]); // by a key: a pointer has painted already
    },
  }));
  function put(/** @type {number} */ i, /** @type {number} */ j, /** @type {boolean} */ value) {
    if (game.shown) return;
    marked[i][j] = value;
    paint();
  }
  const stop = () => { painting = null; };
  node.addEventListener("pointerup", stop);
  node.addEventListener("pointerleave", stop);
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
    stage: el("div", {}, node, weightLegend(),
      el("p", { class: "note" }, "Press cells, or drag over them. With the keyboard: arrows, and Space to mark.")),
    paint,
    answer: places,
    score() {
      const all = data.rows.length * data.columns.length;
      const right = marked.flat().filter((on, i) => on === !data.mask.flat()[i]).length;
      return `${right} of ${all} cells right${right === all ? ": the whole mask." : "; the wrong ones carry a ×."}`;
    },
  };
}
