// What can be seen in a head on this very text, from its weights: a line, a column, or nothing of the kind.

/** @import { Block, Kind, ShownTrace } from "../types.js" */
import { number } from "../format.js";
import { FULL, hasLayer, headPattern } from "../payload.js";
import { columnTokens } from "../tokens.js";

const LEAST = 0.4; // of a row on average: less than that is not seen at a glance
const MAX_STEPS = 0.6; // of the steps from row to row, for a line through cross-attention

/** @type {Record<string, string>} What stands at a position of a source that is no text. */
const PARTS = { picture: "slice", sound: "moment" };

/** Lines of self-attention: columns from the row's own token, where it lies, and what stands there. */
const LINES = [
  { by: 0, at: "the diagonal", encoder: "itself", decoder: "the token just read" },
  { by: -1, at: "the line left of the diagonal", encoder: "before", decoder: "the token before the one just read" },
  { by: 1, at: "the line right of the diagonal", encoder: "after", decoder: "" },
];

/**
 * One sentence on what to look for, true of this head and text.
 * @param {ShownTrace} trace
 * @param {Kind} kind
 * @param {number} layer
 * @param {number} head
 */
export function lookFor(trace, kind, layer, head) {
  const block = trace.attention[kind];
  if (!hasLayer(block, layer)) return "";
  const pattern = headPattern(block, layer, head);
  const line = kind === "cross" ? walkOf(block, pattern) : lineOf(block, pattern, kind, trace.scene?.kind);
  const column = columnOf(block, pattern);
  if (line && (line.share >= column.share || column.share < LEAST)) return `Look for: ${line.said}.`;
  if (column.share >= LEAST) {
    const name = columnTokens(trace, kind).labels[column.at];
    return `Look for: the column “${name}”, which takes ${number(column.share)} of a row on average.`;
  }
  return `No line and no column stands out here: the largest weight of a row is ${number(peakOf(block, pattern))} on average.`;
}

/**
 * The line beside the diagonal, or on it, that has most of the weight.
 * @param {Block} block
 * @param {Uint16Array} pattern
 * @param {Kind} kind
 * @param {string} [seen] what was read in place of a text
 */
function lineOf({ rows, columns }, pattern, kind, seen) {
  const noun = seen ? PARTS[seen] : "token";
  const found = LINES.map(({ by, at, encoder, decoder }) => {
    let [sum, n] = [0, 0];
    for (let i = Math.max(0, -by); i < Math.min(rows, columns - by); i += 1, n += 1) sum += pattern[i * columns + i + by];
    return { share: n ? sum / n / FULL : 0, at, what: kind === "encoder_self" ? `the ${noun} ${encoder}` : decoder };
  });
  const best = found.reduce((a, b) => (b.share > a.share ? b : a));
  return best.share < LEAST ? null : { share: best.share, said: `${best.at}; ${best.what} takes ${number(best.share)} of a row on average` };
}

/**
 * How the largest weight moves from row to row, where it mostly goes one way.
 * @param {Block} block
 * @param {Uint16Array} pattern
 */
function walkOf(block, pattern) {
  const steps = block.rows - 1;
  if (steps < 2) return null;
  const places = Array.from({ length: block.rows }, (_, i) => largestOf(block, pattern, i));
  const moves = places.slice(1).map((place, i) => Math.sign(place - places[i]));
  const [right, left] = [1, -1].map((way) => moves.filter((move) => move === way).length);
  if (Math.max(right, left) < MAX_STEPS * steps) return null;
  const [way, n, back, others] = right >= left ? ["right", right, "left", left] : ["left", left, "right", right];
  const turns = others ? `, ${back} in ${others}` : "";
  return { share: peakOf(block, pattern), said: `a line down to the ${way}; from row to row the largest weight moves ${way} in ${n} of ${steps} steps${turns}` };
}

/**
 * The column with the most weight, over the rows that have a choice.
 * @param {Block} block
 * @param {Uint16Array} pattern
 */
function columnOf({ rows, columns, mask }, pattern) {
  const sums = new Array(columns).fill(0);
  let n = 0;
  for (let i = 0; i < rows; i += 1) {
    const open = mask ? mask.subarray(i * columns, (i + 1) * columns).reduce((a, b) => a + b, 0) : columns;
    if (open < 2) continue;
    n += 1;
    for (let j = 0; j < columns; j += 1) sums[j] += pattern[i * columns + j];
  }
  const at = sums.indexOf(Math.max(...sums));
  return { at, share: n ? sums[at] / n / FULL : 0 };
}

/**
 * @param {Block} block
 * @param {Uint16Array} pattern
 * @param {number} row
 */
function largestOf({ columns }, pattern, row) {
  let best = 0;
  for (let j = 1; j < columns; j += 1) if (pattern[row * columns + j] > pattern[row * columns + best]) best = j;
  return best;
}

/**
 * @param {Block} block
 * @param {Uint16Array} pattern
 */
function peakOf(block, pattern) {
  let sum = 0;
  for (let i = 0; i < block.rows; i += 1) sum += pattern[i * block.columns + largestOf(block, pattern, i)];
  return sum / block.rows / FULL;
}
