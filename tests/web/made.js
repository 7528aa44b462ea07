// Small payloads whose numbers can be worked out by hand.

import { FULL } from "../../viz/web/shared/payload.js";

/** @import { Block, Kind, Payload, ShownTrace, Tokens } from "../../viz/web/shared/types.js" */

/**
 * A header and arrays as viz/components/wire.py packs them.
 * @param {object} header
 * @param {(Uint16Array | Float32Array | Uint8Array)[]} arrays
 */
export function packed(header, arrays) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const head = new Uint8Array(Math.ceil(text.length / 4) * 4).fill(32);
  head.set(text);
  const parts = arrays.map((array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const part = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    part.set(bytes);
    return part;
  });
  const out = new Uint8Array(4 + head.length + parts.reduce((sum, part) => sum + part.length, 0));
  new DataView(out.buffer).setUint32(0, head.length, true);
  out.set(head, 4);
  let at = 4 + head.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * @param {string[]} pieces
 * @param {number[]} words
 * @returns {Tokens}
 */
export function tokens(pieces, words) {
  const special = pieces.map((piece) => piece.startsWith("<"));
  const surfaces = pieces.map((piece) => piece.replace("▁", " "));
  const labels = pieces.map((piece) => piece.replace("▁", ""));
  return { ids: pieces.map((_, i) => i), pieces, words, special, surfaces, labels };
}

/**
 * One kind from rows of weights: weights[layer][head][row][column].
 * @param {number[][][][]} weights
 * @param {number[] | null} mask
 * @returns {Block}
 */
export function block(weights, mask = null) {
  const [layers, heads] = [weights.length, weights[0].length];
  const [rows, columns] = [weights[0][0].length, weights[0][0][0].length];
  return {
    layers, heads, rows, columns, size: rows * columns,
    pattern: Uint16Array.from(weights.flat(3), (weight) => Math.round(weight * FULL)),
    valueNorm: Float32Array.from({ length: layers * heads * columns }, (_, i) => i + 1),
    mask: mask && Uint8Array.from(mask),
  };
}

/**
 * Source "un|likely cat", target "le chat"; two heads of cross-attention, one layer.
 * @param {number[][][][]} cross
 * @returns {Payload}
 */
export function payload(cross = CROSS) {
  const src = tokens(["▁un", "likely", "▁cat", "<eos>"], [0, 0, 1, -1]);
  const causal = [1, 0, 0, 1, 1, 0, 1, 1, 1];
  const self = [[1, 0, 0], [0.5, 0.5, 0], [0.25, 0.25, 0.5]];
  const own = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)));
  /** @type {ShownTrace} */
  const trace = {
    model: "made", source: "unlikely cat", output: "le chat", src,
    tgt_in: tokens(["<bos>", "▁le", "▁chat"], [-1, 0, 1]),
    tgt_out: tokens(["▁le", "▁chat", "<eos>"], [0, 1, -1]),
    attention: { encoder_self: block([[own, own]]), decoder_self: block([[self, self]], causal), cross: block(cross) },
  };
  const kinds = /** @type {Kind[]} */ (Object.keys(trace.attention));
  const palette = { kinds: {}, diverging: /** @type {[string, string]} */ (["#000", "#fff"]), tint: 0.6 };
  return { id: "made", palette, traces: [trace], kinds, scores: new Map() };
}

/** Weights [layer][head][row][column] of cross-attention. */
export const CROSS = [[
  [[0.5, 0.25, 0.25, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
  [[0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0], [0, 0.5, 0.5, 0]],
]];
