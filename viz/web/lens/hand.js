// Hands on the map: cut what is pinned, paint a row by dragging its cells up and down, look only here. What is done goes to
// the page as items of the text of edits; until the model has written again, the row is drawn as it was painted.

/** @import { Hand, LensCtx } from "./types.js" */
/** @import { Place, State, View } from "../shared/heads/types.js" */
/** @import { Changed } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { clamp, number } from "../shared/format.js";
import { placeIn } from "../shared/heads/heatmap.js";
import { pointerOf } from "../shared/heads/store.js";
import { mayAttend } from "../shared/heads/view.js";
import { isOff, withModifier } from "../shared/keys.js";
import { alike, only, painted, textOf } from "./row.js";

const HEIGHT = 160; // pixels of a drag from 0 to 1
const SLIP = 4; // a hand that moves less has pressed
const STEP = 0.05; // of a key
const REST = 700; // milliseconds after the last key until the model writes again

const SCOPES = { head: "this head", layer: "all heads of the layer", all: "all layers" };
const NOWHERE = "Point at a cell first.";

/**
 * A row under the hand.
 * @typedef {object} Row
 * @property {View} view
 * @property {number} row
 * @property {number} col
 * @property {number[]} open columns that the row may attend to
 * @property {Float32Array} weights
 */

/**
 * @param {LensCtx} ctx
 * @returns {Hand}
 */
export function createHand(ctx) {
  /** @type {Set<number>} */
  let held = new Set();
  let whose = ""; // the row that is held in part
  /** @type {{at: number, row: number, weights: Float32Array} | null} */
  let draft = null;
  let timer = 0;
  let why = ""; // nothing came of what was just tried

  const scope = el("select", { "aria-label": "Edit in" }, ...Object.entries(SCOPES).map(([value, name]) => el("option", { value }, name)));
  const weight = el("input", { type: "range", min: "0", max: "1", step: "0.005", "aria-label": "Weight of the pinned cell" });
  const shown = el("output", {});
  const note = el("span", { "aria-live": "polite", "data-testid": "hand-note" });
  /** @type {Record<string, () => void>} */
  const acts = {
    x: cut,
    o: () => put(({ weights, col }) => only(weights.length, col)),
    a: () => put(({ weights, open }) => alike(weights.length, open)),
    k: hold,
    z: () => send(heads().map((head) => `ablate.${name(head)}`)),
  };
  const tool = (/** @type {string} */ label, /** @type {string} */ letter, /** @type {string} */ title) =>
    el("button", { type: "button", title: `${title} (key ${letter})`, "aria-keyshortcuts": letter, onclick: acts[letter] }, label);
  const buttons = {
    cut: tool("Cut", "x", "This row may no longer attend to this column, in the heads chosen on the left"),
    only: tool("Only here", "o", "This row attends to this column alone"),
    alike: tool("All alike", "a", "This row gives every column it may attend to the same weight"),
    hold: tool("Hold", "k", "Keep this weight while you change others of its row"),
    off: tool("Head off", "z", "Set the output z of the heads chosen on the left to 0"),
  };
  const slider = el("label", { class: "field slider" }, el("span", {}, "weight"), weight, shown);
  const node = el("div", { class: "hand", role: "toolbar", "aria-label": "Edit the attention" },
    el("label", { class: "field" }, el("span", {}, "Edit in"), scope),
    el("span", { class: "tools" }, buttons.cut, buttons.only, buttons.alike, buttons.hold, buttons.off), slider);

  weight.addEventListener("input", () => paintTo(pinned(), Number(weight.value)));
  weight.addEventListener("change", commit);

  function send(/** @type {string[]} */ items) {
    ctx.host.edit?.(items, ctx.store.get());
  }

  /** The layers and heads that an edit is for, as [layer, head]. */
  function heads() {
    const { kind, layer, head } = ctx.store.get();
    const block = ctx.payload.traces[0].attention[kind];
    const all = (/** @type {number} */ n) => [...Array(n).keys()];
    if (scope.value === "head") return [[layer, head]];
    return (scope.value === "all" ? all(block.layers) : [layer]).flatMap((i) => all(block.heads).map((h) => [i, h]));
  }

  function one() {
    const { layer, head } = ctx.store.get();
    return [layer, head];
  }

  const name = (/** @type {number[]} */ [layer, head]) => `${ctx.store.get().kind}.${layer}.${head}`;

  /** The view that is painted: the edited one, where there is one. */
  function handled() {
    const at = ctx.payload.traces.findIndex((trace) => trace.edits);
    return Math.max(0, at);
  }

  function cut() {
    const state = ctx.store.get();
    const view = ctx.views[handled()];
    const { row, col } = placeIn(view, pointerOf(state));
    if (row === null && col === null) return;
    const of = { head: `${state.layer}.${state.heads === "one" ? state.head : "all"}`, layer: `${state.layer}.all`, all: "all.all" }[scope.value];
    const rows = row === null ? ["all"] : view.rows[row].tokens;
    const cols = col === null ? ["all"] : view.cols[col].tokens;
    send(rows.flatMap((i) => cols.map((j) => `cut.${state.kind}.${of}.${i}.${j}`)));
  }

  /** The row at a place, or in words why it cannot be painted. */
  function rowAt(/** @type {number} */ at, /** @type {Place} */ place) {
    const view = ctx.views[at];
    const state = ctx.store.get();
    const { row, col } = placeIn(view, place);
    if (view.missing || row === null || col === null) return NOWHERE;
    if (state.measure !== "weights") return "Only weights can be changed, not scores. Press m for weights.";
    if (state.heads !== "one") return "Only one head at a time can be changed. Press h for one head.";
    if (state.unit !== "pieces" || state.special !== "shown") return "To change a weight, show pieces, or single positions, (w) and special tokens (s). Groups of them can only be cut.";
    if (!mayAttend(view, row, col)) return "This cell is masked: its row may not attend there.";
    const n = view.cols.length;
    if (view.marks?.cut[row * n + col]) return "This edge is cut. Undo the cut to change its weight.";
    const open = [...Array(n).keys()].filter((j) => mayAttend(view, row, j) && !view.marks?.cut[row * n + j]);
    const weights = draft?.at === at && draft.row === row ? draft.weights : view.values.slice(row * n, row * n + n);
    return { view, row, col, open, weights };
  }

  const pinned = () => rowAt(handled(), ctx.store.get().pin ?? { row: null, col: null });
  const pointed = () => rowAt(handled(), pointerOf(ctx.store.get()));

  function free(/** @type {Row} */ { row, open }) {
    const here = `${name(one())}.${row}`;
    if (whose !== here) [whose, held] = [here, new Set()];
    return open.filter((j) => !held.has(j));
  }

  function paintTo(/** @type {Row | string} */ found, /** @type {number} */ wanted, at = handled()) {
    if (typeof found === "string") return;
    draft = { at, row: found.row, weights: painted(found.weights, found.col, wanted, free(found)) };
    ctx.repaint();
  }

  /** Give the pinned or pointed row other weights, at once. */
  function put(/** @type {(row: Row) => Float32Array} */ make) {
    const found = pointed();
    if (typeof found === "string") return say(found);
    draft = { at: handled(), row: found.row, weights: make(found) };
    ctx.repaint();
    return commit();
  }

  function commit() {
    clearTimeout(timer);
    if (!draft) return;
    const { row, weights } = draft;
    send(heads().map((head) => `set.${name(head)}.${row}:${textOf(weights)}`));
  }

  function hold() {
    const found = pointed();
    if (typeof found === "string") return say(found);
    free(found);
    if (!held.delete(found.col)) held.add(found.col);
    return ctx.repaint();
  }

  function say(/** @type {string} */ text) {
    note.textContent = why = text;
  }

  /** What came of the last act, else what is held in the row that is pointed at. */
  function remark() {
    if (why) return why;
    const row = placeIn(ctx.views[handled()], pointerOf(ctx.store.get())).row;
    const { cols } = ctx.views[handled()];
    if (!held.size || whose !== `${name(one())}.${row}`) return "";
    return `Held: ${[...held].map((j) => `“${cols[j]?.label}”`).join(", ")}. The others share what is left.`;
  }

  /** What a key does; true when it was one of ours. */
  function key(/** @type {KeyboardEvent} */ event) {
    if (!ctx.host.edit || withModifier(event) || isOff(event)) return false;
    const by = { "+": STEP, "=": STEP, "-": -STEP }[event.key];
    if (by !== undefined) {
      const found = pointed();
      if (typeof found === "string") say(found);
      else {
        paintTo(found, clamp(found.weights[found.col] + by, 0, 1));
        clearTimeout(timer);
        timer = window.setTimeout(commit, REST);
      }
      return true;
    }
    acts[event.key]?.();
    return event.key in acts;
  }

  /** Let a heatmap be painted on: a drag up or down changes the weight of the cell where it began. */
  function attach(/** @type {HTMLElement} */ stage, /** @type {(event: MouseEvent) => Place | null} */ placeAt, /** @type {number} */ at) {
    /** @type {{y: number, found: Row | string, place: Place} | null} */
    let start = null;
    let moved = false;
    stage.addEventListener("pointerdown", (event) => {
      moved = false;
      const place = placeAt(event);
      if (!ctx.host.edit || event.button || event.pointerType === "touch" || !place) return;
      start = { y: event.clientY, found: rowAt(at, place), place };
    });
    stage.addEventListener("pointermove", (event) => {
      if (!start || !(event.buttons & 1)) return;
      const up = start.y - event.clientY;
      if (!moved && Math.abs(up) < SLIP) return;
      if (typeof start.found === "string") return say(start.found);
      if (!moved) stage.setPointerCapture(event.pointerId);
      moved = true;
      stage.classList.add("painting");
      event.stopImmediatePropagation(); // the pointer stays where the drag began
      ctx.store.set({ hover: start.place });
      const before = start.found.weights[start.found.col];
      paintTo(start.found, before + up / HEIGHT, at);
    }, { capture: true });
    for (const end of ["pointerup", "pointercancel"]) {
      stage.addEventListener(end, () => {
        stage.classList.remove("painting");
        if (start && moved) {
          ctx.store.set({ pin: start.place });
          if (end === "pointerup") commit();
          else clear();
        }
        start = null;
      });
    }
    stage.addEventListener("click", (event) => {
      if (moved) event.stopImmediatePropagation(); // a drag is no press
      moved = false;
    }, { capture: true });
  }

  function clear() {
    clearTimeout(timer);
    if (!draft) return;
    draft = null;
    ctx.repaint();
  }

  /** Draw the row under the hand, and mark what is held. */
  function overlay(/** @type {View[]} */ views, /** @type {State} */ state) {
    const view = draft && views[draft.at];
    if (draft && view && !view.missing && state.heads === "one" && state.measure === "weights" && draft.weights.length === view.cols.length) {
      view.values.set(draft.weights, draft.row * view.cols.length);
      const none = { cut: new Uint8Array(view.values.length), byHand: view.rows.map(() => false) };
      view.marks = view.marks ?? none;
      view.marks.byHand[draft.row] = true;
    }
    if (held.size && whose.startsWith(`${name(one())}.`)) {
      const row = Number(whose.split(".")[3]);
      views[handled()].held = { row, cols: [...held] };
    }
  }

  return {
    node, note, key, attach, clear, overlay,
    paint(/** @type {Changed} */ changed) {
      node.hidden = !ctx.host.edit;
      if (node.hidden) return;
      if (["kind", "layer", "head"].some((one_) => changed.has(one_)) && draft) clear();
      if (["pin", "hover", "kind", "layer", "head", "data"].some((one_) => changed.has(one_))) why = "";
      const { pin, heads: how } = ctx.store.get();
      const found = pinned();
      const row = typeof found === "string" ? null : found;
      buttons.cut.disabled = !pin;
      for (const button of [buttons.only, buttons.alike, buttons.hold]) button.disabled = !row;
      buttons.off.disabled = how !== "one";
      slider.classList.toggle("idle", !row); // its place is kept: nothing moves when a cell is pinned
      const now = row ? row.weights[row.col] : 0;
      weight.value = String(now);
      shown.textContent = row ? number(now) : "";
      buttons.hold.setAttribute("aria-pressed", String(Boolean(row && held.has(row.col) && whose === `${name(one())}.${row.row}`)));
      note.textContent = remark();
    },
  };
}
