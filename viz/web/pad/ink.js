// Strokes as a short text that a link can carry, and back; `model/run/ink.py` says how it is written.

/** @typedef {import("./pad.js").Stroke} Stroke */

const HEAD = "ink.";
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const GRID = 127; // steps in the pad's height
const FARTHEST = 31; // steps that one sign can say
const STRAIGHT = 0.6; // steps that a point may lie beside a straight line, and be left out

/**
 * @param {Stroke[]} strokes
 */
export function inkOf(strokes) {
  return strokes.length ? HEAD + strokes.map(write).join(".") : "";
}

/** @param {Stroke} stroke */
function write(stroke) {
  const points = straightened(stroke.map(([x, y]) => /** @type {[number, number]} */ ([x * GRID, y * GRID])));
  const within = (/** @type {number} */ value) => Math.max(0, Math.min(4095, Math.round(value)));
  let [x, y] = points[0].map(within);
  let text = [x, y].map((value) => SIGNS[value >> 6] + SIGNS[value & 63]).join("");
  for (const point of points.slice(1)) {
    const [nextX, nextY] = point.map(within);
    const parts = Math.max(1, Math.ceil(Math.max(Math.abs(nextX - x), Math.abs(nextY - y)) / FARTHEST));
    const [fromX, fromY] = [x, y];
    for (let part = 1; part <= parts; part += 1) {
      const toX = Math.round(fromX + ((nextX - fromX) * part) / parts);
      const toY = Math.round(fromY + ((nextY - fromY) * part) / parts);
      text += SIGNS[toX - x + 32] + SIGNS[toY - y + 32];
      [x, y] = [toX, toY];
    }
  }
  return text;
}

/**
 * Without the points that a straight line between others passes anyway (Ramer 1972, Douglas & Peucker 1973).
 * @param {Stroke} points
 * @returns {Stroke}
 */
function straightened(points) {
  if (points.length < 3) return points;
  const [[x, y], [endX, endY]] = [points[0], points[points.length - 1]];
  const long = Math.hypot(endX - x, endY - y);
  const beside = points.map(([a, b]) => (long
    ? Math.abs((endX - x) * (b - y) - (endY - y) * (a - x)) / long
    : Math.hypot(a - x, b - y)));
  const at = beside.indexOf(Math.max(...beside));
  if (beside[at] <= STRAIGHT) return [points[0], points[points.length - 1]];
  return [...straightened(points.slice(0, at + 1)).slice(0, -1), ...straightened(points.slice(at))];
}

/**
 * The strokes of such a text; none where it is no such text.
 * @param {string} ink
 * @returns {Stroke[]}
 */
export function strokesOf(ink) {
  if (!ink.startsWith(HEAD)) return [];
  const read = ink.slice(HEAD.length).split(".").map((part) => {
    const values = [...part].map((sign) => SIGNS.indexOf(sign));
    let [x, y] = [64 * values[0] + values[1], 64 * values[2] + values[3]];
    /** @type {Stroke} */
    const points = [[x / GRID, y / GRID]];
    for (let i = 4; i + 1 < values.length; i += 2) {
      [x, y] = [x + values[i] - 32, y + values[i + 1] - 32];
      points.push([x / GRID, y / GRID]);
    }
    return points;
  });
  return read.every((stroke) => stroke.flat().every(Number.isFinite)) ? read : [];
}
