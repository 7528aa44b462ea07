// Guess a number.

/** @import { Game, NumberData } from "./types.js" */
import { el } from "../shared/dom.js";
import { short } from "../shared/format.js";

/**
 * @param {NumberData} data
 * @param {Game} game
 */
export function numberQuestion(data, game) {
  const input = el("input", { type: "text", inputmode: "decimal", "aria-label": "Your number", value: game.mine ?? "", autocomplete: "off" });
  const typed = () => Number(input.value.trim().replace(",", "."));
  return {
    node: el("div", { class: "typed" }, input),
    paint() { input.disabled = game.shown; },
    answer: () => (input.value.trim() && Number.isFinite(typed()) ? typed() : null),
    score: () => (data.truth === undefined ? "" : `It is ${short(data.truth)}.`),
  };
}
