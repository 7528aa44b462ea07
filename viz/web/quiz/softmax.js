// Scores and, after the answer is shown, weights; a slider that multiplies the scores.

/** @import { Game, SoftmaxData } from "./types.js" */
import { el } from "../shared/dom.js";
import { number, probability } from "../shared/format.js";
import { bar } from "./cells.js";

/**
 * @param {SoftmaxData} data
 * @param {Game} game
 */
export function softmaxPicture(data, game) {
  const [low, high] = [Math.min(0, ...data.scores), Math.max(0, ...data.scores)];
  const place = (/** @type {number} */ x) => (high > low ? (x - low) / (high - low) : 0);
  const lines = data.columns.map((token, j) => {
    const [score, weight, value] = [bar("signed"), bar(), el("span", { class: "value" })];
    score.set(place(0), place(data.scores[j]));
    const node = el(
      "div", { class: "line" },
      el("span", { class: token.special ? "name special" : "name" }, token.label),
      score.node, el("span", { class: "value" }, number(data.scores[j])), weight.node, value,
    );
    return { node, weight, value };
  });
  const slider = el("input", { type: "range", min: 0, max: 4, step: 0.1, value: 1, oninput: () => paint(),
    "aria-label": "Multiply the scores by" });
  const factor = el("output", {});
  const whose = el("p", { class: "said", "aria-live": "polite" });
  const controls = el("label", { class: "slide" }, "Multiply the scores by", slider, factor);

  function paint() {
    const times = Number(slider.value);
    const weights = times === 1 ? data.weights : softmax(data.scores.map((x) => x * times));
    factor.textContent = times.toFixed(1);
    controls.hidden = !game.shown;
    whose.textContent = !game.shown
      ? "The weights are hidden until you have guessed."
      : times === 1
        ? "These are the weights that the model used."
        : "Softmax of the model's scores times your number: not what the model used.";
    lines.forEach(({ weight, value }, j) => {
      weight.set(0, game.shown ? weights[j] : 0);
      value.textContent = game.shown ? probability(weights[j]) : "?";
    });
  }
  const head = el("div", { class: "line head" }, el("span", {}), el("span", {}, "score"), el("span", {}),
    el("span", {}, "weight, 0 to 1"), el("span", {}));
  return {
    node: el("div", {}, el("div", { class: "lines softmax" }, head, ...lines.map(({ node }) => node)), controls, whose),
    paint,
  };
}

/**
 * @param {number[]} scores
 */
function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((x) => Math.exp(x - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / total);
}
