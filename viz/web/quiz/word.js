// Guess a word.

/** @import { Game, WordData } from "./types.js" */
import { el } from "../shared/dom.js";

/**
 * @param {WordData} data
 * @param {Game} game
 */
export function wordQuestion(data, game) {
  const input = el("input", { type: "text", "aria-label": "Your word", value: game.mine ?? "", autocomplete: "off", autocapitalize: "off" });
  return {
    node: el("div", { class: "typed" }, input),
    paint() { input.disabled = game.shown; },
    answer: () => input.value.trim() || null,
    score: () => (data.truth === undefined ? "" : `It is “${data.truth}”.`),
  };
}
