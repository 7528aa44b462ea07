// Choose a few cells of a map; then its weights.

/** @import { Game, PickData } from "./types.js" */
import { el } from "../shared/dom.js";
import { shade, weightLegend } from "./cells.js";
import { grid } from "./grid.js";

/**
 * @param {PickData} data
 * @param {Game} game
 */
export function pickQuestion(data, game) {
  const said = el("p", { class: "said", "aria-live": "polite" });
  const { node, cells, on: picked, places } = grid(data, game.mine, (i, j) =>
    ({ disabled: !data.may[i][j], onclick: () => press(i, j) }));
  function press(/** @type {number} */ i, /** @type {number} */ j) {
    if (game.shown) return;
    if (!picked[i][j] && places().length >= data.most) {
      said.textContent = `That would be more than ${data.most}: take one out first.`;
      return;
    }
    picked[i][j] = !picked[i][j];
    paint();
  }
  function paint() {
    cells.forEach((line, i) => line.forEach((cell, j) => {
      cell.className = !data.may[i][j] ? "masked" : picked[i][j] ? "picked" : "";
      cell.textContent = picked[i][j] ? "●" : "";
      cell.setAttribute("aria-pressed", String(picked[i][j]));
      shade(cell, game.shown && data.may[i][j] ? data.weights[i][j] : 0);
    }));
    said.textContent = game.shown ? "" : `${places().length} of ${data.most} cells chosen.`;
  }
  return {
    stage: el("div", {}, node, weightLegend(), said),
    paint,
    answer: () => (places().length ? places() : null),
    score: () => "",
  };
}
