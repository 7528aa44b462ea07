// One array as a picture: a matrix, or a vector as a strip. Painted once; the pointer moves overlays.
//
// part: {name, role, axes, shape, rows, columns, at, values, low, high, pooled, mask}
// size: {w, h} of a cell in CSS pixels; labels: {rows, columns} true where tokens are written.

/** @import { Labels, PanelBox, PanelOptions, Shown } from "./types.js" */
/** @import { Draw2D, Ramp, Theme } from "../shared/types.js" */
import { COLUMN_PITCH, ROW_PITCH, labelStep, small } from "../shared/axes.js";
import { cssGradient } from "../shared/colour.js";
import { readable } from "../shared/theme.js";
import { drawOn, el, fitName, fitText, sizeCanvas } from "../shared/dom.js";
import { clamp, number, probability } from "../shared/format.js";
import { hatchPattern, paintCells } from "../shared/raster.js";

const RULER = document.createElement("canvas"); // one for all: making canvases is what takes time
const [LONGEST, LONGEST_ROW] = [8.8, 15]; // room for a name, in sizes of the type; a row may have two
const SCRATCH = document.createElement("canvas");

/**
 * @param {Shown} part
 */
export function partRows(part) {
  return part.shape.length < 2 ? 1 : part.shape[0];
}

/**
 * @param {Shown} part
 */
export function partColumns(part) {
  return part.shape.length ? part.shape[part.shape.length - 1] : 1;
}

/**
 * The value of a cell, as read by people; a pooled picture has none.
 * @param {Shown} part
 * @param {number} row
 * @param {number} col
 */
export function partValue(part, row, col) {
  return part.values[row * partColumns(part) + col];
}

/**
 * As it is written: a weight too small for three decimals says so, other numbers go over to powers of ten.
 * @param {Shown} part
 * @param {number} value
 */
export function partNumber(part, value) {
  if (part.role === "mask") return value ? "open" : "masked";
  if (part.role === "weight") return probability(value);
  const tiny = value !== 0 && Math.abs(value) < 0.0005;
  return tiny ? value.toExponential(1).replaceAll("-", "−") : number(value);
}

/**
 * @param {Theme} theme
 * @param {Shown} part
 */
function partRamp(theme, part) {
  if (part.role === "weight") return theme.ramps.kind;
  return part.role === "mask" ? theme.ramps.neutral.map(() => theme.ramps.neutral[0]) : theme.diverging; // what is open is plain
}

/**
 * @param {Shown} part
 * @param {PanelOptions} panelOptions
 */
export function createPanel(part, { size, labels = {}, theme, name, onHover, onClick, onKey }) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const [rowBand, colBand, outline] = ["band", "band", "outline"].map((c) => el("div", { class: c, hidden: true }));
  const stage = el("div", { class: "stage", tabindex: "0", role: "img", "aria-label": name },
    canvas, rowBand, colBand, outline);
  const [rows, cols] = [partRows(part), partColumns(part)];
  const box = measurePanel(part, size, labels, theme);
  paintPanel(canvas, part, box, theme);
  stage.style.width = `${box.width}px`;
  stage.style.height = `${box.height}px`;

  function at(/** @type {MouseEvent} */ event) {
    const area = stage.getBoundingClientRect();
    const col = Math.floor((event.clientX - area.left - box.left) / box.w);
    const row = Math.floor((event.clientY - area.top - box.top) / box.h);
    return row >= 0 && row < rows && col >= 0 && col < cols ? { row, col } : null;
  }
  stage.addEventListener("pointermove", (event) => onHover?.(at(event)));
  stage.addEventListener("pointerleave", () => onHover?.(null));
  stage.addEventListener("click", (event) => onClick?.(at(event)));
  stage.addEventListener("keydown", (event) => onKey?.(event));

  return {
    node: stage, part, box,
    /** Light a row, a column or a cell, which gets a ring; without bands it gets nothing else. */
    light(/** @type {number | null} */ row, /** @type {number | null} */ col, bands = true) {
      const ring = row !== null && col !== null;
      const { left, top, w, h } = box;
      const thin = Math.max(0, (5 - Math.min(w, h)) / 2);
      putAt(rowBand, bands && row !== null && rows > 1, left, top + (row ?? 0) * h, cols * w, h);
      putAt(colBand, bands && col !== null, left + (col ?? 0) * w, top, w, rows * h);
      putAt(outline, ring, left + (col ?? 0) * w - thin, top + (row ?? 0) * h - thin, w + 2 * thin, h + 2 * thin);
    },
  };
}

/**
 * @param {HTMLElement} node
 * @param {boolean} shown
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
function putAt(node, shown, x, y, w, h) {
  node.hidden = !shown;
  if (!shown) return;
  node.style.transform = `translate(${x}px, ${y}px)`;
  node.style.width = `${w}px`;
  node.style.height = `${h}px`;
}

/**
 * Width of the longest name, as far as it is drawn.
 * @param {string[]} names
 * @param {Theme} theme
 * @param {number} longest
 */
export function widestName(names, theme, longest = LONGEST) {
  const context = drawOn(RULER);
  context.font = `${theme.size}px ${theme.family}`;
  return Math.min(theme.size * longest, Math.max(0, ...names.map((name) => context.measureText(name).width)));
}

/**
 * Width of the longest name of a row.
 * @param {Shown} part
 * @param {Theme} theme
 */
export function widestRow(part, theme) {
  return widestName(part.rows, theme, LONGEST_ROW);
}

/**
 * Room for the labels around the cells.
 * @param {Shown} part
 * @param {{w: number, h: number}} size
 * @param {Labels} labels
 * @param {Theme} theme
 */
function measurePanel(part, size, labels, theme) {
  const widest = (/** @type {string[]} */ names) => widestName(names, theme);
  const left = labels.rows && part.rows.length ? Math.ceil(widestRow(part, theme)) + 8 : 1;
  const across = labels.columns && part.columns.length ? widest(part.columns) : 0;
  const flat = across > 0 && across + 6 <= size.w; // names fit side by side
  let top = across === 0 ? 1 : flat ? theme.size + 6 : Math.ceil(across * 0.72) + theme.size;
  if (labels.top) top = labels.top;
  const right = across && !flat ? Math.ceil(across * 0.72) - size.w / 2 : 0;
  return {
    left, top, flat, labels, ...size,
    width: left + partColumns(part) * size.w + Math.max(2, right),
    height: top + partRows(part) * size.h + 2,
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Shown} part
 * @param {PanelBox} box
 * @param {Theme} theme
 */
function paintPanel(canvas, part, box, theme) {
  const context = sizeCanvas(canvas, box.width, box.height);
  const [rows, cols] = [partRows(part), partColumns(part)];
  const { left, top, w, h } = box;
  const [across, down] = [cols * w, rows * h];
  if (part.mask) {
    context.fillStyle = hatchPattern(context, theme.border);
    context.fillRect(left, top, across, down);
  }
  const ratio = window.devicePixelRatio || 1;
  const limit = Math.min(w, h) * ratio < 1 ? Math.max(1, Math.floor(Math.max(across, down) * ratio)) : Infinity;
  const colours = partRamp(theme, part);
  const { values, mask, low, high } = part;
  paintCells(SCRATCH, { values, mask, rows, cols, low, high, colours, limit, diverging: low < 0 });
  context.imageSmoothingEnabled = false;
  context.drawImage(SCRATCH, left, top, across, down);
  context.strokeStyle = theme.border;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, across + 1, down + 1);
  if (w >= theme.size * 3 && h >= theme.size * 1.15) writeNumbers(context, part, box, colours, theme);
  paintNames(context, part, box, theme);
}

/**
 * @param {Draw2D} context
 * @param {Shown} part
 * @param {PanelBox} panelBox
 * @param {Ramp} colours
 * @param {Theme} theme
 */
function writeNumbers(context, part, { left, top, w, h }, colours, theme) {
  context.font = `${small(theme, 0.86)}px ${theme.family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const cols = partColumns(part);
  part.values.forEach((value, i) => {
    if (part.mask && !part.mask[i]) return;
    const at = clamp(Math.round(((value - part.low) / (part.high - part.low || 1)) * 255), 0, 255);
    context.fillStyle = readable(colours[at]);
    context.fillText(partNumber(part, value), left + ((i % cols) + 0.5) * w, top + (Math.floor(i / cols) + 0.5) * h);
  });
}

/**
 * @param {Draw2D} context
 * @param {Shown} part
 * @param {PanelBox} panelBox
 * @param {Theme} theme
 */
function paintNames(context, part, { left, top, w, h, flat, labels }, theme) {
  context.font = `${theme.size}px ${theme.family}`;
  context.fillStyle = theme.text;
  context.textBaseline = "middle";
  if (labels.rows) {
    context.textAlign = "right";
    const step = labelStep(h, theme.size * ROW_PITCH);
    for (let i = 0; i < part.rows.length; i += step) {
      context.fillText(fitName(context, part.rows[i], theme.size * LONGEST_ROW), left - 6, top + (i + 0.5) * h);
    }
  }
  if (!labels.columns) return;
  const step = flat ? 1 : labelStep(w, theme.size * COLUMN_PITCH);
  for (let j = 0; j < part.columns.length; j += step) {
    context.save();
    context.translate(left + (j + 0.5) * w, top - (flat ? theme.size * 0.7 : 5));
    if (!flat) context.rotate(-Math.PI / 4);
    context.textAlign = flat ? "center" : "left";
    context.fillText(fitText(context, part.columns[j], theme.size * LONGEST), 0, 0);
    context.restore();
  }
}

/**
 * Ends of the scale and its colours: always there.
 * @param {Shown} part
 * @param {Theme} theme
 */
export function colourBar(part, theme) {
  if (part.role === "mask") return "";
  const strip = el("span", { class: "ramp" });
  strip.style.background = cssGradient(partRamp(theme, part));
  const note = part.pooled ? el("span", { class: "note" }, "a cell shows the largest of its block") : null;
  return el("span", { class: "bar" }, el("span", {}, number(part.low)), strip, el("span", {}, number(part.high)), note);
}

/**
 * `[key, d_head] = [7, 32]`, with the true shape of what is drawn in blocks.
 * @param {Shown} part
 */
export function shapeText(part) {
  if (!part.axes.length) return "a number";
  return `[${part.axes.join(", ")}] = [${part.full.join(", ")}]`;
}

/**
 * What an index on an axis is called.
 * @param {Shown} part
 * @param {number} axis
 * @param {number} index
 */
export function indexName(part, axis, index) {
  const names = axis === part.axes.length - 1 ? part.columns : part.rows;
  return names[index] ? `${index} “${names[index]}”` : String(index);
}
