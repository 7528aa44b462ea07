// A row painted by hand adds to 1, whatever is done to it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { alike, only, painted, textOf } from "../../viz/web/lens/row.js";

/** @param {ArrayLike<number>} row */
const near = (row) => Array.from(row, (weight) => Math.round(weight * 1e4) / 1e4);
const all = [0, 1, 2, 3];

test("the other weights share what is left, in proportion", () => {
  assert.deepEqual(near(painted([0.5, 0.25, 0.25, 0], 0, 0, all)), [0, 0.5, 0.5, 0]);
  assert.deepEqual(near(painted([0.5, 0.25, 0.25, 0], 1, 0.4, all)), [0.4, 0.4, 0.2, 0]);
  assert.deepEqual(near(painted([0.5, 0.25, 0.25, 0], 2, 9, all)), [0, 0, 1, 0]);
});

test("a weight that is held, or closed, stays as it is", () => {
  assert.deepEqual(near(painted([0.5, 0.25, 0.25, 0], 1, 0.4, [1, 2, 3])), [0.5, 0.4, 0.1, 0]);
  assert.deepEqual(near(painted([0.5, 0.25, 0.25, 0], 1, 0.9, [1, 2])), [0.5, 0.5, 0, 0], "no more than is left");
  assert.deepEqual(near(painted([0.5, 0.25, 0.25, 0], 1, 0.1, [1])), [0.5, 0.25, 0.25, 0], "all others are held");
});

test("where nothing is left to scale, the others get the same", () => {
  assert.deepEqual(near(painted([0, 1, 0, 0], 1, 0.4, [0, 1, 2])), [0.3, 0.4, 0.3, 0]);
});

test("only here, and all alike", () => {
  assert.deepEqual([...only(3, 1)], [0, 1, 0]);
  assert.deepEqual([...alike(4, [0, 2])], [0.5, 0, 0.5, 0]);
});

test("in a link four decimals add to 1, and zeros at the end go", () => {
  assert.equal(textOf([1 / 3, 1 / 3, 1 / 3, 0]), "0.3334,0.3333,0.3333");
  assert.equal(textOf(only(3, 0)), "1");
  assert.equal(textOf([0.00004, 0.99996]), "0,1");
});
