// One line a step: what was read last, what comes next, and how surprised the model was by it.

/** @import { Game, StepsData } from "./types.js" */
import { el } from "../shared/dom.js";
import { number, probability } from "../shared/format.js";
import { bar } from "./cells.js";

const ONE_IN_TEN = Math.log(10); // the loss that a full bar has at least, so that small ones look small

/**
 * @param {StepsData} data
 * @param {Game} game
 */
export function stepsPicture(data, game) {
  const body = el("tbody", {});
  const foot = el("p", { class: "said" });
  const scale = el("th", {});
  return {
    node: el("div", {},
      el("table", { class: "steps" },
        el("thead", {}, el("tr", {}, ...["reads", "comes next", "model's first choice", "p", "loss"].map((name) =>
          el("th", {}, name)), scale)), body),
      foot),
    paint() {
      const losses = data.steps.filter((_, i) => i < data.hidden || game.shown).map((step) => step.loss);
      const most = Math.max(ONE_IN_TEN, ...losses);
      scale.textContent = `0 to ${number(most)}`;
      body.replaceChildren(...data.steps.map((step, i) => {
        const hide = i >= data.hidden && !game.shown;
        const read = i > data.hidden && !game.shown ? "?" : step.reads;
        const loss = bar();
        loss.set(0, hide ? 0 : step.loss / most);
        const values = hide ? ["?", "?", "?", "?"] : [step.writes, step.guess, probability(step.p), number(step.loss)];
        const row = el("tr", { class: hide ? "unknown" : step.same ? "" : "surprise" },
          el("td", {}, read), ...values.map((value) => el("td", {}, value)), el("td", {}, loss.node));
        return row;
      }));
      foot.textContent = game.shown ? `Mean loss over all steps: ${number(data.mean)}` : "";
    },
  };
}
