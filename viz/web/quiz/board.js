// One picture and one question, mounted into an element. Knows nothing of Streamlit.
//
// A picture or a question is a function (data, game) => { node, paint() }; `game` is what both share:
// whether the answer is shown, and which option is chosen.

/** @import { BoardData, Game, Picture } from "./types.js" */
import { el } from "../shared/dom.js";
import { isOff } from "../shared/keys.js";
import { askPanel } from "./ask.js";
import { choiceQuestion } from "./choice.js";
import { dotPicture } from "./dot.js";
import { galleryPicture } from "./gallery.js";
import { mapPicture } from "./map.js";
import { cellsQuestion } from "./masked.js";
import { mixPicture } from "./mix.js";
import { numberQuestion } from "./number.js";
import { outputsPicture } from "./outputs.js";
import { pickQuestion } from "./pick.js";
import { rowQuestion } from "./row.js";
import { softmaxPicture } from "./softmax.js";
import { sourcePicture } from "./source.js";
import { stacksPicture } from "./stacks.js";
import { stepsPicture } from "./steps.js";
import { wordQuestion } from "./word.js";

/** @type {Record<string, ((data: any, game: Game) => Picture) | null>} */
const PICTURES = {
  none: null,
  map: mapPicture,
  gallery: galleryPicture,
  dot: dotPicture,
  softmax: softmaxPicture,
  mix: mixPicture,
  outputs: outputsPicture,
  stacks: stacksPicture,
  steps: stepsPicture,
  source: sourcePicture,
};

/** @type {Record<string, import("./types.js").Build<any>>} */
const QUESTIONS = {
  row: rowQuestion, choice: choiceQuestion, cells: cellsQuestion, pick: pickQuestion, number: numberQuestion, word: wordQuestion,
};

/**
 * @param {HTMLElement | ShadowRoot} root
 * @param {BoardData} data
 * @param {object} [how]
 * @param {typeof askPanel} [how.panel] what stands beside the picture; a class has its own
 * @param {(shown: boolean) => void} [how.told] the answer was shown or hidden here
 */
export function mountBoard(root, data, { panel = askPanel, told } = {}) {
  const board = el("div", { class: "board", "data-testid": "board" });
  board.style.setProperty("--kind", data.colour || "var(--st-primary-color)");
  for (const [kind, colour] of Object.entries(data.kinds)) {
    board.style.setProperty(`--${kind.replace("_", "-")}`, colour);
  }
  board.style.setProperty("--less", data.diverging[0]);
  board.style.setProperty("--more", data.diverging[1]);
  board.style.setProperty("--white", `${100 * data.tint}%`);
  const game = createGame(data, () => parts.forEach((part) => part.paint()), told);
  const draw = PICTURES[data.picture.type];
  const picture = draw ? draw(data.picture, game) : null;
  const question = panel(data.question, game, QUESTIONS[data.question.type]);
  const parts = picture ? [picture, question] : [question];
  const stage = picture ? picture.node : question.stage;
  board.append(
    el("div", { class: "sides" },
      el("section", { class: "picture" }, stage, ...noteOf(data.picture)),
      question.node),
  );
  root.append(board);
  const unlisten = panel === askPanel ? listenForKey(board, "s", () => game.set({ shown: !game.shown })) : () => {};
  const present = (/** @type {boolean} */ on) => board.classList.toggle("present", on);
  present(data.present);
  parts.forEach((part) => part.paint());
  return {
    id: data.id,
    present,
    show(/** @type {boolean} */ shown) { if (shown !== game.shown) game.set({ shown }); },
    destroy() {
      unlisten();
      board.remove();
    },
  };
}

/**
 * What picture and question share.
 * @param {BoardData} data
 * @param {() => void} repaint
 * @param {(shown: boolean) => void} [told]
 */
function createGame(data, repaint, told) {
  const game = {
    shown: Boolean(data.shown), // whether the answer is on the screen
    chosen: typeof data.mine === "number" && data.question.type === "choice" ? data.mine : null, // index of the chosen option
    mine: data.mine ?? null,
    values: data.question.values || null,
    best: data.question.best || [],
    set(/** @type {Partial<Pick<Game, "shown" | "chosen">>} */ patch) {
      Object.assign(game, patch);
      repaint();
      if (patch.shown !== undefined) told?.(patch.shown);
    },
  };
  return game;
}

/**
 * @param {{note?: string}} given
 */
export function noteOf({ note }) {
  return note ? [el("p", { class: "note" }, note)] : [];
}

/**
 * Act on a letter, on the board or on the page, unless something is being typed.
 * @param {HTMLElement} board
 * @param {string} letter
 * @param {() => void} act
 */
function listenForKey(board, letter, act) {
  const listener = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {Element} */ (event.composedPath()[0]);
    if (event.ctrlKey || event.metaKey || event.altKey || isOff(event) || event.key.toLowerCase() !== letter) return;
    const typing = target.matches?.("textarea, select, [contenteditable], input:not([type=range])");
    if (typing || !board.getClientRects().length) return; // gone, or hidden while a class has the stage
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}
