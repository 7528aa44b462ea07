// What the model wrote, once as it is and then with parts switched off.

/** @import { Game, OutputsData } from "./types.js" */
import { el } from "../shared/dom.js";

/**
 * @param {OutputsData} data
 * @param {Game} game
 */
export function outputsPicture(data, game) {
  const rows = data.rows.map((row) => ({ row, node: el("p", { class: "tokens" }) }));
  return {
    node: el("div", { class: "outputs" }, ...rows.flatMap(({ row, node }) => [el("h3", {}, row.label), node])),
    paint() {
      for (const { row, node } of rows) {
        const hide = row.hidden && !game.shown;
        node.classList.toggle("unknown", hide);
        node.replaceChildren(...(hide ? ["?"] : row.tokens.map((token) => el("span", { class: "token" }, token))));
      }
    },
  };
}
