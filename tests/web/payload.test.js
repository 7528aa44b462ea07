// The bytes that Python packs become the numbers that it had.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FULL, completeTokens, hasLayer, headPattern, parsePayload, splitPayload, unpackBits } from "../../viz/web/shared/payload.js";
import { entropyTable, headStats } from "../../viz/web/shared/heads/stats.js";
import { packed } from "./made.js";

const TOKENS = { pieces: ["▁a", "b"], words: [0, 0], special: [false, false], surfaces: ["a", "b"] };
const BLOCK = { layers: 1, heads: 2, rows: 2, columns: 2, pattern: 0, value_norm: 16, mask: 32 };
const TRACE = { src: TOKENS, tgt_in: TOKENS, tgt_out: TOKENS, attention: { cross: BLOCK } };
const ARRAYS = [
  Uint16Array.from([FULL, 0, 1, 2, 3, 4, 5, 6]),
  Float32Array.from([1, 2, 3, 4]),
  Uint8Array.from([0b11010000]),
  Float32Array.from([-1.5, 0, 0.25, 8]),
];

test("a header of any length comes back, wherever the bytes begin", () => {
  for (const text of ["", "é", "abc", "abcd"]) {
    const bytes = packed({ text }, [Float32Array.from([0.5])]);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    for (const given of [bytes, shifted.subarray(1)]) {
      const { header, buffer, start } = splitPayload(given);
      assert.equal(header.text, text);
      assert.equal(new Float32Array(buffer, start, 1)[0], 0.5);
    }
  }
});

test("what is written is what is read next, drawn by its characters where it has no other name", () => {
  /** @type {any} */
  const trace = {
    src: { surfaces: ["a"], labels: ["‑a"], special: [0] },
    tgt_in: { surfaces: ["<bos>", "b"], special: [1, 0] }, tgt_out: { last: { surfaces: "<eos>", special: 1 } },
  };
  completeTokens(trace);
  assert.deepEqual(trace.src.labels, ["‑a"]);
  assert.deepEqual(trace.tgt_in.labels, ["<bos>", "b"]);
  assert.deepEqual(trace.tgt_out, { surfaces: ["b", "<eos>"], special: [false, true], labels: ["b", "<eos>"] });
});

test("patterns, norms, masks and scores are those that were sent", () => {
  const header = { id: "x", traces: [TRACE], scores: [{ kind: "cross", layer: 0, offsets: [[36, [1, 2, 2]]] }] };
  const { traces, kinds, scores } = parsePayload(packed(header, ARRAYS));
  const { cross } = traces[0].attention;
  assert.deepEqual(kinds, ["cross"]);
  assert.deepEqual([...headPattern(cross, 0, 0)], [FULL, 0, 1, 2]);
  assert.deepEqual([...headPattern(cross, 0, 1)], [3, 4, 5, 6]);
  assert.deepEqual([...(cross.valueNorm ?? [])], [1, 2, 3, 4]);
  assert.deepEqual([...(cross.mask ?? [])], [1, 1, 0, 1]);
  assert.deepEqual([...(scores.get("cross.0")?.[0] ?? [])], [-1.5, 0, 0.25, 8]);
});

test("where only the open cells were sent, the closed ones are 0", () => {
  const sent = packed({ id: "x", traces: [{ ...TRACE, attention: { cross: { ...BLOCK, open: true } } }] }, ARRAYS);
  const { cross } = parsePayload(sent).traces[0].attention;
  assert.deepEqual([...headPattern(cross, 0, 0)], [FULL, 0, 0, 1]);
  assert.deepEqual([...headPattern(cross, 0, 1)], [2, 3, 0, 4]);
});

test("of many weights, layers come one by one", () => {
  const block = { ...BLOCK, pattern: null, small: { at: 0, h: 1, w: 2 }, measures: 16 };
  const measures = Float32Array.from({ length: 14 }, (_, i) => i);
  const sent = packed({ id: "x", traces: [{ ...TRACE, attention: { cross: { ...block, value_norm: null, mask: null } } }] }, [ARRAYS[0], measures]);
  const { cross } = parsePayload(sent).traces[0].attention;
  assert.equal(hasLayer(cross, 0), false);
  assert.deepEqual([...(cross.small?.cells ?? [])], [FULL, 0, 1, 2]);
  assert.deepEqual(headStats(cross, 0, 1, entropyTable()), { entropy: 7, diagonal: 8, first: 9, peak: 10, best: { row: 11, col: 12, weight: 13 } });
  const { arrived } = parsePayload(packed({ id: "x", layers: [{ kind: "cross", layer: 0, offsets: [0] }] }, [ARRAYS[0]]));
  cross.arrived?.set(0, arrived?.get("cross.0")?.[0] ?? new Uint16Array());
  assert.deepEqual([...headPattern(cross, 0, 1)], [3, 4, 5, 6]);
});

test("an answer with scores alone has no traces", () => {
  const only = parsePayload(packed({ id: "x", scores: [{ kind: "cross", layer: 3, offsets: [[0, [1]]] }] }, [Float32Array.from([7])]));
  assert.equal(only.traces, undefined);
  assert.deepEqual(only.kinds, []);
  assert.deepEqual([...only.scores.keys()], ["cross.3"]);
});

test("bits are read from the highest on", () => {
  const bits = unpackBits(Uint8Array.from([0b10000001, 0b01000000]).buffer, 0, 10);
  assert.deepEqual([...bits], [1, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
});
