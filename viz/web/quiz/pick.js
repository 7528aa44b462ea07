// Choose a few cells of a map; then its weights.

/** @import { Game, PickData } from "./types.js" */
import { el } from "../shared/dom.js";
import { clamp } from "../shared/format.js";
import { ARROWS } from "../shared/keys.js";
import { shade, weightLegend } from "./cells.js";
import { isIn } from "./masked.js";

/**
 * @param {PickData} data
 * @param {Game} game
 */
export function pickQuestion(data, game) {
  const picked = data.rows.map((_, i) => data.columns.map((__, j) => isIn(game.mine, i, j)));
  const said = el("p", { class: "said", "aria-live": "polite" });
  const table = el("div", { class: "map cells", role: "group", "aria-label": data.ask });
  table.style.setProperty("--columns", String(data.columns.length));
  table.append(el("span", { class: "corner" }, "from ↓  to →"), ...data.columns.map((column) =>
    el("span", { class: column.special ? "column special" : "column" }, el("b", {}, column.label))));
  const cells = data.rows.map((row, i) => {
    table.append(el("span", { class: row.special ? "name special" : "name" }, row.label));
    return data.columns.map((column, j) => {
      const cell = el("button", { type: "button", tabindex: i + j ? -1 : 0, disabled: !data.may[i][j],
        "aria-label": `from ${row.label} to ${column.label}`, onclick: () => press(i, j), onkeydown: (event) => walk(event, i, j) });
      table.append(cell);
      return cell;
    });
  });
  const count = () => picked.flat().filter(Boolean).length;
  function press(/** @type {number} */ i, /** @type {number} */ j) {
    if (game.shown) return;
    if (!picked[i][j] && count() >= data.most) {
      said.textContent = `That would be more than ${data.most}: take one out first.`;
      return;
    }
    picked[i][j] = !picked[i][j];
    paint();
  }
  function walk(/** @type {KeyboardEvent} */ event, /** @type {number} */ i, /** @type {number} */ j) {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const to = cells[clamp(i + step[0], 0, cells.length - 1)][clamp(j + step[1], 0, cells[0].length - 1)];
    cells[i][j].tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }
  function paint() {
    cells.forEach((line, i) => line.forEach((cell, j) => {
      cell.className = !data.may[i][j] ? "masked" : picked[i][j] ? "picked" : "";
      cell.textContent = picked[i][j] ? "●" : "";
      cell.setAttribute("aria-pressed", String(picked[i][j]));
      shade(cell, game.shown && data.may[i][j] ? data.weights[i][j] : 0);
    }));
    said.textContent = game.shown ? "" : `${count()} of ${data.most} cells chosen.`;
  }
  return {
    stage: el("div", {}, table, weightLegend(), said),
    paint,
    answer: () => {
      const chosen = picked.flatMap((line, i) => line.flatMap((on, j) => (on ? [[i, j]] : [])));
      return chosen.length ? chosen : null;
    },
    score: () => "",
  };
}
