// The step view's one owner, and the sums behind its bars.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPlayer, overName, runningSums, weightsOf } from "../../viz/web/steps/player.js";
import { CROSS, block, payload } from "./made.js";

/** @import { StepsPayload } from "../../viz/web/steps/types.js" */

const MADE = /** @type {StepsPayload} */ (/** @type {unknown} */ ({ ...payload(), steps: { probability: [0.5, 0.4, 0.9] } }));
const START = { step: 0, over: /** @type {const} */ ("all"), layer: 0, head: 0, playing: false };

test("steps and heads stay within what there is", () => {
  const player = createPlayer(MADE, { step: "99", over: "somebody", layer: 7, head: "x" });
  assert.deepEqual(player.get(), { step: 2, over: "all", layer: 0, head: 0, playing: false });
  player.go(-5);
  assert.equal(player.get().step, 0);
});

test("going by hand ends playing", () => {
  const player = createPlayer(MADE, { ...START, playing: true });
  player.go(1);
  assert.deepEqual([player.get().step, player.get().playing], [1, false]);
});

test("going along with a sound is not by hand", () => {
  const player = createPlayer(MADE, START);
  /** @type {boolean[]} */
  const byHand = [];
  player.subscribe((_, hand) => byHand.push(hand));
  player.hear(2);
  player.go(1);
  assert.deepEqual(byHand, [false, true]);
});

test("mean of all heads, or one head", () => {
  const cross = block(CROSS);
  const near = (/** @type {Float64Array} */ values) => Array.from(values.slice(0, 4), (value) => Math.round(value * 1e4) / 1e4);
  assert.deepEqual(near(weightsOf(cross, START)), [0.375, 0.25, 0.25, 0.125]);
  assert.deepEqual(near(weightsOf(cross, { ...START, over: "head", head: 1 })), [0.25, 0.25, 0.25, 0.25]);
  assert.equal(overName({ ...START, over: "head", head: 1 }), "L0 H1");
});

test("a column has received what all rows so far gave it", () => {
  assert.deepEqual([...runningSums(Float64Array.from([1, 2, 10, 20, 100, 200]), 2)], [1, 2, 11, 22, 111, 222]);
});
