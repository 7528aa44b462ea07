// The arithmetic of a row that is painted by hand: it always adds to 1.

/** Parts of 1 that a weight by hand is rounded to. */
const PARTS = 10000;

/**
 * The row with one weight changed. The others that are free share what is left, in proportion, or alike where all are 0;
 * those that are neither stay as they are.
 * @param {ArrayLike<number>} row
 * @param {number} col the one that is changed
 * @param {number} wanted
 * @param {number[]} free
 * @returns {Float32Array}
 */
export function painted(row, col, wanted, free) {
  const out = Float32Array.from(row);
  const others = free.filter((j) => j !== col);
  let kept = 0;
  for (let j = 0; j < row.length; j += 1) if (j !== col && !others.includes(j)) kept += row[j];
  const room = Math.max(0, 1 - kept);
  out[col] = others.length ? Math.min(room, Math.max(0, wanted)) : room;
  const rest = room - out[col];
  const total = others.reduce((sum, j) => sum + row[j], 0);
  for (const j of others) out[j] = total > 1e-6 ? (row[j] / total) * rest : rest / others.length;
  return out;
}

/**
 * All of the row on one column.
 * @param {number} n
 * @param {number} col
 */
export function only(n, col) {
  return Float32Array.from({ length: n }, (_, j) => (j === col ? 1 : 0));
}

/**
 * The same weight on every column that is open.
 * @param {number} n
 * @param {number[]} open
 */
export function alike(n, open) {
  return Float32Array.from({ length: n }, (_, j) => (open.includes(j) ? 1 / open.length : 0));
}

/**
 * The row as the text of edits has it: four decimals that add to 1, zeros at its end left out.
 * @param {ArrayLike<number>} row
 */
export function textOf(row) {
  const parts = Array.from(row, (weight) => Math.round(weight * PARTS));
  const largest = parts.indexOf(Math.max(...parts));
  parts[largest] += PARTS - parts.reduce((sum, part) => sum + part, 0);
  while (parts.length > 1 && parts[parts.length - 1] === 0) parts.pop();
  return parts.map((part) => String(part / PARTS)).join(",");
}
