// The frame of a question: what is asked, one button that shows the answer, and the score in words.

/** @import { Build, Game, QuestionData } from "./types.js" */
import { noteOf } from "./board.js";
import { el } from "../shared/dom.js";

/**
 * @param {QuestionData} data
 * @param {Game} game
 * @param {Build<any>} build
 */
export function askPanel(data, game, build) {
  const question = build(data, game);
  const button = el("button", { type: "button", class: "reveal", "data-testid": "reveal",
    onclick: () => game.set({ shown: !game.shown }) });
  const score = el("p", { class: "score", "data-testid": "score", role: "status" });
  const extra = el("p", { class: "note", hidden: true });
  return {
    stage: question.stage, // a question that is a picture itself
    node: el("section", { class: "question" },
      el("p", { class: "lead" }, "Predict, then look"),
      el("h2", {}, data.ask),
      data.help ? el("p", { class: "note" }, data.help) : null,
      question.node ?? "", el("div", { class: "act" }, button, score), extra, ...noteOf(data)),
    paint() {
      question.paint();
      button.replaceChildren(game.shown ? "Hide it and guess again" : "Show what the model did", el("kbd", {}, "S"));
      score.textContent = game.shown ? question.score() : "";
      const told = [question.why?.(), question.says?.() || data.said];
      extra.textContent = game.shown ? told.filter(Boolean).join(" ") : "";
      extra.hidden = !extra.textContent;
    },
  };
}
