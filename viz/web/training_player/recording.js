// Reading a recording: every frame becomes what the lens calls a trace. Patterns stay where they are.

/** @import { Kind } from "../shared/types.js" */
/** @import { PlayerPayload, Recording, Start } from "./types.js" */
import { clamp } from "../shared/format.js";
import { FULL, completeTokens, splitPayload, unpackBits } from "../shared/payload.js";
import { parseScene } from "../shared/scene.js";

/**
 * @param {Uint8Array} bytes
 * @returns {Recording}
 */
export function parseRecording(bytes) {
  const { header: recording, buffer, start } = splitPayload(bytes);
  completeTokens(recording);
  const n = recording.steps.length;
  const blocks = Object.entries(recording.attention).map(([name, block]) => {
    const kind = /** @type {Kind} */ (name);
    const size = block.rows * block.columns;
    const all = block.layers * block.heads * size;
    const mask = block.mask === null ? null : unpackBits(buffer, start + block.mask, size);
    const frames = Array.from({ length: n }, (_, i) =>
      new Uint16Array(buffer, start + block.pattern + 2 * i * all, all));
    return { kind, block: { ...block, size, mask, valueNorm: null }, frames };
  });
  const scene = parseScene(recording.scene, buffer, start);
  recording.frames = recording.steps.map((/** @type {number} */ step, /** @type {number} */ i) => ({
    step,
    src: recording.src, tgt_in: recording.tgt_in, tgt_out: recording.tgt_out,
    source: recording.source, output: recording.outputs[i], scene,
    attention: Object.fromEntries(
      blocks.map(({ kind, block, frames }) => [kind, { ...block, pattern: frames[i] }]),
    ),
  }));
  recording.kinds = blocks.map(({ kind }) => kind);
  if (recording.errors !== null) {
    const { layers, heads } = recording.attention.cross;
    const size = layers * heads;
    const errors = Array.from({ length: n }, (_, i) => new Float32Array(buffer, start + recording.errors + 4 * i * size, size));
    recording.bestErrors = errors.map((ofHeads) => Math.min(...ofHeads));
    recording.errors = errors;
  }
  recording.last = n - 1;
  return recording;
}

/**
 * What the parts of the lens read: one frame, or two that are compared, the earlier one first.
 * @param {Recording} recording
 * @param {number} at
 * @param {number | null} other
 * @returns {PlayerPayload}
 */
export function payloadOf(recording, at, other) {
  const shown = other === null ? [at] : [Math.min(at, other), Math.max(at, other)];
  const traces = shown.map((i) => recording.frames[i]);
  return { id: recording.id, kinds: recording.kinds, palette: recording.palette, traces, scores: new Map() };
}

/**
 * Whether an address names a step: a number, whatever else it may be.
 * @param {unknown} said
 */
export function isStep(said) {
  return said !== undefined && said !== null && said !== "" && Number.isFinite(Number(said));
}

/**
 * The frame of a training step, or the nearest one.
 * @param {Recording} recording
 * @param {number} step
 */
export function frameOf(recording, step) {
  const away = recording.steps.map((one) => Math.abs(one - step));
  return away.indexOf(Math.min(...away));
}

/**
 * The error of one head at a frame; NaN where none is known.
 * @param {Recording} recording
 * @param {number} at
 * @param {number} layer
 * @param {number} head
 */
export function errorOf(recording, at, layer, head) {
  return recording.errors?.[at][layer * recording.attention.cross.heads + head] ?? NaN;
}

/**
 * The head with the least error at a frame; of several the one with the most weight on true links, in thousandths.
 * @param {Recording} recording
 * @param {number} at
 */
export function bestHead(recording, at) {
  const { heads, columns, pattern, size } = recording.frames[at].attention.cross;
  const onLinks = (/** @type {number} */ i) => {
    const sum = recording.links.reduce((all, [row, col]) => all + (pattern?.[i * size + row * columns + col] ?? 0), 0);
    return Math.round(1000 * sum / FULL / Math.max(1, recording.links.length)); // as in model/analysis/heads/opening.py
  };
  const errors = [...(recording.errors?.[at] ?? [])];
  const best = [...errors.keys()].filter((i) => errors[i] === recording.bestErrors[at]);
  const i = best.reduce((a, b) => (onLinks(b) > onLinks(a) ? b : a));
  return { layer: Math.floor(i / heads), head: i % heads };
}

/**
 * The head to begin with: the one asked for, else in cross-attention the best aligned one at the end.
 * @param {Recording} recording
 * @param {Start} start
 * @returns {{kind: Kind, layer: number | string, head: number | string}}
 */
export function startHead(recording, { kind = "cross", layer, head }) {
  const measured = recording.errors && kind === "cross";
  const first = measured ? bestHead(recording, recording.last) : { layer: 0, head: 0 };
  return { kind, layer: layer ?? first.layer, head: head ?? first.head };
}

/**
 * @param {number} step
 */
export function stepName(step) {
  return step.toLocaleString("en");
}

/**
 * Where a step stands on the time axis, 0..1: between its neighbours among the frames.
 * @param {Recording} recording
 * @returns {(step: number) => number}
 */
export function timeScale(recording) {
  const { steps, curve } = recording;
  const most = Math.max(1, steps[recording.last], ...curve.step.slice(-1));
  if (!recording.even || recording.last < 1) return (step) => step / most;
  return (step) => {
    const right = clamp(steps.findIndex((one) => one >= step), 1, recording.last);
    if (step > steps[recording.last]) return 1;
    const [a, b] = [steps[right - 1], steps[right]];
    return (right - 1 + (step - a) / (b - a)) / recording.last;
  };
}
