// The keyboard alone is enough. The table is also the help that is shown on "?".

/** @import { Ctx, Patch, State, View } from "./types.js" */
/** @import { Changed } from "../types.js" */
import { el } from "../dom.js";
import { clamp } from "../format.js";
import { isOff, lettersOn, switchLetters, withModifier } from "../keys.js";
import { KIND_KEYS } from "../kinds.js";
import { placeIn } from "./heatmap.js";
import { SWITCHES, pointerOf } from "./store.js";

const KEYS = [
  ["← →", "previous or next head"],
  ["↑ ↓", "layer above or below"],
  ["e d c", "encoder self, decoder self, cross-attention"],
  ["Shift + arrows", "move the pointer over the cells; Tab goes to the first one"],
  ["Enter", "pin the cell; again or Escape releases it"],
  ["m", "next measure"],
  ["h", "one head, mean or max over heads"],
  ["w", "pieces or whole words, single positions or groups"],
  ["s", "special tokens shown or hidden"],
  ["r", "rows named by both tokens, the one read, the one written"],
  ["x", "cut the edge, row or column that is pointed at or pinned, where edits are made (Explore); u undoes it"],
  ["+ −", "paint the weight there up or down, as dragging the cell does; its row keeps adding to 1"],
  ["k o a", "hold this weight; look only here; look at all alike"],
  ["z", "switch the head off"],
  ["?", "this help"],
  ["Escape", "close, release"],
];

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * What a key does to the state; null when it is not ours.
 * @param {KeyboardEvent} event
 * @param {State} state
 * @param {View} view
 * @returns {Patch | null}
 */
export function keyAction(event, state, view) {
  if (withModifier(event) || isOff(event)) return null;
  return headAction(event, state, view) ?? LETTERS[event.key]?.(state) ?? null;
}

/**
 * The keys that choose a head and a cell.
 * @param {KeyboardEvent} event
 * @param {State} state
 * @param {View} view
 * @returns {Patch | null}
 */
export function headAction(event, state, view) {
  if (withModifier(event) || isOff(event)) return null;
  const step = STEPS[event.key];
  if (step && event.shiftKey) return movePointer(state, view, step);
  if (step) {
    if (step[1]) return { head: state.head + step[1], heads: "one" };
    return { layer: state.layer - step[0] }; // up the stack is up in the drawing
  }
  if (event.key === "Escape") return escape(state);
  if (event.key === "Enter") return pinHere(state);
  return event.key in KIND_KEYS ? { kind: KIND_KEYS[event.key] } : null;
}

/** @type {Record<string, (state: State) => Patch>} */
const LETTERS = {
  m: ({ measure }) => ({ measure: next(SWITCHES.measure, measure) }),
  h: ({ heads }) => ({ heads: next(SWITCHES.heads, heads) }),
  w: ({ unit }) => ({ unit: next(SWITCHES.unit, unit) }),
  s: ({ special }) => ({ special: next(SWITCHES.special, special) }),
  r: ({ rows }) => ({ rows: next(SWITCHES.rows, rows) }),
  "?": ({ help }) => ({ help: !help }),
};

/**
 * @param {string[]} values
 * @param {string} value
 */
function next(values, value) {
  return values[(values.indexOf(value) + 1) % values.length];
}

/**
 * @param {State} state
 * @param {View} view
 * @param {[number, number]} step
 */
function movePointer(state, view, [down, right]) {
  if (view.missing) return null;
  const { row, col } = placeIn(view, pointerOf(state));
  const to = {
    row: clamp(row === null ? 0 : row + down, 0, view.rows.length - 1),
    col: clamp(col === null ? 0 : col + right, 0, view.cols.length - 1),
  };
  return state.pin ? { pin: to } : { hover: to };
}

/**
 * @param {State} state
 */
function pinHere(state) {
  if (state.pin) return { pin: null };
  return state.hover ? { pin: state.hover } : null;
}

/**
 * @param {State} state
 */
function escape(state) {
  if (state.help) return { help: false };
  if (state.pin || state.hover) return { pin: null, hover: null };
  return null;
}

/**
 * What the keys need of the pieces of a page.
 * @typedef {object} KeyParts
 * @property {{contains(other: Node): boolean, focus(): void}} thumbs
 * @property {{close(): boolean}} [controls] close() tells whether anything was open
 */

/**
 * Listen on the lens, and on the page while the hand is over the lens and nothing else has focus.
 * @param {Pick<Ctx, "store" | "views">} ctx
 * @param {HTMLElement} root
 * @param {KeyParts} parts
 * @param {typeof keyAction} action
 */
export function listenToKeys(ctx, root, parts, action = keyAction) {
  const act = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {Element} */ (event.composedPath()[0]);
    const typing = target.matches?.("input, textarea, [contenteditable]");
    const picking = target.matches?.("select") && !/^[?]$|Escape/.test(event.key);
    if (event.key === "Escape" && parts.controls?.close()) {
      root.focus({ preventScroll: true });
      return stop(event);
    }
    if (typing || picking) return;
    if (event.key === "Enter" && target.matches?.("button, summary, a")) return;
    const patch = action(event, ctx.store.get(), ctx.views[0]);
    if (!patch) return;
    stop(event);
    const inThumbs = parts.thumbs.contains(target);
    ctx.store.set(patch);
    const inPicture = target.matches?.(".heatmap .stage");
    if (event.shiftKey && event.key.startsWith("Arrow") && !inPicture) root.focus({ preventScroll: true }); // Enter pins
    else if (inThumbs) parts.thumbs.focus();
  };
  const stop = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const fromPage = (/** @type {KeyboardEvent} */ event) => {
    const free = !document.activeElement || document.activeElement === document.body;
    if (free && root.matches(":hover")) act(event);
  };
  root.addEventListener("keydown", act);
  document.addEventListener("keydown", fromPage, true);
  return () => document.removeEventListener("keydown", fromPage, true);
}

/**
 * @param {Ctx} ctx
 */
export function createHelp(ctx) {
  const close = el("button", { type: "button", onclick: () => ctx.store.set({ help: false }) }, "Close");
  /** @type {HTMLInputElement} */
  const letters = el("input", { type: "checkbox", onchange: () => switchLetters(letters.checked) });
  const list = el("dl", {}, ...KEYS.flatMap(([keys, what]) => [el("dt", {}, keys), el("dd", {}, what)]));
  const node = el(
    "dialog",
    { class: "help", "aria-label": "Keyboard help", onclose: () => ctx.store.set({ help: false }) },
    el("h3", {}, "Keyboard"),
    list,
    el("label", { class: "row" }, letters, "Keys of one letter or digit act, on every page"),
    el("p", { class: "note" }, "Keys work while the lens has the focus, or the mouse is over it."),
    close,
  );
  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (!changed.has("help")) return;
      const { help } = ctx.store.get();
      letters.checked = lettersOn();
      if (help && !node.open) node.showModal(); // it keeps the focus, and gives it back
      if (!help && node.open) node.close();
    },
  };
}
