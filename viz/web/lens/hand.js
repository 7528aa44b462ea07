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
const IDLE = "Point at or pin a cell. x cuts its edge; dragging it up or down paints its row, which keeps adding to 1.";

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

  const scope = el("select", { "aria-label": "Edit in" }, ...Object.entries(SCOPES).map(([value, name]) => el("option", { value }, name)));
  const weight = el("input", { type: "range", min: "0", max: "1", step: "0.005", "aria-label": "Weight of the pinned cell" });
  const shown = el("output", {});
  const note = el("p", { class: "note", "aria-live": "polite", "data-testid": "hand-note" });
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
    cut: tool("✂ Cut", "x", "The row may no longer attend to the column, in the heads chosen here"),
    only: tool("✎ Only here", "o", "The whole row looks at this column"),
    alike: tool("✎ Alike", "a", "The row looks at all it may attend to with the same weight"),
    hold: tool("Hold", "k", "This weight stays as it is while others of its row are painted"),
    off: tool("Head off", "z", "The output z of the heads chosen here is 0"),
  };
  const node = el("section", { class: "hand", "aria-label": "Edit" },
    el("span", { class: "row tools" }, el("label", { class: "field" }, el("span", {}, "Edit in"), scope), buttons.cut,
      el("label", { class: "field" }, el("span", {}, "weight"), weight, shown), buttons.hold, buttons.only, buttons.alike, buttons.off),
    note);

  weight.addEventListener("input", () => paintTo(pinned(), Number(weight.value)));
  weight.addEventListener("change", commit);

  function send(/** @type {string[]} */ items) {
    ctx.host.edit?.(items);
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
    if (view.missing || row === null || col === null) return IDLE;
    if (state.measure !== "weights") return "Weights can be painted; scores cannot. Press m for weights.";
    if (state.heads !== "one") return "One head can be painted, not the mean of several. Press h for one head.";
    if (state.unit !== "pieces" || state.special !== "shown") return "Painting needs every token: show pieces (w) and special tokens (s). A word can be cut.";
    if (!mayAttend(view, row, col)) return "This cell is masked: the row cannot look there.";
    const n = view.cols.length;
    if (view.marks?.cut[row * n + col]) return "This edge is cut. Undo the cut to paint here.";
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
    note.textContent = text;
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
    /** @type {{y: number, found: Row, place: Place} | null} */
    let start = null;
    let moved = false;
    stage.addEventListener("pointerdown", (event) => {
      moved = false;
      const place = placeAt(event);
      if (!ctx.host.edit || event.button || event.pointerType === "touch" || !place) return;
      const found = rowAt(at, place);
      start = typeof found === "string" ? null : { y: event.clientY, found, place };
    });
    stage.addEventListener("pointermove", (event) => {
      if (!start || !(event.buttons & 1)) return;
      const up = start.y - event.clientY;
      if (!moved && Math.abs(up) < SLIP) return;
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
    node, key, attach, clear, overlay,
    paint(/** @type {Changed} */ changed) {
      node.hidden = !ctx.host.edit;
      if (node.hidden) return;
      if (["kind", "layer", "head"].some((one_) => changed.has(one_)) && draft) clear();
      const { pin, heads: how, hover } = ctx.store.get();
      const found = pinned();
      const row = typeof found === "string" ? null : found;
      buttons.cut.disabled = !pin;
      for (const button of [buttons.only, buttons.alike, buttons.hold]) button.disabled = !row;
      buttons.off.disabled = how !== "one";
      weight.disabled = !row;
      const now = row ? row.weights[row.col] : 0;
      weight.value = String(now);
      shown.textContent = row ? number(now) : "";
      const at = rowAt(handled(), pointerOf({ pin, hover }));
      const here = typeof at === "string" ? null : at;
      const kept = here ? [...held].filter(() => whose === `${name(one())}.${here.row}`) : [];
      buttons.hold.setAttribute("aria-pressed", String(Boolean(row && kept.includes(row.col))));
      const heldNames = kept.map((j) => `“${here?.view.cols[j].label}”`).join(", ");
      const how_ = "Drag up or down, or press + and −, to paint; k holds a weight, o looks only here, a at all alike, x cuts, z switches the head off.";
      say(typeof at === "string" ? at : heldNames ? `Held: ${heldNames}; the others share what is left. ${how_}` : how_);
    },
  };
}
