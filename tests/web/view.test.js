// From stored weights to the matrix on the screen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS } from "../../viz/web/shared/heads/store.js";
import { computeView, computeViews, mayAttend, titleOf } from "../../viz/web/shared/heads/view.js";
import { CROSS, payload } from "./made.js";

/** @import { State, View } from "../../viz/web/shared/heads/types.js" */

/** @param {Partial<State>} state */
const view = (state, made = payload()) => computeView(made, { ...DEFAULTS, ...state }, 0);
/** @param {ArrayLike<number>} values */
const rounded = (values) => Array.from(values, (value) => Math.round(value * 1e4) / 1e4);

test("a head is drawn as it was stored, within what 16 bits can tell", () => {
  const { values, rows, cols, low, high, scaleName } = view({ head: 1 });
  assert.deepEqual(rounded(values), CROSS[0][1].flat());
  assert.deepEqual([rows.length, cols.length], [3, 4]);
  assert.deepEqual([low, high, scaleName], [0, 1, "fixed scale, 0 to 1"]);
});

test("mean and largest over heads", () => {
  assert.deepEqual(rounded(view({ heads: "mean" }).values).slice(0, 4), [0.375, 0.25, 0.25, 0.125]);
  assert.deepEqual(rounded(view({ heads: "max" }).values).slice(0, 4), [0.5, 0.25, 0.25, 0.25]);
});

test("columns of a word are summed, rows of a word averaged", () => {
  const words = view({ unit: "words" });
  assert.deepEqual(words.cols.map(({ label }) => label), ["unlikely", "cat", "<eos>"]);
  assert.deepEqual(rounded(words.values).slice(0, 3), [0.75, 0.25, 0]);
  const own = view({ kind: "encoder_self", unit: "words" });
  assert.deepEqual(rounded(own.values).slice(0, 3), [1, 0, 0]);
});

test("hidden control tokens say how much weight they took", () => {
  const shown = view({ head: 0, special: "hidden", rows: "reads" });
  assert.deepEqual(shown.cols.map(({ piece }) => piece), ["▁un", "likely", "▁cat"]);
  assert.deepEqual(shown.rows.map(({ piece }) => piece), ["▁le", "▁chat"]);
  assert.deepEqual(shown.hidden, { mean: 0.5, max: 1 });
});

test("rows go by the token that is read, the one that is written, or both", () => {
  assert.deepEqual(view({}).rows.map(({ label }) => label), ["<bos> → le", "le → chat", "chat → <eos>"]);
  assert.equal(view({}).rows[1].phrase, "after “le”, about to write “chat”");
  assert.equal(view({ kind: "encoder_self" }).rows[0].label, "un");
  assert.equal(view({ rows: "reads" }).rows[0].piece, "<bos>");
  assert.equal(view({ rows: "writes" }).rows[0].piece, "▁le");
});

test("norm-weighted attention is weight times norm, on a scale of its own", () => {
  const shown = view({ head: 1, measure: "norm" });
  assert.deepEqual(rounded(shown.values).slice(0, 4), [1.25, 1.5, 1.75, 2]);
  assert.deepEqual([shown.low, rounded([shown.high])[0]], [0, 5]);
});

test("scores that are not here make an empty picture; those that are have a scale with a middle", () => {
  const made = payload();
  assert.equal(view({ measure: "raw" }, made).missing, true);
  made.scores.set("cross.0", [Float32Array.from({ length: 24 }, (_, i) => i - 4)]);
  const shown = view({ measure: "raw" }, made);
  assert.deepEqual([shown.missing, shown.low, shown.high, shown.diverging], [false, -7, 7, true]);
  assert.equal(shown.values[0], -4);
});

test("what is masked may not be attended", () => {
  const shown = view({ kind: "decoder_self" });
  assert.equal(mayAttend(shown, 0, 1), false);
  assert.equal(mayAttend(shown, 1, 0), true);
});

test("two traces: one scale, and second minus first", () => {
  const [first, second] = [payload(), payload([[CROSS[0][1], CROSS[0][0]]])];
  const ctx = { payload: { ...first, traces: [first.traces[0], second.traces[0]] }, views: /** @type {View[]} */ ([]), difference: /** @type {View | null} */ (null) };
  computeViews(ctx, { ...DEFAULTS, scale: "head", measure: "norm" });
  assert.equal(ctx.views[0].high, ctx.views[1].high);
  assert.equal(ctx.views[0].scaleName, "one scale for both");
  computeViews(ctx, DEFAULTS);
  assert.deepEqual(rounded(ctx.difference?.values ?? []).slice(0, 4), [-0.25, 0, 0, 0.25]);
});

test("the title says what is shown", () => {
  assert.equal(titleOf({ ...DEFAULTS, layer: 2, head: 5 }), "Cross-attention, layer 2, head 5: attention weights (pattern)");
});

test("cut cells and rows by hand are marked where every shown head and token is concerned", () => {
  const given = payload();
  given.traces[0].edits = { cut: [["cross", null, 0, null, 2], ["cross", 0, 1, 1, 2]], set: [["cross", 0, 1, 2]], said: "" };
  const state = { ...DEFAULTS, kind: /** @type {const} */ ("cross"), layer: 0 };
  const one = computeView(given, { ...state, head: 0 }, 0);
  assert.deepEqual([...one.marks?.cut ?? []], [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
  assert.deepEqual(one.marks?.byHand, [false, false, false]);
  const other = computeView(given, { ...state, head: 1 }, 0);
  assert.deepEqual([...other.marks?.cut ?? []], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual(other.marks?.byHand, [false, false, true]);
  const all = computeView(given, { ...state, heads: "max" }, 0);
  assert.deepEqual([...all.marks?.cut ?? []], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
  assert.equal(computeView(payload(), { ...state, head: 0 }, 0).marks, null);
});
