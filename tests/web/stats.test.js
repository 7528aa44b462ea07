// Statistics of a head, worked out by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import { entropyTable, headStats, sortedHeads, summaryOf } from "../../viz/web/shared/heads/stats.js";
import { DEFAULTS } from "../../viz/web/shared/heads/store.js";
import { CROSS, block, payload } from "./made.js";

const TABLE = entropyTable();
/** @type {(block: import("../../viz/web/shared/types.js").Block) => import("../../viz/web/shared/heads/types.js").HeadStats} */
const statsOfFirst = (given) => headStats(given, 0, 0, TABLE) ?? assert.fail("its weights are here");

/** @param {number} value */
const near = (value) => Math.round(value * 1e3) / 1e3;

test("entropy, diagonal, first column and the strongest cell", () => {
  const stats = statsOfFirst(block(CROSS));
  assert.equal(near(stats.entropy), near((0.5 * Math.log(2) + 0.5 * Math.log(4)) / 3));
  assert.equal(near(stats.first), near(0.5 / 3));
  assert.equal(near(stats.diagonal), near((0.5 + 1 + 1) / 3)); // columns 0, 2 and 3: corner to corner
  assert.equal(near(stats.peak), near((0.5 + 1 + 1) / 3));
  assert.deepEqual(stats.best, { row: 1, col: 2, weight: 1 });
});

test("an even row has the entropy of its length", () => {
  const stats = statsOfFirst(block([[[[0.25, 0.25, 0.25, 0.25]]]]));
  assert.equal(near(stats.entropy), near(Math.log(4)));
});

test("heads in the order of the stack, or by what they do", () => {
  const two = block([[[[1, 0]], [[0, 1]]], [[[0.5, 0.5]], [[0.75, 0.25]]]]);
  const statsOf = (/** @type {number} */ layer, /** @type {number} */ head) => headStats(two, layer, head, TABLE);
  const names = (/** @type {ReturnType<typeof sortedHeads>} */ heads) => heads.map(({ layer, head }) => `${layer}.${head}`);
  assert.deepEqual(names(sortedHeads(two, "layer", statsOf)), ["1.0", "1.1", "0.0", "0.1"]);
  assert.deepEqual(names(sortedHeads(two, "first", statsOf)), ["0.0", "1.1", "1.0", "0.1"]);
  assert.deepEqual(names(sortedHeads(two, "entropy", statsOf)).slice(2), ["1.1", "1.0"]);
});

test("the summing-up sentence names the strongest cell by its tokens", () => {
  const made = payload();
  const stats = headStats(made.traces[0].attention.cross, 0, 0, TABLE);
  const said = summaryOf(made.traces[0], DEFAULTS, stats);
  assert.match(said, /^Cross-attention, attention weights of layer 0, head 0: /);
  assert.match(said, /from “le → chat” \(row 1\) to “cat” \(column 2\) with 1\.000/);
});
