// Reading the bytes that viz/components/wire.py wrote. Patterns stay where they are, as views, where they were sent whole.

/** @import { Block, Payload } from "./types.js" */
import { parseScene } from "./scene.js";
import weights from "./weights.json" with { type: "json" };

/** Numbers that stand for a head whose weights were not sent, as viz/components/lens/layers.py has them. */
export const MEASURED = 7;

/** The stored value of a weight of 1. */
export const FULL = weights.full;

/**
 * The header, and the bytes after it at an offset that typed arrays accept.
 * @param {Uint8Array} bytes
 * @returns {{header: any, buffer: ArrayBufferLike, start: number}} whoever reads on says what the header holds
 */
export function splitPayload(bytes) {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  const length = view.getUint32(0, true);
  const text = new TextDecoder().decode(aligned.subarray(4, 4 + length));
  const start = aligned.byteOffset + 4 + length;
  return { header: JSON.parse(text), buffer: aligned.buffer, start };
}

/**
 * Traces with typed arrays in place of offsets; `scores` maps "kind.layer" to one array a trace.
 * @param {Uint8Array} bytes
 * @returns {Payload}
 */
export function parsePayload(bytes) {
  const { header, buffer, start } = splitPayload(bytes);
  for (const trace of header.traces || []) {
    completeTokens(trace);
    for (const block of Object.values(trace.attention)) {
      const { layers, heads, rows, columns } = block;
      const size = rows * columns;
      block.size = size;
      const here = (/** @type {number | null} */ at, /** @type {any} */ Kind, /** @type {number} */ n) =>
        at === null || at === undefined ? null : new Kind(buffer, start + at, n);
      block.arrived = new Map();
      block.valueNorm = here(block.value_norm, Float32Array, layers * heads * columns);
      block.measures = here(block.measures, Float32Array, layers * heads * MEASURED);
      if (block.small) block.small.cells = here(block.small.at, Uint16Array, layers * heads * block.small.h * block.small.w);
      block.mask = block.mask === null ? null : unpackBits(buffer, start + block.mask, size);
      const open = block.open ? block.mask.reduce((/** @type {number} */ n, /** @type {number} */ may) => n + may, 0) : size;
      const sent = here(block.pattern, Uint16Array, layers * heads * open);
      block.pattern = sent && block.open ? spread(sent, block.mask, layers * heads) : sent;
    }
    trace.scene = parseScene(trace.scene, buffer, start);
  }
  const scores = new Map();
  for (const entry of header.scores || []) {
    scores.set(
      `${entry.kind}.${entry.layer}`,
      entry.offsets.map((/** @type {[number, number[]]} */ [at, shape]) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return new Float32Array(buffer, start + at, size);
      }),
    );
  }
  header.scores = scores;
  header.arrived = new Map();
  for (const { kind, layer, offsets } of header.layers || []) {
    const read = (/** @type {number} */ at) => new Uint16Array(buffer, start + at);
    header.arrived.set(`${kind}.${layer}`, offsets.map(read)); // longer than they are: what follows is not read
  }
  header.kinds = Object.keys(header.traces?.[0]?.attention || {});
  return header;
}

/**
 * Whole maps of which only the open cells were sent: the weights of the others are 0.
 * @param {Uint16Array} sent
 * @param {Uint8Array} mask
 * @param {number} maps
 */
function spread(sent, mask, maps) {
  const whole = new Uint16Array(maps * mask.length);
  let at = 0;
  for (let i = 0; i < whole.length; i += 1) if (mask[i % mask.length]) whole[i] = sent[at++];
  return whole;
}

/**
 * What was sent once is put wherever it belongs: what is written is what is read next, and tokens are drawn by
 * their characters where they were sent no other names.
 * @param {any} trace as it was sent, a recording likewise
 */
export function completeTokens(trace) {
  const { last } = trace.tgt_out;
  if (last) {
    const written = Object.entries(last).map(([name, value]) => [name, [...trace.tgt_in[name].slice(1), value]]);
    trace.tgt_out = Object.fromEntries(written);
  }
  for (const side of [trace.src, trace.tgt_in, trace.tgt_out]) {
    side.labels ??= side.surfaces;
    side.special = side.special.map(Boolean);
  }
}

/**
 * @param {ArrayBufferLike} buffer
 * @param {number} at
 * @param {number} size
 */
export function unpackBits(buffer, at, size) {
  const packed = new Uint8Array(buffer, at, (size + 7) >> 3);
  const mask = new Uint8Array(size);
  for (let i = 0; i < size; i += 1) mask[i] = (packed[i >> 3] >> (7 - (i & 7))) & 1;
  return mask;
}

/**
 * Whether the weights of a layer are here; of many, each layer comes when it is looked at.
 * @param {Block} block
 * @param {number} layer
 */
export function hasLayer(block, layer) {
  return Boolean(block.pattern || block.arrived?.has(layer));
}

/**
 * The stored pattern of one head: a view of [rows × columns] uint16. Its layer must be here.
 * @param {Block} block
 * @param {number} layer
 * @param {number} head
 */
export function headPattern(block, layer, head) {
  const whole = block.pattern ?? block.arrived?.get(layer);
  if (!whole) throw new Error(`the weights of layer ${layer} are not here`);
  const at = ((block.pattern ? layer * block.heads : 0) + head) * block.size;
  return whole.subarray(at, at + block.size);
}
