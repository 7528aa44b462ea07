// One query on top, all keys below it, and the score of each: the dot product made visible.

/** @import { DotData, Game } from "./types.js" */
import { el } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { arrowKeys, bar, chips, largest, mark, signedLegend, strip } from "./cells.js";

/**
 * @param {DotData} data
 * @param {Game} game
 */
export function dotPicture(data, game) {
  const most = Math.max(largest(data.q), largest(data.k));
  const root = Math.sqrt(data.q[0].length);
  const [low, high] = [Math.min(0, ...data.scores.flat()), Math.max(0, ...data.scores.flat())];
  const place = (/** @type {number} */ x) => (high > low ? (x - low) / (high - low) : 0);
  let row = data.hidden[0] ?? 0;
  const picks = chips(data.rows.map((token) => token.label), row, (i) => { row = i; paint(); }, "Query");
  const query = el("div", { class: "line query" });
  const said = el("p", { class: "said", "aria-live": "polite" });
  const lines = data.columns.map((token, j) => {
    const [value, score] = [bar("signed"), el("span", { class: "value" })];
    const node = el(
      "button",
      { type: "button", role: "radio", class: "line", onclick: () => game.set({ chosen: j }),
        onpointerenter: () => say(j), onfocus: () => say(j) },
      el("span", { class: token.special ? "name special" : "name" }, token.label),
      strip(data.k[j], most, `key of ${token.label}`), value.node, score,
    );
    return { node, value, score };
  });

  const buttons = lines.map(({ node }) => node);
  const unknown = () => data.hidden.includes(row) && !game.shown;
  function say(/** @type {number} */ j) {
    const dot = data.q[row].reduce((sum, x, i) => sum + x * data.k[j][i], 0);
    said.textContent = unknown()
      ? "The scores of this query are hidden until you have guessed. Compare the colours."
      : `q · k = ${number(dot)}${data.divided ? `, divided by √${data.q[0].length} = ${number(root)}` : ", not divided by this model"}: score ${number(data.scores[row][j])}`;
  }
  function paint() {
    query.replaceChildren(
      el("span", { class: "name" }, "query"),
      strip(data.q[row], most, `query of ${data.rows[row].label}`),
      el("span", { class: "head" }, "score"), el("span", {}),
    );
    mark(buttons, game.chosen);
    lines.forEach(({ node, value, score }, j) => {
      node.classList.toggle("best", game.shown && data.hidden.includes(row) && game.best.includes(j));
      score.textContent = unknown() ? "?" : number(data.scores[row][j]);
      if (unknown()) value.set(0, 0);
      else value.set(place(0), place(data.scores[row][j]));
    });
    if (game.chosen === null) said.textContent = "Point at a key to see its sum.";
    else say(game.chosen);
  }
  const keys = el("div", { class: "lines", role: "radiogroup", "aria-label": "Keys" }, ...buttons);
  arrowKeys(keys, buttons, (j) => game.set({ chosen: j }));
  const list = el("div", { class: "lines" }, query, keys);
  return {
    node: el("div", {}, el("p", { class: "note" }, "Query of the row (read → written):"), picks.node, list, signedLegend(most), said),
    paint,
  };
}
