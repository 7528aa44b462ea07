// Labels of rows and columns: how much room they take, and which ones are drawn; the sides of a cell.

/** @import { Draw2D, Kind, Shape, ShownTrace, Theme } from "./types.js" */
/** @import { Box, View } from "./heads/types.js" */
import { fitName, fitText } from "./dom.js";
import { clamp } from "./format.js";
import { paintSlices } from "./scene.js";

export const FROM = "← from (rows: queries)";
const SMALLEST = 0.78; // names shrink to this part of their size
export const SLICES = 52; // height of the slices of a picture or a sound that name columns
const IN_A_HALL = 20; // pixels, the smallest type while presenting
export const SHORTEST = 0.34; // sides of a picture are at least this part of the most there is
export const [ROW_PITCH, COLUMN_PITCH] = [1.12, 1.5]; // from one name to the next, in sizes; columns' names lean

/**
 * A part of the size of the type; in a hall never less than can be read from the last row.
 * @param {Theme} theme
 * @param {number} part
 */
export function small({ size, presenting }, part) {
  return presenting ? Math.max(size * part, Math.min(size, IN_A_HALL)) : size * part;
}

/**
 * The height that the cells of a map, or the lines beside it, may have; in a hall all of them are in sight.
 * @param {Theme} theme
 */
export function tallestOf({ presenting, around }) {
  return presenting ? clamp(window.innerHeight - around, 200, 560) : 470;
}

/**
 * Every how many labels one is drawn so that none overlaps the next.
 * @param {number} pitch
 * @param {number} needed
 */
export function labelStep(pitch, needed) {
  return Math.max(1, Math.ceil(needed / Math.max(pitch, 1e-6)));
}

/**
 * Width of the widest label; measuring text is slow, so each is measured once a font.
 * @param {Draw2D} context
 * @param {{label: string}[]} groups_
 * @param {Map<string, number>} widths
 */
export function widestLabel(context, groups_, widths) {
  let most = 0;
  for (const { label } of groups_) {
    const key = `${context.font} ${label}`;
    if (!widths.has(key)) widths.set(key, context.measureText(label).width);
    most = Math.max(most, widths.get(key) ?? 0);
  }
  return most;
}

/**
 * Sides of a cell: square, but a side grows into the room it has until names of `name` pixels fit at each
 * row or column, and until the picture is `least` pixels long there; none is longer than `most`.
 * @param {Shape} shape
 * @param {number} square
 * @param {{w: number, h: number}} room
 * @param {{name: number, least: number, most: number}} limits
 */
export function cellSides({ rows, cols }, square, room, { name, least, most }) {
  const grown = (/** @type {number} */ count, /** @type {number} */ length, /** @type {number} */ pitch) =>
    Math.max(square, Math.min(most, length / count, Math.max(least / count, name * pitch)));
  return { w: grown(cols, room.w, COLUMN_PITCH), h: grown(rows, room.h, ROW_PITCH) };
}

/**
 * Room for labels and the sides of a cell, for a picture as wide as `width`; `tall` is the height of
 * the highest kind. shapes: the most rows and columns of each kind.
 * @param {Draw2D} context
 * @param {View} view
 * @param {Theme} theme
 * @param {number} width
 * @param {Record<string, Shape>} shapes
 * @param {Kind} kind
 */
export function heatmapGeometry(context, view, theme, width, shapes, kind) {
  const size = theme.size;
  context.font = `${size}px ${theme.family}`;
  const widest = (/** @type {{label: string}[]} */ groups_) => widestLabel(context, groups_, theme.widths);
  const room = clamp(width * 0.24, 40, 130);
  const rowRoom = clamp(width * 0.3, 40, size * 17); // “read → written” is two names
  const left = Math.ceil(Math.min(rowRoom, widest(view.rows))) + size + 14;
  const scene = view.seen;
  const labelHeight = scene ? 0 : Math.min(room, widest(view.cols));
  const most = theme.presenting ? 80 : 50;
  const tallest = tallestOf(theme);
  const right = Math.min(24, labelHeight * 0.5) + 4;
  const free = { w: width - left - right, h: tallest };
  const all = largestOf(shapes);
  const square = Math.min(most, free.w / all.cols, free.h / all.rows);
  const limits = { name: small(theme, SMALLEST), least: tallest * SHORTEST, most };
  const sides = (/** @type {Shape} */ shape) => cellSides(shape, square, free, limits);
  const { w, h } = sides(shapes[kind]);
  const tall = Math.max(...Object.values(shapes).map((shape) => shape.rows * sides(shape).h));
  const shrunk = labelSizes({ w, h }, theme).wide / size;
  const top = Math.ceil((scene ? SLICES : labelHeight * shrunk * 0.72) + size) + size + 6;
  return { left, top, w, h, size, room, rowRoom, tall };
}

/**
 * Sizes of row and column names: closer cells first get smaller names, then fewer.
 * @param {{w: number, h: number}} cell
 * @param {Theme} theme
 */
function labelSizes({ w, h }, theme) {
  const [tall, wide] = [h / 1.2, w / 1.35].map((fits) => clamp(fits, small(theme, SMALLEST), theme.size));
  return { tall, wide };
}

/**
 * Column names lean to the right above the cells, row names stand on their left.
 * @param {Draw2D} context
 * @param {View} view
 * @param {Box} box
 * @param {Theme} theme
 */
export function paintLabels(context, view, box, theme) {
  const { left, top, w, h, room, rowRoom } = box;
  const { tall, wide } = labelSizes(box, theme);
  context.font = `${tall}px ${theme.family}`;
  context.textBaseline = "middle";
  const step = labelStep(h, tall * ROW_PITCH);
  context.textAlign = "right";
  for (let i = 0; i < view.rows.length; i += step) {
    context.fillStyle = view.rows[i].special ? theme.muted : theme.text;
    context.fillText(fitName(context, view.rows[i].label, rowRoom), left - 7, top + (i + 0.5) * h);
  }
  context.font = `${wide}px ${theme.family}`;
  const scene = view.seen;
  if (scene) paintSlices(context, view.cols, scene, box, SLICES, theme);
  const across = labelStep(w, wide * COLUMN_PITCH);
  context.textAlign = "left";
  for (let j = scene ? view.cols.length : 0; j < view.cols.length; j += across) {
    context.save();
    context.translate(left + (j + 0.5) * w, top - 6);
    context.rotate(-Math.PI / 4);
    context.fillStyle = view.cols[j].special ? theme.muted : theme.text;
    context.fillText(fitText(context, view.cols[j].label, room), 0, 0);
    context.restore();
  }
  paintAxisNames(context, view, box, theme);
}

/**
 * @param {Draw2D} context
 * @param {View} view
 * @param {Box} box
 * @param {Theme} theme
 */
function paintAxisNames(context, view, { top, h, size }, theme) {
  context.font = `${small(theme, 0.86)}px ${theme.family}`;
  context.fillStyle = theme.muted;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText("to (columns: keys) →", 2, 1);
  context.save();
  context.translate(size * 0.55, top + view.rows.length * h);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "middle";
  context.textAlign = "right";
  const room = view.rows.length * h;
  context.fillText(context.measureText(FROM).width <= room ? FROM : "← from", room, 0);
  context.restore();
}

/**
 * The most rows and columns of each kind over these traces: {kind: {rows, cols}}.
 * @param {ShownTrace[]} traces
 */
export function largestShapes(traces) {
  const kinds = /** @type {Kind[]} */ (Object.keys(traces[0].attention));
  return Object.fromEntries(kinds.map((kind) => {
    const shapes = traces.map(({ attention }) => ({ rows: attention[kind].rows, cols: attention[kind].columns }));
    return [kind, largestOf(shapes)];
  }));
}

/**
 * The most rows and the most columns, so that nothing jumps from one shape to another.
 * @param {Record<string, Shape> | Shape[]} shapes
 */
export function largestOf(shapes) {
  const most = (/** @type {"rows" | "cols"} */ side) => Math.max(...Object.values(shapes).map((shape) => shape[side]));
  return { rows: most("rows"), cols: most("cols") };
}

/**
 * Width by height: as the cells are, within what can still be seen and compared.
 * @param {{rows: number, columns: number}} block
 */
export function thumbRatio({ rows, columns }) {
  return clamp(columns / rows, 0.6, 2);
}
