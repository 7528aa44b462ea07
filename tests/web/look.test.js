// What the lens says one should look for, on maps whose shape is known.

import assert from "node:assert/strict";
import { test } from "node:test";
import { lookFor } from "../../viz/web/shared/heads/look.js";
import { block, payload } from "./made.js";

const trace = payload().traces[0];
const identity = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => Number(i === j)));
const before = [[1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]];
const even = [0, 1, 2, 3].map(() => [0.25, 0.25, 0.25, 0.25]);
const end = [0, 1, 2, 3].map(() => [0.1, 0.1, 0.1, 0.7]);

/**
 * @param {"encoder_self" | "decoder_self" | "cross"} kind
 * @param {number[][]} weights
 * @param {number[] | null} mask
 */
const seen = (kind, weights, mask = null) => lookFor({ ...trace, attention: { ...trace.attention, [kind]: block([[weights]], mask) } }, kind, 0, 0);

test("lines of self-attention are named by where they lie, with what they hold", () => {
  assert.equal(seen("encoder_self", identity), "Look for: the diagonal; the token itself takes 1.000 of a row on average.");
  assert.equal(seen("encoder_self", before), "Look for: the line left of the diagonal; the token before takes 1.000 of a row on average.");
});

test("a column is named by its token", () => {
  assert.equal(seen("encoder_self", end), "Look for: the column “<eos>”, which takes 0.700 of a row on average.");
});

test("nothing is promised where nothing stands out", () => {
  assert.equal(seen("encoder_self", even), "No line and no column stands out here: the largest weight of a row is 0.250 on average.");
});

test("in cross-attention the largest weight is followed from row to row", () => {
  const bend = [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]];
  assert.equal(seen("cross", bend), "Look for: a line down to the right; from row to row the largest weight moves right in 2 of 3 steps, left in 1.");
  assert.equal(seen("cross", identity.toReversed()), "Look for: a line down to the left; from row to row the largest weight moves left in 3 of 3 steps.");
});

test("a row without a choice does not make a column", () => {
  const causal = [1, 0, 0, 1, 1, 0, 1, 1, 1];
  const self = [[1, 0, 0], [0.3, 0.7, 0], [0.3, 0.3, 0.4]];
  assert.match(seen("decoder_self", self, causal), /^Look for: the diagonal; the token just read takes 0\.700/);
});
