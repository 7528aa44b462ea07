// The one owner of what is selected. Everything else reads it and is told what changed.

/** @import { Patch, Place, State, Store } from "./types.js" */
/** @import { Changed, Payload } from "../types.js" */
import { clamp } from "../format.js";
import table from "./parameters.json" with { type: "json" };

/** Name in the state -> row of Python's table of parameters. */
const ROWS = Object.entries(table);
const CHOICES = ROWS.filter(([name, { options }]) => options.length && name !== "kind");

/**
 * What each switch can be.
 * @type {Record<string, string[]>}
 */
export const SWITCHES = Object.fromEntries(CHOICES.map(([name, { options }]) => [name, options]));

/**
 * Names in the page's address.
 * @type {Record<string, string>}
 */
export const ADDRESS = Object.fromEntries(ROWS.map(([name, row]) => [name, row.name]));

export const DEFAULTS = /** @type {State} */ (/** @type {unknown} */ ({
  ...Object.fromEntries(CHOICES.map(([name, row]) => [name, row.default])),
  kind: table.kind.default, layer: 0, head: 0, threshold: Number(table.threshold.default),
  pin: null, hover: null, help: false,
}));

/**
 * @param {Payload} payload
 * @param {Record<string, unknown>} initial by the names of a state or of the address
 * @returns {Store}
 */
export function createStore(payload, initial = {}) {
  let data = payload;
  let state = legal({ ...DEFAULTS, ...startFrom(initial) }, data);
  /** @type {Set<(changed: Changed) => void>} */
  const listeners = new Set();

  /** Any values, made such as these numbers have. */
  function legal(/** @type {any} */ next, /** @type {Payload} */ { traces, kinds }) {
    /** @type {State & Record<string, unknown>} */
    const fixed = { ...next };
    if (!kinds.includes(fixed.kind)) fixed.kind = kinds[kinds.length - 1];
    const block = traces[0].attention[fixed.kind];
    fixed.layer = clamp(Math.round(Number(fixed.layer)) || 0, 0, block.layers - 1);
    fixed.head = clamp(Math.round(Number(fixed.head)) || 0, 0, block.heads - 1);
    for (const [name, values] of Object.entries(SWITCHES)) {
      if (!values.includes(String(fixed[name]))) Object.assign(fixed, { [name]: values[0] });
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
    subscribe(/** @type {(changed: Changed) => void} */ listener) { listeners.add(listener); },
    replaceData(/** @type {Payload} */ next, /** @type {Patch} */ patch = {}) {
      data = next;
      state = legal({ ...state, hover: null, pin: null, ...patch }, data);
    },
  };
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
export function same(a, b) {
  if (a === b) return true;
  if (!a || !b || typeof a !== "object") return false;
  const [one, other] = /** @type {Place[]} */ ([a, b]);
  return one.row === other.row && one.col === other.col;
}

/**
 * The part of a state that an address or a notebook may carry, defaults left out.
 * @param {State} state
 */
export function addressOf(state) {
  /** @type {Record<string, string | null>} */
  const values = {};
  for (const [name, short] of Object.entries(ADDRESS)) {
    const key = /** @type {keyof State} */ (name);
    const value = key === "pin" ? pinText(state.pin) : state[key];
    const always = ["kind", "layer", "head"].includes(name);
    if (always || (value !== null && value !== DEFAULTS[key])) values[short] = String(value);
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
  /** @type {Record<string, unknown>} */
  const start = { ...stateFrom((name) => given[name]), ...Object.fromEntries(named) };
  const { pin } = start;
  return typeof pin === "string" ? { ...start, pin: pinFrom(pin) } : start;
}

/**
 * The inverse: what an address says, unknown or absent names left out.
 * @param {(name: string) => unknown} get
 */
export function stateFrom(get) {
  /** @type {Record<string, unknown>} */
  const state = {};
  for (const [name, short] of Object.entries(ADDRESS)) {
    const value = get(short);
    if (value === null || value === undefined || value === "") continue;
    state[name] = name === "pin" ? pinFrom(String(value)) : value;
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
export function pinFrom(text) {
  const match = /^(\d*)-(\d*)$/.exec(text);
  if (!match || (!match[1] && !match[2])) return null;
  const [row, col] = match.slice(1).map((part) => (part === "" ? null : Number(part)));
  return { row, col };
}

/**
 * Where the pointer is: a pinned place wins over the hand.
 * @param {Pick<State, "pin" | "hover">} state
 * @returns {Place}
 */
export function pointerOf(state) {
  return state.pin || state.hover || { row: null, col: null };
}
