// Values faded by their weights, and the sum of all of them. A chosen line is the guess.

/** @import { Game, MixData } from "./types.js" */
import { el } from "../shared/dom.js";
import { number, probability } from "../shared/format.js";
import { arrowKeys, chips, largest, mark, signedLegend, strip } from "./cells.js";

/**
 * @param {MixData} data
 * @param {Game} game
 */
export function mixPicture(data, game) {
  const most = Math.max(largest(data.v), largest(data.z));
  let row = data.start;
  const picks = chips(data.rows.map((token) => token.label), row, (i) => { row = i; paint(); }, "Row");
  const list = el("div", { class: "lines mix", role: "radiogroup", "aria-label": "Tokens" });
  const buttons = data.columns.map((token, j) =>
    el("button", { type: "button", role: "radio", class: "line", onclick: () => game.set({ chosen: j }) }));
  const head = el("div", { class: "line head" });
  const total = el("div", { class: "line total" });
  list.append(head, ...buttons, total);
  arrowKeys(list, buttons, (j) => game.set({ chosen: j }));
  const cells = (/** @type {string} */ name, /** @type {string} */ weight, /** @type {number[]} */ values, /** @type {string} */ last) => [
    el("span", { class: "name" }, name), el("span", { class: "value" }, weight), strip(values, most, name),
    el("span", { class: "value" }, last),
  ];
  function paint() {
    const asked = game.shown && row === data.start;
    head.replaceChildren(...["", "weight", "weight × value", asked ? "puts in" : ""].map((text) => el("span", {}, text)));
    mark(buttons, game.chosen);
    data.columns.forEach((token, j) => {
      const weight = data.weights[row][j];
      const last = asked ? number(game.values?.[j] ?? 0) : "";
      buttons[j].replaceChildren(...cells(token.label, probability(weight), data.v[j].map((x) => x * weight), last));
      buttons[j].classList.toggle("best", asked && game.best.includes(j));
    });
    total.replaceChildren(...cells("sum", "", data.z[row], ""));
  }
  return {
    node: el("div", {}, el("p", { class: "note" }, "Row that writes:"), picks.node, list, signedLegend(most)),
    paint,
  };
}
