// The overview: every layer and head of the chosen kind, small. Each pixel is a weight.

/** @import { Ctx, HeadStats, State } from "./types.js" */
/** @import { Block, Changed, Kind } from "../types.js" */
import { thumbRatio } from "../axes.js";
import { drawOn, el } from "../dom.js";
import { capital, number } from "../format.js";
import { KIND_NAMES } from "../kinds.js";
import { FULL, hasLayer, headPattern } from "../payload.js";
import { poolMax } from "../raster.js";
import { SORTS, entropyTable, headStats, sortedHeads } from "./stats.js";
import { pointerOf } from "./store.js";

const CROWDED = 8; // heads in a row from which on only their numbers fit below them
const THUMB_LIMIT = 64; // longest side of a thumbnail in pixels; more cells are pooled

/** @typedef {{cells: Uint16Array, h: number, w: number}} Small a pattern, pooled to a thumbnail's pixels */
/** @typedef {{button: HTMLElement, canvas: HTMLCanvasElement, label: HTMLElement}} Thumb */

/**
 * @param {Pick<Ctx, "payload" | "palette" | "theme" | "views" | "store">} ctx
 */
export function createThumbs(ctx) {
  const grid = el("div", { class: "thumbs", role: "group" });
  /** @type {HTMLSelectElement} */
  const sort = el(
    "select",
    { "aria-label": "Order of the overview", onchange: () => { ctx.store.set({ sort: sort.value }); } },
    ...Object.entries(SORTS).map(([value, { name }]) => el("option", { value }, name)),
  );
  const note = el("p", { class: "note" });
  const node = el(
    "section",
    { class: "overview", "aria-label": "Overview of all layers and heads" },
    el("div", { class: "row" }, el("h3", {}, "All heads"), sort),
    grid,
    note,
  );
  /** @type {Map<string, Small>} */
  let pooled = new Map(); // by "kind.layer.head"
  /** @type {Map<string, HeadStats | null>} */
  let stats = new Map(); // the same
  /** @type {Map<string, Thumb>} */
  let buttons = new Map(); // by "layer.head"
  let shape = "";
  const table = entropyTable();

  function small(/** @type {Kind} */ kind, /** @type {number} */ layer, /** @type {number} */ head) {
    const key = `${kind}.${layer}.${head}`;
    let found = pooled.get(key);
    if (!found) {
      const block = ctx.payload.traces[0].attention[kind];
      if (!hasLayer(block, layer)) return sent(block, layer, head);
      const [h, w] = [Math.min(block.rows, THUMB_LIMIT), Math.min(block.columns, THUMB_LIMIT)];
      const pattern = headPattern(block, layer, head);
      const whole = h === block.rows && w === block.columns;
      const cells = whole ? pattern : poolMax(pattern, block.rows, block.columns, h, w);
      found = { cells, h, w };
      pooled.set(key, found);
    }
    return found;
  }

  function statsOf(/** @type {Kind} */ kind, /** @type {number} */ layer, /** @type {number} */ head) {
    const key = `${kind}.${layer}.${head}`;
    let found = stats.get(key);
    if (!found) {
      found = headStats(ctx.payload.traces[0].attention[kind], layer, head, table);
      stats.set(key, found);
    }
    return found;
  }

  /** A thumbnail that came from the server; null where none did, of weights that were not asked for. */
  function sent(/** @type {Block} */ block, /** @type {number} */ layer, /** @type {number} */ head) {
    if (!block.small) return null;
    const { cells, h, w } = block.small;
    const at = (layer * block.heads + head) * h * w;
    return { cells: cells.subarray(at, at + h * w), h, w };
  }

  /** Make the buttons anew only when the number of layers or heads changed. */
  function build(/** @type {Block} */ block) {
    const now = `${block.layers}.${block.heads}`;
    if (now === shape) return;
    shape = now;
    buttons = new Map();
    for (let layer = block.layers - 1; layer >= 0; layer -= 1) {
      for (let head = 0; head < block.heads; head += 1) {
        const canvas = el("canvas", { "aria-hidden": "true" });
        const label = el("span", { class: "name" });
        const button = el(
          "button",
          { type: "button", class: "thumb", onclick: () => ctx.store.set({ layer, head, heads: "one" }) },
          el("span", { class: "picture" }, canvas),
          label,
        );
        buttons.set(`${layer}.${head}`, { button, canvas, label });
      }
    }
  }

  function paintPictures(/** @type {State} */ state, /** @type {Block} */ block) {
    const colours = ctx.theme.ramps[state.kind];
    for (const [key, { canvas }] of buttons) {
      const [layer, head] = key.split(".").map(Number);
      const seen = small(state.kind, layer, head);
      canvas.hidden = !seen;
      if (!seen) continue;
      const { cells, h, w } = seen;
      let most = FULL;
      if (state.scale === "head") most = cells.reduce((a, b) => Math.max(a, b), 1);
      if (canvas.width !== w) canvas.width = w;
      if (canvas.height !== h) canvas.height = h;
      const context = drawOn(canvas);
      const image = context.createImageData(w, h);
      const pixels = new Uint32Array(image.data.buffer);
      const scale = 255 / most;
      for (let i = 0; i < pixels.length; i += 1) pixels[i] = colours[(cells[i] * scale + 0.5) | 0];
      const mask = block.mask && maskOf(block, block.mask, h, w);
      if (mask) hatchPixels(pixels, mask, h, w, ctx.theme.hatch);
      context.putImageData(image, 0, 0);
    }
  }

  /** @type {{key: string, pooled: Uint8Array}} */
  let lastMask = { key: "", pooled: new Uint8Array() };
  function maskOf(/** @type {Block} */ block, /** @type {Uint8Array} */ mask, /** @type {number} */ h, /** @type {number} */ w) {
    if (h === block.rows && w === block.columns) return mask;
    const key = `${ctx.payload.id}.${ctx.store.get().kind}.${h}.${w}`;
    if (lastMask.key !== key) lastMask = { key, pooled: poolMax(mask, block.rows, block.columns, h, w) };
    return lastMask.pooled;
  }

  function arrange(/** @type {State} */ state, /** @type {Block} */ block) {
    const order = sortedHeads(block, state.sort, (l, h) => statsOf(state.kind, l, h));
    const ranked = state.sort !== "layer";
    const followers = new Set((ctx.payload.traces[0].followers ?? []).map(([layer, head]) => `${layer}.${head}`));
    const children = order.flatMap(({ layer, head, value }) => {
      const { button, label } = /** @type {Thumb} */ (buttons.get(`${layer}.${head}`));
      const follows = state.kind === "cross" && followers.has(`${layer}.${head}`);
      button.classList.toggle("follows", follows);
      label.textContent = value !== null ? `L${layer} H${head}\n${number(value)}` : block.heads > CROWDED ? String(head) : `H${head}`;
      const named = value !== null ? ` ${number(value)}, ${state.sort}` : "";
      if (follows) label.textContent += " ◆";
      const known = follows ? ", alignment head" : "";
      button.setAttribute("aria-label", `L${layer} H${head}${named}${known}`); // it begins with what is read on it
      const opensRow = !ranked && head === 0;
      return opensRow ? [el("span", { class: "layer-name" }, `L${layer}`), button] : [button];
    });
    grid.replaceChildren(...children);
    grid.classList.toggle("ranked", ranked);
    grid.classList.toggle("crowded", block.heads > CROWDED);
    grid.style.setProperty("--columns", String(block.heads));
    grid.style.setProperty("--ratio", String(thumbRatio(block)));
    grid.setAttribute("aria-label", `${capital(KIND_NAMES[state.kind])}, every layer and head`);
    const large = Math.max(block.rows, block.columns) > THUMB_LIMIT;
    const scale = state.scale === "fixed" ? "0 to 1" : "0 to each head's largest";
    note.textContent =
      `Attention weights, ${scale}; ${SORTS[state.sort].note}.` +
      (large ? " Each pixel shows the largest weight under it." : "") +
      (state.kind === "cross" && followers.size ? " ◆ marks the heads that the checkpoint names as following the sound (alignment heads)." : "") +
      ([...buttons.keys()].every((key) => small(state.kind, Number(key.split(".")[0]), 0)) ? "" : " Empty ones are computed when you look at their layer.");
  }

  function light(/** @type {State} */ state, /** @type {Block} */ block) {
    const view = ctx.views[0];
    const { row, col } = pointerOf(state);
    place(grid, "row", (row === null ? null : view.rows[row])?.tokens, block.rows);
    place(grid, "col", (col === null ? null : view.cols[col])?.tokens, block.columns);
  }

  function paint(/** @type {Changed} */ changed) {
    const state = ctx.store.get();
    const block = ctx.payload.traces[0].attention[state.kind];
    if (changed.has("layers")) [pooled, stats] = [new Map(), new Map()];
    if (changed.has("data")) {
      pooled = new Map();
      stats = new Map();
      prepare();
    }
    build(block);
    if (["data", "theme", "kind", "scale", "layers"].some((name) => changed.has(name))) paintPictures(state, block);
    if (["data", "kind", "sort", "scale", "layers"].some((name) => changed.has(name))) arrange(state, block);
    node.style.setProperty("--kind", ctx.palette.kinds[state.kind]);
    sort.value = state.sort;
    for (const [key, { button }] of buttons) {
      const here = key === `${state.layer}.${state.head}`;
      const inMix = state.heads !== "one" && key.startsWith(`${state.layer}.`);
      button.setAttribute("aria-pressed", String(here || inMix));
      button.tabIndex = here ? 0 : -1;
    }
    light(state, block);
  }

  /** Pool the other kinds while nothing else is to do, so that going there is at once. */
  function prepare() {
    const payload = ctx.payload;
    const jobs = payload.kinds.flatMap((kind) => {
      const { layers, heads } = payload.traces[0].attention[kind];
      return Array.from({ length: layers * heads }, (_, i) => () => small(kind, Math.floor(i / heads), i % heads));
    });
    const step = () => {
      if (ctx.payload !== payload || !jobs.length) return;
      const end = performance.now() + 6;
      while (jobs.length && performance.now() < end) jobs.pop()?.();
      window.setTimeout(step, 4);
    };
    window.setTimeout(step, 60);
  }

  const focus = () => {
    const { layer, head } = ctx.store.get();
    buttons.get(`${layer}.${head}`)?.button.focus({ preventScroll: true });
  };
  return { node, paint, stats: statsOf, focus, contains: (/** @type {Node} */ other) => grid.contains(other) };
}

/**
 * A masked pixel is clear, with every fourth diagonal in the border colour.
 * @param {Uint32Array} pixels
 * @param {Uint8Array} mask
 * @param {number} h
 * @param {number} w
 * @param {number} colour a packed one
 */
function hatchPixels(pixels, mask, h, w, colour) {
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      if (!mask[y * w + x]) pixels[y * w + x] = (x + y) % 3 === 0 ? colour : 0;
    }
  }
}

/**
 * Put the pointer's row or column on every thumbnail: two numbers in CSS, no drawing.
 * @param {HTMLElement} grid
 * @param {string} name
 * @param {number[] | undefined} tokens
 * @param {number} count
 */
export function place(grid, name, tokens, count) {
  const here = tokens ? Math.min(...tokens) / count : -1;
  const size = tokens ? tokens.length / count : 0;
  grid.style.setProperty(`--${name}`, String(here));
  grid.style.setProperty(`--${name}-size`, String(size));
}
