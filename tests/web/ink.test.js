// Drawings as texts that links carry.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inkOf, strokesOf } from "../../viz/web/pad/ink.js";

/** @type {import("../../viz/web/pad/pad.js").Stroke} */
const line = Array.from({ length: 40 }, (_, i) => [0.5, 0.2 + i * 0.015]);
/** @type {import("../../viz/web/pad/pad.js").Stroke} */
const hook = [[1, 0.2], [1.6, 0.2], [1.3, 0.9]];

test("a drawing comes back to within a step of the grid, without the points that say nothing", () => {
  const back = strokesOf(inkOf([line, hook]));
  assert.equal(back.length, 2);
  assert.ok(back[0].length < 6);
  const near = (/** @type {[number, number]} */ a, /** @type {[number, number]} */ b) => Math.hypot(a[0] - b[0], a[1] - b[1]) < 0.01;
  assert.ok(near(back[0][0], line[0]) && near(/** @type {[number, number]} */ (back[0].at(-1)), line[39]));
  for (const point of hook) assert.ok(back[1].some((one) => near(one, point)));
});

test("the text is the one that Python's own test draws", () => {
  assert.equal(inkOf([line, hook]), "ink.BAAZg5g5g5.B_AZ5g6g5gT-U9T-");
});

test("no drawing, and what is none", () => {
  assert.equal(inkOf([]), "");
  assert.deepEqual(strokesOf("3 1 4"), []);
  assert.deepEqual(strokesOf("ink.A"), []);
});
