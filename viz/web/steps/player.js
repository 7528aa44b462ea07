// Which step is shown, and whose attention: the one owner of both. Playing is stepping by a clock.

/** @import { Over, PlayPatch, PlayState, Player, StepsPayload } from "./types.js" */
/** @import { Block, Changed } from "../shared/types.js" */
import { clamp } from "../shared/format.js";
import { FULL, headPattern } from "../shared/payload.js";

export const OVERS = { all: "all heads, mean", layer: "one layer, mean", head: "one head" };
const BEAT = 800; // milliseconds a step, when playing

/**
 * @param {StepsPayload} payload
 * @param {PlayPatch} start
 * @returns {Player}
 */
export function createPlayer(payload, start) {
  let data = payload;
  /** @type {PlayState} */
  let state = legal({ step: 0, over: "all", layer: 0, head: 0, playing: false, ...start });
  let clock = 0;
  /** @type {((changed: Changed, byHand: boolean) => void)[]} */
  const listeners = [];

  /** @returns {PlayState} */
  function legal(/** @type {PlayPatch} */ next) {
    const block = data.traces[0].attention.cross;
    const within = (/** @type {unknown} */ value, /** @type {number} */ n) => clamp(Math.round(Number(value)) || 0, 0, n - 1);
    return {
      step: within(next.step, stepCount(data)),
      over: /** @type {Over} */ (String(next.over) in OVERS ? next.over : "all"),
      layer: within(next.layer, block.layers),
      head: within(next.head, block.heads),
      playing: Boolean(next.playing),
    };
  }

  function set(/** @type {PlayPatch} */ patch, byHand = true) {
    const next = legal({ ...state, ...patch });
    const names = /** @type {(keyof PlayState)[]} */ (Object.keys(next));
    const changed = new Set(names.filter((name) => next[name] !== state[name]));
    if (!changed.size) return;
    state = next;
    clearInterval(clock);
    if (state.playing) clock = window.setInterval(beat, BEAT);
    listeners.forEach((listener) => listener(changed, byHand));
  }

  function beat() {
    const last = stepCount(data) - 1;
    set({ step: state.step + 1, playing: state.step + 1 < last });
  }

  return {
    get: () => state,
    set,
    /** Go to a step by hand, which ends playing. */
    go: (/** @type {number} */ step) => set({ step, playing: false }),
    /** Go along with a sound. */
    hear: (/** @type {number} */ step) => set({ step, playing: false }, false),
    toggle() {
      const last = stepCount(data) - 1;
      if (state.playing) set({ playing: false });
      else set({ playing: last > 0, step: state.step === last ? 0 : state.step });
    },
    subscribe(/** @type {(changed: Changed, byHand: boolean) => void} */ listener) { listeners.push(listener); },
    replaceData(/** @type {StepsPayload} */ next) {
      data = next;
      clearInterval(clock);
      state = legal({ ...state, playing: false });
    },
    stop: () => clearInterval(clock),
  };
}

/**
 * @param {StepsPayload} payload
 */
export function stepCount(payload) {
  return payload.steps.probability.length;
}

/**
 * [rows × columns] of a kind: one head, or the mean of a layer's or of all the decoder's heads.
 * @param {Block} block
 * @param {PlayState} playState
 */
export function weightsOf(block, { over, layer, head }) {
  const layers = over === "all" ? [...Array(block.layers).keys()] : [layer];
  const heads = over === "head" ? [head] : [...Array(block.heads).keys()];
  const sum = new Float64Array(block.size);
  for (const i of layers) {
    for (const h of heads) {
      const pattern = headPattern(block, i, h);
      for (let at = 0; at < sum.length; at += 1) sum[at] += pattern[at];
    }
  }
  const full = FULL * layers.length * heads.length;
  return sum.map((value) => value / full);
}

/**
 * What each column has received up to and with each row: running sums over the rows.
 * @param {Float64Array} weights
 * @param {number} columns
 */
export function runningSums(weights, columns) {
  const sums = Float64Array.from(weights);
  for (let at = columns; at < sums.length; at += 1) sums[at] += sums[at - columns];
  return sums;
}

/**
 * Whose attention is shown, in words.
 * @param {PlayState} playState
 */
export function overName({ over, layer, head }) {
  if (over === "all") return "mean of all heads";
  return over === "layer" ? `layer ${layer}, mean of its heads` : `L${layer} H${head}`;
}
