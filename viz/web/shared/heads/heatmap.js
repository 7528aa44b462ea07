// One head as a heatmap. Cells are painted once a change; the pointer only moves overlays.

/** @import { Box, Ctx, Group, Marks, Place, View } from "./types.js" */
/** @import { Changed, Draw2D, Ramp, Theme } from "../types.js" */
import { heatmapGeometry, paintLabels, small } from "../axes.js";
import { cssGradient } from "../colour.js";
import { drawOn, el, sizeCanvas } from "../dom.js";
import { clamp, number } from "../format.js";
import { paintCells, paintHatch } from "../raster.js";
import { readable } from "../theme.js";
import { pointerOf, same } from "./store.js";
import { createTable } from "./table.js";
import { MEASURES } from "./view.js";

/**
 * @param {Ctx} ctx
 * @param {() => View} viewOf
 * @param {() => string} title
 */
export function createHeatmap(ctx, viewOf, title) {
  const base = el("canvas", { class: "cells", "aria-hidden": "true" });
  const cells = document.createElement("canvas");
  const [rowBand, colBand, outline] = ["band", "band", "outline"].map((name) =>
    el("div", { class: name, hidden: true }),
  );
  const [rowTag, colTag] = ["tag row-tag", "tag col-tag"].map((name) =>
    el("span", { class: name, hidden: true }),
  );
  const stage = el(
    "div",
    { class: "stage", tabindex: "0", role: "application", "aria-roledescription": "heatmap" },
    base, rowBand, colBand, outline, rowTag, colTag,
  );
  const missing = el("p", { class: "missing", hidden: true });
  const bar = createColourBar();
  const heading = el("h3", { class: "of-map" });
  const table = createTable(viewOf);
  const node = el("figure", { class: "panel heatmap" }, heading, stage, missing, bar.node, table.node);
  /** @type {Box | null} */
  let box = null;

  function draw() {
    const view = viewOf();
    heading.textContent = title();
    heading.hidden = !heading.textContent;
    missing.hidden = !view.missing;
    stage.hidden = bar.node.hidden = table.node.hidden = Boolean(view.missing);
    if (view.missing) {
      missing.textContent = ctx.scoresNote();
      return;
    }
    const width = Math.max(node.clientWidth, 120);
    const { kind } = ctx.store.get();
    box = heatmapGeometry(drawOn(base), view, ctx.theme, width, ctx.shapes(), kind);
    const [rows, cols] = [view.rows.length, view.cols.length];
    const height = box.top + rows * box.h + 2;
    node.style.setProperty("--kept", `${Math.max(0, box.tall - rows * box.h)}px`); // nothing below jumps from kind to kind
    const context = sizeCanvas(base, width, height);
    stage.style.height = `${height}px`;
    for (const name of /** @type {const} */ (["left", "top", "w", "h"])) stage.dataset[name] = box[name].toFixed(3); // for checks
    paintMatrix(context, view, box, ctx, cells);
    paintLabels(context, view, box, ctx.theme);
    const shape = `${rows} rows, ${cols} columns`;
    stage.setAttribute("aria-label", `${MEASURES[view.measure].name}, ${shape}; Shift and arrow keys go from cell to cell, Enter pins`);
    bar.paint(view, rampOf(view, ctx), box);
    table.paint(title());
    node.classList.toggle("pooled", Boolean(box.pooled));
  }

  function light() {
    const view = viewOf();
    if (view.missing || !box) return;
    const { row, col } = placeIn(view, pointerOf(ctx.store.get()));
    const { left, top, w, h } = box;
    const [x, y] = [left + (col ?? 0) * w, top + (row ?? 0) * h];
    put(rowBand, row !== null, left, y, view.cols.length * w, h);
    put(colBand, col !== null, x, top, w, view.rows.length * h);
    const [wider, taller] = [w, h].map((side) => Math.max(0, (5 - side) / 2)); // a cell smaller than the eye gets a larger ring
    put(outline, row !== null && col !== null, x - wider, y - taller, w + 2 * wider, h + 2 * taller);
    outline.classList.toggle("pinned", Boolean(ctx.store.get().pin));
    tag(rowTag, row === null ? null : view.rows[row], left - 5, y + 0.5 * h);
    tag(colTag, col === null ? null : view.cols[col], x + 0.5 * w, top - 6);
  }

  function at(/** @type {MouseEvent} */ event) {
    const view = viewOf();
    if (view.missing || !box) return null;
    const area = stage.getBoundingClientRect();
    const col = Math.floor((event.clientX - area.left - box.left) / box.w);
    const row = Math.floor((event.clientY - area.top - box.top) / box.h);
    const inRows = row >= 0 && row < view.rows.length;
    const inCols = col >= 0 && col < view.cols.length;
    if (inRows && inCols) return { row, col };
    if (inRows && col < 0) return { row, col: null };
    if (inCols && row < 0) return { row: null, col };
    return null;
  }

  stage.addEventListener("pointermove", (event) => ctx.store.set({ hover: at(event) }));
  stage.addEventListener("pointerleave", () => ctx.store.set({ hover: null }));
  stage.addEventListener("focus", () => { // by keys: there is a cell that Enter pins
    const { pin, hover } = ctx.store.get();
    if (!pin && !hover && stage.matches(":focus-visible")) ctx.store.set({ hover: { row: 0, col: 0 } });
  });
  stage.addEventListener("blur", () => stage.matches(":hover") || ctx.store.get().help || ctx.store.set({ hover: null }));
  stage.addEventListener("click", (event) => {
    const place = at(event);
    if (place) ctx.store.set({ pin: same(place, ctx.store.get().pin) ? null : place });
  });
  return {
    node, stage, at,
    paint(/** @type {Changed} */ changed) {
      if (ctx.content(changed)) draw();
      light();
    },
  };
}

/**
 * Cells, hatch and a fine grid, at the place that `box` says.
 * @param {Draw2D} context
 * @param {View} view
 * @param {Box} box
 * @param {Ctx} ctx
 * @param {HTMLCanvasElement} cells
 */
function paintMatrix(context, view, box, ctx, cells) {
  const { left, top, w, h } = box;
  const [rows, cols] = [view.rows.length, view.cols.length];
  const [wide, tall] = [cols * w, rows * h];
  const ratio = window.devicePixelRatio || 1;
  const pixels = (/** @type {number} */ count, /** @type {number} */ length) => (length * ratio < count ? Math.floor(length * ratio) : Infinity);
  const limit = Math.min(pixels(cols, wide), pixels(rows, tall));
  paintHatch(context, view, left, top, wide, tall, ctx.theme.border);
  const colours = rampOf(view, ctx);
  box.pooled = paintCells(cells, { ...view, rows, cols, colours, limit });
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, left, top, wide, tall);
  context.strokeStyle = ctx.theme.border;
  context.lineWidth = 1;
  context.globalAlpha = 0.45;
  context.beginPath();
  if (h >= 9) for (let i = 1; i < rows; i += 1) line(context, left, top + i * h, left + wide, top + i * h);
  if (w >= 9) for (let j = 1; j < cols; j += 1) line(context, left + j * w, top, left + j * w, top + tall);
  context.stroke();
  context.globalAlpha = 1;
  context.strokeRect(left - 0.5, top - 0.5, wide + 1, tall + 1);
  const digits = small(ctx.theme, 0.8);
  if (w >= digits * 3.2 && h >= digits * 1.5) paintNumbers(context, view, box, colours, ctx.theme);
  if (view.marks) paintMarks(context, view, view.marks, box, ctx.theme);
  if (view.held) paintHeld(context, view.held, box, ctx.theme);
}

/**
 * A frame inside of each weight that is held.
 * @param {Draw2D} context
 * @param {{row: number, cols: number[]}} held
 * @param {Box} box
 * @param {Theme} theme
 */
function paintHeld(context, { row, cols }, { left, top, w, h }, theme) {
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  for (const col of cols) context.strokeRect(left + col * w + 2.5, top + row * h + 2.5, Math.max(1, w - 5), Math.max(1, h - 5));
  context.setLineDash([]);
}

/**
 * Scissors where an edge was cut, a pencil on the largest cell of a row that was set by hand; too small, a line.
 * @param {Draw2D} context
 * @param {View} view
 * @param {Marks} marks
 * @param {Box} box
 * @param {Theme} theme
 */
function paintMarks(context, view, { cut, byHand }, { left, top, w, h }, theme) {
  const n = view.cols.length;
  const size = Math.min(w, h) * 0.72;
  const put_ = (/** @type {string} */ sign, /** @type {number} */ row, /** @type {number} */ col) => {
    if (size < 6) context.fillRect(left + (col + 0.25) * w, top + (row + 0.4) * h, w / 2, Math.max(1, h * 0.2));
    else context.fillText(sign, left + (col + 0.5) * w, top + (row + 0.5) * h);
  };
  context.font = `${Math.min(size, theme.size * 1.3)}px ${theme.family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  cut.forEach((yes, i) => {
    if (yes && (!view.mask || view.mask[i])) put_("✂", Math.floor(i / n), i % n);
  });
  byHand.forEach((yes, row) => {
    if (!yes) return;
    const values = view.values.subarray(row * n, row * n + n);
    const col = values.indexOf(Math.max(...values));
    context.fillText("✎", left + (col + 0.82) * w, top + (row + 0.24) * h);
  });
}

/**
 * Where there is room, each cell says its number, in whichever ink can be read on it.
 * @param {Draw2D} context
 * @param {View} view
 * @param {Box} box
 * @param {Ramp} colours
 * @param {Theme} theme
 */
function paintNumbers(context, view, { left, top, w, h }, colours, theme) {
  const n = view.cols.length;
  context.font = `${small(theme, 0.8)}px ${theme.family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  view.values.forEach((value, i) => {
    if ((view.mask && !view.mask[i]) || Math.abs(value) < 0.0005) return;
    const at = clamp(Math.round(((value - view.low) / (view.high - view.low)) * 255), 0, 255);
    context.fillStyle = readable(colours[at]);
    const [row, col] = [Math.floor(i / n), i % n];
    context.fillText(number(value), left + (col + 0.5) * w, top + (row + 0.5) * h);
  });
}

/**
 * @param {Draw2D} context
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
export function line(context, x0, y0, x1, y1) {
  const [right, down] = [x0 === x1 ? 0.5 : 0, y0 === y1 ? 0.5 : 0]; // on the middle of a pixel
  context.moveTo(Math.round(x0) + right, Math.round(y0) + down);
  context.lineTo(Math.round(x1) + right, Math.round(y1) + down);
}

/**
 * @param {View} view
 * @param {Ctx} ctx
 */
export function rampOf(view, ctx) {
  return view.diverging ? ctx.theme.diverging : ctx.theme.ramps[ctx.store.get().kind];
}

/**
 * @param {HTMLElement} node
 * @param {boolean} shown
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
export function put(node, shown, x, y, w, h) {
  node.hidden = !shown;
  if (!shown) return;
  node.style.transform = `translate(${x}px, ${y}px)`;
  node.style.width = `${w}px`;
  node.style.height = `${h}px`;
}

/**
 * @param {HTMLElement} node
 * @param {Group | null} group
 * @param {number} x
 * @param {number} y
 */
export function tag(node, group, x, y) {
  node.hidden = !group;
  node.textContent = group?.label ?? "";
  if (!group) return;
  node.style.left = `${x}px`;
  node.style.top = `${y}px`;
}

/**
 * A place inside a picture; what lies outside it is no place.
 * @param {View} view
 * @param {Place} place
 */
export function placeIn(view, { row, col }) {
  const inside = (/** @type {number | null} */ at, /** @type {Group[]} */ groups) => (at !== null && at < groups.length ? at : null);
  return { row: inside(row, view.rows), col: inside(col, view.cols) };
}

/** The colour bar: always there, with its ends, its unit and which scale it is. */
function createColourBar() {
  const strip = el("span", { class: "ramp" });
  const [low, high, name] = ["end", "end", "unit"].map((c) => el("span", { class: c }));
  const node = el("figcaption", { class: "colourbar" }, low, strip, high, name);
  return {
    node,
    paint(/** @type {View} */ view, /** @type {Ramp} */ colours, /** @type {Box} */ box) {
      strip.style.background = cssGradient(colours);
      low.textContent = number(view.low);
      high.textContent = number(view.high);
      const unit = MEASURES[view.measure].short;
      const what = view.difference ? `${unit}: ${view.difference}` : unit;
      const pooled = box.pooled ? "; a pixel shows the largest cell under it" : "";
      name.textContent = `${what} (${view.scaleName}${pooled})`;
    },
  };
}
