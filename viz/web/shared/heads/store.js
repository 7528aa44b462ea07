// The one owner of what is selected. Everything else reads it and is told what changed.

/** @import { Patch, Place, State } from "./types.js" */
/** @import { Changed, Payload } from "../types.js" */
import { clamp } from "../format.js";

export const SWITCHES = {
  measure: ["weights", "raw", "masked", "norm"],
  heads: ["one", "mean", "max"],
  unit: ["pieces", "words"],
  special: ["shown", "hidden"],
  rows: ["reads", "writes"],
  scale: ["fixed", "head"],
  sort: ["layer", "entropy", "diagonal", "first"],
};

/** Short names of the switches in the page's address. */
export const ADDRESS = {
  kind: "kind", layer: "layer", head: "head", measure: "m", heads: "h", unit: "u", special: "sp",
  rows: "r", scale: "sc", sort: "so", threshold: "th", pin: "pin",
};

export const DEFAULTS = {
  kind: "cross", layer: 0, head: 0, measure: "weights", heads: "one", unit: "pieces",
  special: "shown", rows: "reads", scale: "fixed", sort: "layer", threshold: 0.05,
  pin: null, hover: null, help: false,
};

/**
 * @param {Payload} payload
 */
export function createStore(payload, initial = {}) {
  let data = payload;
  let state = legal({ ...DEFAULTS, ...startFrom(initial) }, data);
  const listeners = new Set();

  function legal(/** @type {Patch} */ next, /** @type {Payload} */ { traces, kinds }) {
    const fixed = { ...next };
    if (!kinds.includes(fixed.kind)) fixed.kind = kinds[kinds.length - 1];
    const block = traces[0].attention[fixed.kind];
    fixed.layer = clamp(Math.round(Number(fixed.layer)) || 0, 0, block.layers - 1);
    fixed.head = clamp(Math.round(Number(fixed.head)) || 0, 0, block.heads - 1);
    for (const [name, values] of Object.entries(SWITCHES)) {
      if (!values.includes(fixed[name])) fixed[name] = values[0];
    }
    fixed.threshold = clamp(Number(fixed.threshold) || 0, 0, 1);
    if (fixed.measure !== "weights") {
      fixed.unit = "pieces";
      fixed.special = "shown";
    }
    return fixed;
  }

  function set(/** @type {Patch} */ patch) {
    const next = legal({ ...state, ...patch }, data);
    // A place in a picture means something else once its rows and columns are others.
    if (["kind", "unit", "special"].some((name) => next[name] !== state[name])) {
      next.hover = null;
      if (!("pin" in patch)) next.pin = null;
    }
    const changed = Object.keys(next).filter((name) => !same(next[name], state[name]));
    if (!changed.length) return;
    state = next;
    listeners.forEach((listener) => listener(new Set(changed)));
  }

  return {
    get: () => state,
    set,
    subscribe: (/** @type {(changed: Changed) => void} */ listener) => listeners.add(listener),
    replaceData(/** @type {Payload} */ next) {
      data = next;
      state = legal({ ...state, hover: null, pin: null }, data);
    },
  };
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
export function same(a, b) {
  if (a === b) return true;
  return Boolean(a && b) && typeof a === "object" && a.row === b.row && a.col === b.col;
}

/**
 * The part of a state that an address or a notebook may carry, defaults left out.
 * @param {State} state
 */
export function addressOf(state) {
  const values = {};
  for (const [name, short] of Object.entries(ADDRESS)) {
    const value = name === "pin" ? pinText(state.pin) : state[name];
    const always = ["kind", "layer", "head"].includes(name);
    if (always || (value !== null && value !== DEFAULTS[name])) values[short] = String(value);
    else values[short] = null;
  }
  return values;
}

/**
 * A start by the names of a state or of an address, whatever else it holds left out.
 * @param {Record<string, unknown>} given
 */
function startFrom(given) {
  const named = Object.entries(given).filter(([name]) => name in DEFAULTS);
  const start = { ...stateFrom((name) => given[name]), ...Object.fromEntries(named) };
  return typeof start.pin === "string" ? { ...start, pin: pinFrom(start.pin) } : start;
}

/**
 * The inverse: what an address says, unknown or absent names left out.
 * @param {(name: string) => unknown} get
 */
export function stateFrom(get) {
  const state = {};
  for (const [name, short] of Object.entries(ADDRESS)) {
    const value = get(short);
    if (value === null || value === undefined || value === "") continue;
    state[name] = name === "pin" ? pinFrom(value) : value;
  }
  return state;
}

/**
 * @param {Place | null} pin
 */
function pinText(pin) {
  return pin ? `${pin.row ?? ""}-${pin.col ?? ""}` : null;
}

/**
 * @param {string} text
 */
function pinFrom(text) {
  const match = /^(\d*)-(\d*)$/.exec(text);
  if (!match || (!match[1] && !match[2])) return null;
  const [row, col] = match.slice(1).map((part) => (part === "" ? null : Number(part)));
  return { row, col };
}

/**
 * Where the pointer is: a pinned place wins over the hand.
 * @param {State} state
 */
export function pointerOf(state) {
  return state.pin || state.hover || { row: null, col: null };
}
