// A picture or a spectrogram cut into slices, one of which is chosen; the answer lays a row of attention over it.

/** @import { Game, SourceData } from "./types.js" */
import { el } from "../shared/dom.js";
import { probability } from "../shared/format.js";
import { at, createSeen } from "../shared/seen.js";
import { arrowKeys, mark } from "./cells.js";

/**
 * @param {SourceData} data
 * @param {Game} game
 */
export function sourcePicture(data, game) {
  const { what: kind, width, height } = data;
  const seen = createSeen({ kind, width, height, pixels: Uint8Array.from(atob(data.pixels), (sign) => sign.charCodeAt(0)) }, data.places);
  const said = el("p", { class: "said", "aria-live": "polite" });
  const slices = data.slices.map((place, i) => el("button", {
    type: "button", role: "radio", class: "slice", style: at(place), "aria-label": data.labels[i],
    onclick: () => game.set({ chosen: i }), onpointerenter: () => say(i), onfocus: () => say(i),
  }));
  const list = el("div", { class: "slices", role: "radiogroup", "aria-label": `Slices of the ${kind}` }, ...slices);
  arrowKeys(list, slices, (i) => game.set({ chosen: i }));
  seen.frame.append(list);
  seen.node.style.setProperty("--wide", String(width / height));

  function say(/** @type {number} */ i) {
    said.textContent = game.shown
      ? `${data.labels[i]}: ${probability((game.values ?? [])[i])}`
      : `${data.labels[i]}: its weight is hidden until you have guessed.`;
  }
  return {
    node: el("div", {}, seen.node, said),
    paint() {
      mark(slices, game.chosen);
      slices.forEach((slice, i) => slice.classList.toggle("best", game.shown && game.best.includes(i)));
      seen.lay(game.shown ? data.row : null);
      if (game.chosen === null) said.textContent = "Press a slice, or press Tab and the arrow keys.";
      else say(game.chosen);
    },
  };
}
