// Guess a row: one bar a token, made to add up to 1; the score is the distance to the model's row.

/** @import { Game, RowData } from "./types.js" */
import { el } from "../shared/dom.js";
import { number, probability } from "../shared/format.js";
import { bar } from "./cells.js";

/**
 * @param {RowData} data
 * @param {Game} game
 */
export function rowQuestion(data, game) {
  const n = data.labels.length;
  const lines = data.labels.map((label) => {
    const input = el("input", { type: "range", min: 0, max: 100, step: 5, value: 0, "aria-label": `Weight on ${label}`,
      oninput: () => paint() });
    const [mine, truth, value] = [el("span", { class: "value" }), bar("truth"), el("span", { class: "value truth" })];
    const node = el("div", { class: "guess" }, el("span", { class: "name" }, label), input, mine, truth.node, value);
    return { node, input, mine, truth, value };
  });
  if (game.mine) {
    lines.forEach(({ input }, i) => {
      input.step = "any"; // what was sent, to the last decimal
      input.value = String(game.mine[i] * 100);
    });
  }
  function guess() {
    const pulled = lines.map(({ input }) => Number(input.value));
    const total = pulled.reduce((a, b) => a + b, 0);
    return pulled.map((x) => (total ? x / total : 1 / n));
  }
  function paint() {
    const shares = guess();
    const untouched = lines.every(({ input }) => input.value === "0");
    lines.forEach(({ node, mine, truth, value, input }, i) => {
      node.classList.toggle("shown", game.shown);
      node.style.setProperty("--w", `${input.value}%`);
      mine.textContent = untouched ? "–" : number(shares[i]);
      input.ariaValueText = untouched ? "not pulled" : number(shares[i]);
      truth.set(0, game.shown ? data.truth[i] : 0);
      value.textContent = game.shown ? probability(data.truth[i]) : "";
    });
  }
  return {
    node: el("div", { class: "guesses" }, ...lines.map(({ node }) => node)),
    paint,
    answer: () => (lines.every(({ input }) => input.value === "0") ? null : guess()),
    score() {
      const [mine, even] = [guess(), Array(n).fill(1 / n)].map((row) => variation(row, data.truth));
      const untouched = lines.every(({ input }) => input.value === "0");
      const words = `${Math.round((1 - mine) * 100)} % of your weight lies where the model's lies`;
      return untouched
        ? `You pulled no bar. An even spread is ${number(even)} away from the model's row.`
        : `Distance ${number(mine)}: ${words}. An even spread would be ${number(even)} away.`;
    },
    why: () => data.why ?? "",
    says: () => "Distance = half the sum of all differences between your bars and the model's (total variation): " +
      "0 is the same row, 1 has nothing in common.",
  };
}

/**
 * Total variation distance of two rows that each add up to 1.
 * @param {number[]} a
 * @param {number[]} b
 */
function variation(a, b) {
  return a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / 2;
}
