// Numbers, tokens, sizes and colours as they are written everywhere.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cellSides, labelStep, largestOf, thumbRatio } from "../../viz/web/shared/axes.js";
import { cssColour, ramp, toLab, unpack } from "../../viz/web/shared/colour.js";
import { capital, clamp, csvText, number, probability } from "../../viz/web/shared/format.js";
import { poolMax } from "../../viz/web/shared/raster.js";
import { rowName, rowPhrase, wordGroups } from "../../viz/web/shared/tokens.js";
import { payload } from "./made.js";

test("three decimals, a true minus sign, and no minus zero", () => {
  assert.deepEqual([0.12345, -1, -0.0004, -Infinity].map(number), ["0.123", "−1.000", "0.000", "−∞"]);
  assert.deepEqual([clamp(5, 0, 1), clamp(-5, 0, 1)], [1, 0]);
  assert.equal(capital("cross-attention"), "Cross-attention");
});

test("a probability too small for three decimals says so", () => {
  assert.deepEqual([0, 0.0004, 0.0005, 0.9996].map(probability), ["0.000", "< 0.001", "0.001", "1.000"]);
});

test("tokens of a word go together", () => {
  assert.deepEqual(wordGroups({ words: [0, 0, 1, -1, -1] }), [[0, 1], [2], [3], [4]]);
});

test("a row of the decoder bears the token it reads and the one it writes", () => {
  const [trace] = payload().traces;
  assert.equal(rowName(trace, "cross", "both", 1), "le → chat");
  assert.equal(rowName(trace, "cross", "reads", 1), "le");
  assert.equal(rowName(trace, "encoder_self", "both", 1), "likely");
  assert.equal(rowPhrase("cross", "both", "le", "chat"), "after “le”, about to write “chat”");
  assert.equal(rowPhrase("decoder_self", "writes", "le", "chat"), "about to write “chat”");
  assert.equal(rowPhrase("encoder_self", "both", "le", "chat"), "from “le”");
});

test("names are left out rather than put over each other", () => {
  assert.deepEqual([labelStep(20, 15), labelStep(5, 15), labelStep(0, 15)], [1, 3, 15e6]);
});

test("a cell is square, grows into its room for names, and never beyond the most", () => {
  const limits = { name: 12, least: 100, most: 40 };
  assert.deepEqual(cellSides({ rows: 4, cols: 4 }, 10, { w: 400, h: 400 }, limits), { w: 25, h: 25 });
  assert.deepEqual(cellSides({ rows: 4, cols: 100 }, 4, { w: 400, h: 80 }, limits), { w: 4, h: 20 });
  assert.deepEqual(largestOf([{ rows: 2, cols: 9 }, { rows: 5, cols: 1 }]), { rows: 5, cols: 9 });
  assert.deepEqual([thumbRatio({ rows: 1, columns: 9 }), thumbRatio({ rows: 9, columns: 1 })], [2, 0.6]);
});

test("more cells than pixels: the largest under each pixel", () => {
  const values = Float32Array.from([1, 5, -2, -3, 0, 2, -9, -8]);
  assert.deepEqual([...poolMax(values, 2, 4, 1, 2)], [5, -2]);
  assert.deepEqual([...poolMax(Uint16Array.from([1, 5, 2, 3]), 2, 2, 1, 1)], [5]);
});

test("a ramp goes from end to end with a lightness that never turns back", () => {
  const colours = ramp([[255, 255, 255], [0, 158, 115]]);
  assert.equal(cssColour(colours[0]), "rgb(255, 255, 255)");
  assert.equal(cssColour(colours[255]), "rgb(0, 158, 115)");
  const light = Array.from(colours, (colour) => toLab(unpack(colour))[0]);
  assert.ok(light.every((value, i) => i === 0 || value <= light[i - 1]));
});

test("a cell of a CSV file is text, whatever a spreadsheet would make of it", () => {
  assert.equal(csvText('say "yes"'), '"say ""yes"""');
  for (const sign of ["=", "+", "-", "@", "\t", "\r", "\n", "＝"]) assert.equal(csvText(`${sign}1+1`), `"'${sign}1+1"`);
  assert.equal(csvText("1-1"), '"1-1"');
});
