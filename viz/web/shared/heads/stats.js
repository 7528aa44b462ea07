// Simple measures of a head, from the stored pattern, for sorting and for the summing-up sentence.

/** @import { HeadStats, Sort, State } from "./types.js" */
/** @import { Block, ShownTrace } from "../types.js" */
import { capital, number, probability } from "../format.js";
import { KIND_NAMES } from "../kinds.js";
import { FULL, MEASURED, hasLayer, headPattern } from "../payload.js";
import { positionsOf } from "../scene.js";
import { columnTokens, rowName } from "../tokens.js";

export const SORTS = {
  layer: { name: "layer and head", note: "layer 0 at the bottom, as in the drawing" },
  entropy: { name: "entropy, most focused first", note: "mean entropy of a row in nats" },
  diagonal: { name: "diagonal, strongest first", note: "mean weight on the diagonal" },
  first: { name: "first column, strongest first", note: "mean weight on the first column" },
};

/** w·ln(w) of every stored weight, so that entropy is a sum of look-ups. */
export function entropyTable() {
  const table = new Float32Array(FULL + 1);
  for (let i = 1; i <= FULL; i += 1) table[i] = -(i / FULL) * Math.log(i / FULL);
  return table;
}

/**
 * Mean row entropy (nats), weight on the diagonal and on the first column, mean of row maxima; null where they are not known.
 * @param {Block} block
 * @param {number} layer
 * @param {number} head
 * @param {Float32Array} table
 * @returns {HeadStats | null}
 */
export function headStats(block, layer, head, table) {
  const { rows, columns } = block;
  if (!hasLayer(block, layer)) return sentStats(block, layer, head);
  const pattern = headPattern(block, layer, head);
  let [entropy, diagonal, first, peak, best] = [0, 0, 0, 0, 0];
  for (let i = 0; i < rows; i += 1) {
    let top = 0;
    for (let j = 0, at = i * columns; j < columns; j += 1, at += 1) {
      entropy += table[pattern[at]];
      if (pattern[at] > top) top = pattern[at];
      if (pattern[at] > pattern[best]) best = at;
    }
    peak += top;
    diagonal += pattern[i * columns + diagonalColumn(i, rows, columns)];
    first += pattern[i * columns];
  }
  return {
    entropy: entropy / rows,
    diagonal: diagonal / rows / FULL,
    first: first / rows / FULL,
    peak: peak / rows / FULL,
    best: { row: Math.floor(best / columns), col: best % columns, weight: pattern[best] / FULL },
  };
}

/**
 * The same as the server counted it.
 * @param {Block} block
 * @param {number} layer
 * @param {number} head
 * @returns {HeadStats | null}
 */
function sentStats({ measures, heads }, layer, head) {
  if (!measures) return null;
  const at = (layer * heads + head) * MEASURED;
  const [entropy, diagonal, first, peak, row, col, weight] = measures.subarray(at, at + MEASURED);
  return { entropy, diagonal, first, peak, best: { row, col, weight } };
}

/**
 * The column on the straight line from corner to corner; the same position where square.
 * @param {number} row
 * @param {number} rows
 * @param {number} columns
 */
function diagonalColumn(row, rows, columns) {
  return rows > 1 ? Math.round((row * (columns - 1)) / (rows - 1)) : 0;
}

/**
 * Heads of one kind in reading order, or by a measure; each {layer, head, value}.
 * @param {Block} block
 * @param {Sort} sort
 * @param {(layer: number, head: number) => HeadStats | null} statsOf
 */
export function sortedHeads(block, sort, statsOf) {
  const all = [];
  for (let layer = block.layers - 1; layer >= 0; layer -= 1) {
    for (let head = 0; head < block.heads; head += 1) {
      all.push({ layer, head, value: sort === "layer" ? null : statsOf(layer, head)?.[sort] ?? null });
    }
  }
  if (sort === "entropy") all.sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity));
  else if (sort !== "layer") all.sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  return all;
}

/**
 * One sentence that sums up the selected head.
 * @param {ShownTrace} trace
 * @param {State} state
 * @param {HeadStats | null} stats
 */
export function summaryOf(trace, state, stats) {
  if (!stats) return "";
  const block = trace.attention[state.kind];
  const cols = columnTokens(trace, state.kind);
  const { row, col, weight } = stats.best;
  const diagonal = block.rows === block.columns ? `${probability(stats.diagonal)} on the diagonal, ` : "";
  const position = state.kind === "decoder_self" ? "token" : positionsOf(trace).position;
  return (
    `${capital(KIND_NAMES[state.kind])}, attention weights of layer ${state.layer}, ` +
    `head ${state.head}${state.heads === "one" ? "" : " alone"}: the largest weight of a row is ${number(stats.peak)} on average; ` +
    `strongest cell from “${rowName(trace, state.kind, state.rows, row)}” (row ${row}) to “${cols.labels[col]}” ` +
    `(column ${col}) with ${probability(weight)}; mean entropy ${number(stats.entropy)} nats; ` +
    `${diagonal}${probability(stats.first)} on the first ${position}.`
  );
}
