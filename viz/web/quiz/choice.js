// Choose one option; the answer shows the number by which each was judged.

/** @import { ChoiceData, Game } from "./types.js" */
import { el } from "../shared/dom.js";
import { number, probability } from "../shared/format.js";
import { arrowKeys, bar, mark } from "./cells.js";

/**
 * @param {ChoiceData} data
 * @param {Game} game
 */
export function choiceQuestion(data, game) {
  const inPicture = data.inPicture; // the picture shows the options itself
  const place = (/** @type {number} */ x) => (data.high > data.low ? (x - data.low) / (data.high - data.low) : 0);
  const lines = data.labels.map((label, i) => {
    const [bar_, value] = [bar("truth"), el("span", { class: "value" })];
    const node = el("button", { type: "button", role: "radio", class: "option", onclick: () => game.set({ chosen: i }) },
      el("span", { class: "name" }, label), bar_.node, value);
    return { node, bar: bar_, value };
  });
  const buttons = lines.map(({ node }) => node);
  const list = el("div", { class: "options", role: "radiogroup", "aria-label": data.ask }, ...buttons);
  const unit = el("p", { class: "note" });
  if (!inPicture) arrowKeys(list, buttons, (i) => game.set({ chosen: i }));
  const guess = el("p", { class: "said" });
  return {
    node: inPicture ? el("div", {}, guess, unit) : el("div", {}, list, unit),
    paint() {
      guess.textContent = game.chosen === null
        ? `Choose a ${data.what} in the picture.` : `Your guess: ${data.labels[game.chosen]}`;
      const known = game.shown && data.values.length > 0;
      unit.textContent = known ? `Numbers: ${data.unit}.` : "";
      mark(buttons, game.chosen);
      lines.forEach(({ node, bar: bar_, value }, i) => {
        node.classList.toggle("best", game.shown && data.best.includes(i));
        node.classList.toggle("shown", known);
        bar_.set(known ? place(0) : 0, known ? place(data.values[i]) : 0);
        value.textContent = known ? probability(data.values[i]) : "";
      });
    },
    answer: () => game.chosen,
    score() {
      if (!data.best.length) return "";
      const names = bestOf(data);
      const value = number(data.values[data.best[0]]);
      if (game.chosen === null) return `You made no guess. It is ${names}, with ${value}.`;
      if (data.best.includes(game.chosen)) return `Right: ${names}, with ${value}.`;
      return `Not this time: you chose “${data.labels[game.chosen]}”, with ${probability(data.values[game.chosen])}; ` +
        `it is ${names}, with ${value}.`;
    },
    why: () => {
      const reasons = data.why ?? [];
      const best = data.best[0];
      const chosen = game.chosen;
      const say = (/** @type {number} */ i) => reasons[i] && `${data.labels[i]}: ${reasons[i][0].toLowerCase()}${reasons[i].slice(1)}`;
      return [chosen !== null && !data.best.includes(chosen) ? say(chosen) : "", say(best)]
        .filter(Boolean).join(" ");
    },
  };
}

/**
 * The best options in words; of many equals only the first.
 * @param {ChoiceData} choiceData
 */
function bestOf({ best, labels, what }) {
  const name = (/** @type {number} */ i) => `“${labels[i]}”`;
  if (best.length < 4) return best.map(name).join(" or ");
  return `any of ${best.length} ${what}s, such as ${name(best[0])}`;
}
