// A training seen again: which step is shown, which head is best, where a step stands on the axis.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bestHead, errorOf, frameOf, isStep, payloadOf, startHead, timeScale } from "../../viz/web/training_player/recording.js";
import { CROSS, block, payload } from "./made.js";

/** @import { Recording } from "../../viz/web/training_player/types.js" */

const CROSSES = [[[CROSS[0][0], CROSS[0][1]]], [[CROSS[0][1], CROSS[0][0]]], [[CROSS[0][0], CROSS[0][0]]]];

/** Three steps of one sentence, two heads of cross-attention. */
const MADE = /** @type {Recording} */ (/** @type {unknown} */ ({
  id: "made", palette: payload().palette, kinds: ["cross"], steps: [0, 10, 100], last: 2, even: true,
  curve: { step: [5, 100], loss: [2, 1] }, attention: { cross: block(CROSS) },
  errors: [[0.5, 0.25], [0.75, 1], [0.5, 0.5]].map((row) => Float32Array.from(row)), bestErrors: [0.25, 0.75, 0.5],
  links: [[1, 2, true]],
  frames: CROSSES.map((cross, i) => ({ ...payload(cross).traces[0], step: [0, 10, 100][i] })),
}));

test("an address names a step by a number; the nearest kept one is shown", () => {
  assert.deepEqual(["7", 0, "", null, "soon", undefined].map(isStep), [true, true, false, false, false, false]);
  assert.deepEqual([-5, 4, 6, 1e9].map((step) => frameOf(MADE, step)), [0, 0, 1, 2]);
});

test("two steps are shown in the order of the training", () => {
  assert.deepEqual(payloadOf(MADE, 2, 0).traces.map(({ step }) => step), [0, 100]);
  assert.deepEqual(payloadOf(MADE, 1, null).traces.map(({ step }) => step), [10]);
});

test("the best head has the least error, and of equals the most weight on true links", () => {
  assert.deepEqual(bestHead(MADE, 0), { layer: 0, head: 1 });
  assert.deepEqual(bestHead(MADE, 1), { layer: 0, head: 0 });
  assert.deepEqual(bestHead(MADE, 2), { layer: 0, head: 0 });
  const alike = structuredClone(MADE);
  const { pattern, size, columns } = alike.frames[2].attention.cross;
  /** @type {Uint16Array} */ (pattern)[size + columns + 2] += 3; // the last digits of a weight decide nothing
  assert.deepEqual(bestHead(alike, 2), { layer: 0, head: 0 });
  assert.equal(errorOf(MADE, 1, 0, 1), 1);
  assert.ok(Number.isNaN(errorOf({ ...MADE, errors: null }, 1, 0, 1)), "none is made up");
});

test("one begins at the head that is asked for, in cross-attention else at the best at the end", () => {
  const made = /** @type {Recording} */ ({ ...MADE, last: 0 });
  assert.deepEqual(startHead(made, {}), { kind: "cross", layer: 0, head: 1 });
  assert.deepEqual(startHead(made, { kind: "cross" }), { kind: "cross", layer: 0, head: 1 });
  assert.deepEqual(startHead(made, { kind: "cross", layer: "0", head: "0" }), { kind: "cross", layer: "0", head: "0" });
  assert.deepEqual(startHead(made, { kind: "encoder_self" }), { kind: "encoder_self", layer: 0, head: 0 });
  assert.deepEqual(startHead({ ...made, errors: null }, {}), { kind: "cross", layer: 0, head: 0 });
});

test("kept steps stand at equal distances, or by their number", () => {
  const even = timeScale(MADE);
  assert.deepEqual([0, 5, 10, 55, 100, 200].map(even), [0, 0.25, 0.5, 0.75, 1, 1]);
  assert.deepEqual([0, 10, 50].map(timeScale({ ...MADE, even: false })), [0, 0.1, 0.5]);
});
