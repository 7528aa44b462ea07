// Numbers to pixels. A picture with more cells than pixels shows the largest cell under each pixel.

/** @import { Draw2D, Ramp } from "./types.js" */
/** @import { View } from "./heads/types.js" */
import { drawOn } from "./dom.js";

/**
 * What is painted: values [rows × cols], 0 in the mask where a cell may not be attended.
 * @typedef {object} Cells
 * @property {Float32Array} values
 * @property {Uint8Array | null} mask
 * @property {number} rows
 * @property {number} cols
 * @property {number} low ends of the colour scale
 * @property {number} high
 * @property {Ramp} colours
 * @property {number} limit the most pixels of a side
 * @property {boolean} diverging
 */

/**
 * Largest of each block of cells: [outRows × outCols] from [rows × cols].
 * @template {Float32Array | Uint16Array | Uint8Array} Values
 * @param {Values} values
 * @param {number} rows
 * @param {number} cols
 * @param {number} outRows
 * @param {number} outCols
 * @returns {Values}
 */
export function poolMax(values, rows, cols, outRows, outCols) {
  const Kind = /** @type {new (length: number) => Values} */ (values.constructor);
  const out = new Kind(outRows * outCols);
  if (out instanceof Float32Array) out.fill(-Infinity);
  const column = new Uint16Array(cols);
  for (let j = 0; j < cols; j += 1) column[j] = Math.floor((j * outCols) / cols);
  for (let i = 0; i < rows; i += 1) {
    const to = Math.floor((i * outRows) / rows) * outCols;
    for (let j = 0, at = i * cols; j < cols; j += 1, at += 1) {
      const value = values[at];
      if (value > out[to + column[j]]) out[to + column[j]] = value;
    }
  }
  return out;
}

/**
 * Paint values into a canvas of one pixel a cell (or pooled to at most limit × limit).
 * @param {HTMLCanvasElement} canvas
 * @param {Cells} cells
 */
export function paintCells(canvas, { values, mask, rows, cols, low, high, colours, limit, diverging }) {
  const [h, w] = [Math.min(rows, limit), Math.min(cols, limit)];
  const pooled = h < rows || w < cols;
  const cells = pooled ? poolSigned(values, rows, cols, h, w, diverging) : values;
  const may = pooled && mask ? poolMax(mask, rows, cols, h, w) : mask;
  canvas.width = w;
  canvas.height = h;
  const context = drawOn(canvas);
  const image = context.createImageData(w, h);
  const pixels = new Uint32Array(image.data.buffer);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let i = 0; i < pixels.length; i += 1) {
    if (may && !may[i]) continue; // stays clear: the hatch shows through
    const at = (cells[i] - low) * scale + 0.5;
    pixels[i] = colours[at <= 0 ? 0 : at >= 255 ? 255 : at | 0];
  }
  context.putImageData(image, 0, 0);
  return pooled;
}

/**
 * As poolMax; where values have signs, the cell that is farthest from zero.
 * @param {Float32Array} values
 * @param {number} rows
 * @param {number} cols
 * @param {number} outRows
 * @param {number} outCols
 * @param {boolean} diverging
 */
function poolSigned(values, rows, cols, outRows, outCols, diverging) {
  const most = poolMax(values, rows, cols, outRows, outCols);
  if (!diverging) return most;
  const least = poolMax(values.map((x) => -x), rows, cols, outRows, outCols);
  return most.map((x, i) => (least[i] > x ? -least[i] : x));
}

/**
 * A fine diagonal hatch in the border colour, for cells that may not be attended.
 * @param {Draw2D} context
 * @param {string} colour
 */
export function hatchPattern(context, colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const pen = drawOn(tile);
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift, 6);
    pen.lineTo(shift + 6, 0);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? colour;
}

/**
 * Hatch the whole picture; cells that may be attended are opaque and cover it.
 * @param {Draw2D} context
 * @param {View} view
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {string} colour
 */
export function paintHatch(context, view, x, y, w, h, colour) {
  if (!view.mask) return;
  context.fillStyle = hatchPattern(context, colour);
  context.fillRect(x, y, w, h);
}
