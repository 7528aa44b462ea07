// The question on the stage: the board of a lesson, beside it what a pupil sends or what the class has sent.

/** @import { Stage } from "./types.js" */
import { el } from "../../shared/dom.js";
import { mountBoard } from "../board.js";

/**
 * @param {(stage: Stage) => typeof import("../ask.js").askPanel} panelOf
 */
export function stageBoard(panelOf) {
  const node = el("div", { class: "on-stage" });
  /** @type {ReturnType<typeof mountBoard> | null} */
  let board = null;
  let shown = "";
  return {
    node,
    paint(/** @type {Stage | null | undefined} */ stage, /** @type {boolean} */ present) {
      const name = stage ? `${stage.id}-${stage.state === "revealed"}` : "";
      if (name !== shown) {
        board?.destroy();
        board = stage ? mountBoard(node, boardData(stage, present), { panel: panelOf(stage) }) : null;
        shown = name;
      }
      board?.present(present);
    },
  };
}

/**
 * @param {Stage} stage
 * @param {boolean} present
 */
function boardData(stage, present) {
  return { ...stage.board, id: String(stage.id), present, shown: stage.state === "revealed", mine: stage.mine };
}
