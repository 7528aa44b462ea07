// All heads, small, one of them large. The chosen one is also the guess.

/** @import { GalleryData, Game } from "./types.js" */
import { el } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { arrowKeys, mark, weightLegend } from "./cells.js";
import { mapTable } from "./map.js";

/**
 * @param {GalleryData} data
 * @param {Game} game
 */
export function galleryPicture(data, game) {
  const large = mapTable(data, { weights: data.heads[0].weights });
  const title = el("h3", {});
  large.said.textContent = "Point at a cell to read it.";
  const minis = data.heads.map((head) => mapTable(data, { weights: head.weights, small: true }));
  minis.forEach((mini, i) => mini.set({ weights: data.heads[i].weights }));
  const numbers = data.heads.map(() => el("span", { class: "value" }));
  const buttons = data.heads.map((head, i) =>
    el(
      "button",
      { type: "button", role: "radio", "aria-label": `Head ${head.title}`, onclick: () => game.set({ chosen: i }) },
      minis[i].node, el("span", {}, head.title), numbers[i],
    ));
  const thumbs = el("div", { class: "gallery", role: "radiogroup", "aria-label": "Heads" }, ...buttons);
  thumbs.style.setProperty("--heads", String(data.perRow));
  arrowKeys(thumbs, buttons, (i) => game.set({ chosen: i }));
  return {
    node: el("div", { class: "with-gallery" }, thumbs, el("div", {}, title, large.node, weightLegend(), large.said)),
    paint() {
      const shown = game.chosen ?? (game.shown ? game.best[0] ?? 0 : 0); // a vote has no best
      mark(buttons, game.chosen);
      title.textContent = data.heads[shown].title;
      large.set({ weights: data.heads[shown].weights });
      numbers.forEach((node, i) => {
        node.textContent = game.shown && game.values?.length ? number(game.values[i]) : "";
        buttons[i].classList.toggle("best", game.shown && game.best.includes(i));
      });
    },
  };
}
