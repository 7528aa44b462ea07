// Encoder and decoder, block on block; a pressed block says what it does.

/** @import { Game, StacksData } from "./types.js" */
import { el } from "../shared/dom.js";
import { number } from "../shared/format.js";

const STACK_START = "Press a block. The two halves meet where “memory” goes into cross-attention.";

/**
 * @param {StacksData} data
 * @param {Game} game
 */
export function stacksPicture(data, game) {
  const said = el("p", { class: "said", "aria-live": "polite" }, STACK_START);
  /** @type {(() => void)[]} */
  const lengths = [];
  const stack = (/** @type {StacksData["encoder"]} */ side) => {
    const blocks = side.blocks.map((block) => {
      const adds = el("span", { class: "value" });
      lengths.push(() => { adds.textContent = game.shown ? `adds ${number(block.adds)}` : ""; });
      return el(
        "button",
        { type: "button", class: `block ${block.kind || "plain"}`, onclick: () => { said.textContent = block.says; } },
        el("span", {}, `L${block.layer} ${block.name}`),
        block.kind === "cross" ? el("span", { class: "note" }, "← memory") : null,
        adds,
      );
    });
    return el("div", { class: "stack" }, el("h3", {}, side.title),
      el("p", { class: "note" }, `↑ ${side.out}`),
      el("div", { class: "blocks" }, ...blocks),
      el("p", { class: "note" }, `↑ in: ${side.in}`));
  };
  return {
    node: el("div", {}, el("div", { class: "stacks" }, stack(data.encoder), stack(data.decoder)), said),
    paint: () => lengths.forEach((write) => write()),
  };
}
