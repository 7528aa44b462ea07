// The same head as lines between two columns of tokens: width and opacity are the weight.

/** @import { LensCtx } from "./types.js" */
/** @import { Group, State, View } from "../shared/heads/types.js" */
/** @import { Changed, Draw2D, Kind, Scene, Theme } from "../shared/types.js" */
import { cssColour } from "../shared/colour.js";
import { SHORTEST, SLICES, labelStep, small, tallestOf, widestLabel } from "../shared/axes.js";
import { drawOn, el, fitName, sizeCanvas } from "../shared/dom.js";
import { paintSlices } from "../shared/scene.js";
import { clamp, number } from "../shared/format.js";
import { placeIn } from "../shared/heads/heatmap.js";
import { pointerOf, same } from "../shared/heads/store.js";
import { MEASURES, mayAttend } from "../shared/heads/view.js";

const MAX_LINES = 2500;
const LEVELS = 12; // lines of nearly equal weight are stroked together

/** @typedef {{row: number, col: number, s: number}} Line s: its strength, 0..1 */

/**
 * Where the lines stand in their canvas.
 * @typedef {object} LinesBox
 * @property {number} width
 * @property {number} height
 * @property {number} left room for the names of the rows
 * @property {number} right
 * @property {number} head
 * @property {{row: number, col: number}} pitches from one name to the next
 * @property {number} pitch
 * @property {number} size
 * @property {number} room
 * @property {number} kept
 */

/**
 * @param {LensCtx} ctx
 * @param {() => View} viewOf
 */
export function createLines(ctx, viewOf) {
  const base = el("canvas", { class: "all", "aria-hidden": "true" });
  const names = el("canvas", { class: "names", "aria-hidden": "true" });
  const top = el("canvas", { class: "lit", "aria-hidden": "true" });
  const stage = el("div", { class: "stage lines-stage", role: "img" }, base, names, top);
  const note = el("p", { class: "note" });
  const node = el("figure", { class: "panel lines" }, stage, note);
  /** @type {LinesBox | null} */
  let box = null;
  /** @type {Line[]} */
  let drawn = [];

  function geometry(/** @type {View} */ view) {
    const width = Math.max(node.clientWidth, 120);
    const size = ctx.theme.size;
    const { kind } = ctx.store.get();
    const context = drawOn(base);
    context.font = `${size}px ${ctx.theme.family}`;
    const widest = (/** @type {Group[]} */ groups) => widestLabel(context, groups, ctx.theme.widths);
    const room = clamp(width * 0.32, 36, size * 16);
    const [left, right] = [view.rows, view.cols].map((g) => Math.max(seenAt(view, g, kind) ? SLICES : 0, Math.min(room, widest(g))) + 10);
    const counts = ctx.largest();
    const most = Math.max(counts.rows, counts.cols);
    const kept = Math.max(view.most.rows, view.most.cols);
    const head = size * 1.7;
    const [widestPitch, tallest] = [size * 2.6, tallestOf(ctx.theme)];
    const pitch = Math.min(widestPitch, tallest / most);
    const spread = (/** @type {number} */ count) => Math.min(widestPitch, Math.max(pitch, (tallest * SHORTEST) / count)); // few names stand apart
    const { rows, cols } = ctx.shapes()[kind];
    const pitches = { row: spread(rows), col: spread(cols) };
    const own = Math.max(view.rows.length * pitches.row, view.cols.length * pitches.col);
    return { width, left, right, head, pitches, pitch, size, room, height: head + own + 4, kept: kept * pitch - own };
  }

  function draw() {
    const view = viewOf();
    stage.hidden = !drawable(view);
    if (stage.hidden) {
      box = null;
      note.textContent = view.missing ? "" : "Lines are drawn for weights; scores have a sign and no sum.";
      return;
    }
    box = geometry(view);
    const context = sizeCanvas(base, box.width, box.height);
    stage.style.height = `${box.height}px`;
    node.style.setProperty("--kept", `${Math.max(0, box.kept)}px`);
    const state = ctx.store.get();
    const { lines, cut, least } = strongest(view, state);
    drawn = lines;
    strokeLines(context, lines, box, fullColour(ctx));
    paintTokens(sizeCanvas(names, box.width, box.height), view, box, ctx.theme, state.kind);
    const measure = MEASURES[view.measure].short;
    stage.setAttribute("aria-label", `Lines from ${view.rows.length} rows to ${view.cols.length} columns`);
    note.textContent =
      `Width and opacity are the ${measure}. ` +
      (cut ? `The ${MAX_LINES} strongest lines, from ${number(least)} up.` : `Lines from ${number(least)} up.`);
  }

  function light() {
    const view = viewOf();
    if (!box) return;
    const { row, col } = placeIn(view, pointerOf(ctx.store.get()));
    const lit = row !== null || col !== null;
    stage.classList.toggle("dim", lit);
    const context = sizeCanvas(top, box.width, box.height);
    if (!lit) return;
    strokeLines(context, litLines(view, row, col), box, fullColour(ctx), 0.3);
    paintTokens(context, view, box, ctx.theme, ctx.store.get().kind, (group, i) =>
      group.side === "row" ? i === row : i === col,
    );
  }

  function at(/** @type {MouseEvent} */ event) {
    const view = viewOf();
    if (!box) return null;
    const area = stage.getBoundingClientRect();
    const [x, y] = [event.clientX - area.left, event.clientY - area.top - box.head];
    const [row, col] = [box.pitches.row, box.pitches.col].map((pitch) => Math.floor(y / pitch));
    if (x < box.left + 6 && row >= 0 && row < view.rows.length) return { row, col: null };
    if (x > box.width - box.right - 6 && col >= 0 && col < view.cols.length) return { row: null, col };
    return nearest(drawn, box, x, y);
  }

  stage.addEventListener("pointermove", (event) => ctx.store.set({ hover: at(event) }));
  stage.addEventListener("pointerleave", () => ctx.store.set({ hover: null }));
  stage.addEventListener("click", (event) => {
    const place = at(event);
    if (place) ctx.store.set({ pin: same(place, ctx.store.get().pin) ? null : place });
  });
  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (ctx.content(changed) || changed.has("threshold")) draw();
      light();
    },
  };
}

/**
 * The far end of the ramp, as the strongest cell has it.
 * @param {LensCtx} ctx
 */
function fullColour({ theme, store }) {
  return cssColour(theme.ramps[store.get().kind][255]);
}

/**
 * Lines have a width, so they show what is never below zero.
 * @param {View} view
 */
function drawable(view) {
  return !view.missing && !view.diverging;
}

/**
 * Strength of a line in 0..1 on the scale of the picture.
 * @param {View} view
 * @param {number} value
 */
function strength(view, value) {
  return clamp(value / Math.max(view.high, 1e-9), 0, 1);
}

/**
 * The lines worth drawing: over the threshold, and not more than the eye can tell apart.
 * @param {View} view
 * @param {State} state
 */
function strongest(view, state) {
  const n = view.cols.length;
  let found = [];
  for (let i = 0; i < view.values.length; i += 1) {
    if (view.mask && !view.mask[i]) continue;
    const s = strength(view, view.values[i]);
    if (s < state.threshold || s === 0) continue;
    found.push({ row: Math.floor(i / n), col: i % n, s });
  }
  const cut = found.length > MAX_LINES;
  if (cut) {
    const limit = Float32Array.from(found, (l) => l.s).sort()[found.length - MAX_LINES];
    found = found.filter((l) => l.s >= limit).slice(0, MAX_LINES);
  }
  const least = cut ? Math.min(...found.map((l) => l.s)) : state.threshold;
  return { lines: found, cut, least: least * view.high };
}

/**
 * Every line of the lit row and column, however weak.
 * @param {View} view
 * @param {number | null} row
 * @param {number | null} col
 */
function litLines(view, row, col) {
  const n = view.cols.length;
  /** @type {Line[]} */
  const lines = [];
  const add = (/** @type {number} */ r, /** @type {number} */ c) => {
    if (mayAttend(view, r, c)) lines.push({ row: r, col: c, s: strength(view, view.values[r * n + c]) });
  };
  if (row !== null && col !== null) add(row, col);
  else if (row !== null) view.cols.forEach((_, c) => add(row, c));
  else if (col !== null) view.rows.forEach((_, r) => add(r, col));
  return lines;
}

/**
 * How far below the first names a line begins and ends.
 * @param {LinesBox} linesBox
 * @param {number} row
 * @param {number} col
 */
function heights({ pitches }, row, col) {
  return [(row + 0.5) * pitches.row, (col + 0.5) * pitches.col];
}

/**
 * Lines of one picture; `faintest` lifts the opacity of those that are under the pointer.
 * @param {Draw2D} context
 * @param {Line[]} lines
 * @param {LinesBox} box
 * @param {string} colour
 * @param {number} faintest
 */
function strokeLines(context, lines, box, colour, faintest = 0.08) {
  const levels = Array.from({ length: LEVELS }, () => /** @type {Line[]} */ ([]));
  for (const l of lines) levels[Math.min(LEVELS - 1, Math.floor(l.s * LEVELS))].push(l);
  const [x0, x1] = [box.left, box.width - box.right];
  const bend = (x1 - x0) * 0.4;
  const curved = lines.length <= 600;
  context.strokeStyle = colour;
  levels.forEach((group, i) => {
    if (!group.length) return;
    const s = (i + 1) / LEVELS;
    context.globalAlpha = faintest + (1 - faintest) * s;
    context.lineWidth = Math.max(0.6, s * Math.min(7, Math.max(2, box.pitch * 0.5)));
    context.beginPath();
    for (const { row, col } of group) {
      const [y0, y1] = heights(box, row, col).map((y) => box.head + y);
      context.moveTo(x0, y0);
      if (curved) context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
      else context.lineTo(x1, y1);
    }
    context.stroke();
  });
  context.globalAlpha = 1;
}

/**
 * @param {Draw2D} context
 * @param {View} view
 * @param {LinesBox} box
 * @param {Theme} theme
 * @param {Kind} kind
 * @param {((group: Group, i: number) => boolean) | null} only
 */
function paintTokens(context, view, box, theme, kind, only = null) {
  context.font = `${box.size}px ${theme.family}`;
  context.textBaseline = "middle";
  const side = (/** @type {Group[]} */ groups, /** @type {number} */ x, /** @type {CanvasTextAlign} */ align, /** @type {number} */ pitch) => {
    const scene = only ? null : seenAt(view, groups, kind);
    if (scene) return paintPlaces(context, scene, groups, align === "right" ? x - SLICES : x, box.head, pitch, theme);
    const step = labelStep(pitch, box.size * 1.25);
    context.textAlign = align;
    groups.forEach((group, i) => {
      if (only ? !only(group, i) : i % step) return;
      context.fillStyle = group.special ? theme.muted : theme.text;
      const label = fitName(context, group.label, box.room);
      const y = box.head + (i + 0.5) * pitch;
      if (only) paintTag(context, label, x, y, align, theme);
      context.fillText(label, x, y);
    });
  };
  side(view.rows, box.left - 6, "right", box.pitches.row);
  side(view.cols, box.width - box.right + 6, "left", box.pitches.col);
  if (only) return;
  context.font = `${small(theme, 0.86)}px ${theme.family}`;
  context.fillStyle = theme.muted;
  context.textAlign = "left";
  context.fillText("from", 2, box.size * 0.6);
  context.textAlign = "right";
  context.fillText("to", box.width - 2, box.size * 0.6);
}

/**
 * The picture or the sound that the rows or the columns are places of; null for tokens.
 * @param {View} view
 * @param {Group[]} groups
 * @param {Kind} kind
 */
function seenAt(view, groups, kind) {
  return groups === view.cols || kind === "encoder_self" ? view.seen : null;
}

/**
 * The image from top to bottom, lying on its side, so that lines end on it.
 * @param {Draw2D} context
 * @param {Scene} scene
 * @param {Group[]} groups
 * @param {number} x
 * @param {number} y
 * @param {number} pitch
 * @param {Theme} theme
 */
function paintPlaces(context, scene, groups, x, y, pitch, theme) {
  context.save();
  context.translate(x + SLICES, y);
  context.rotate(Math.PI / 2);
  paintSlices(context, groups, scene, { left: 0, top: SLICES + 3, w: pitch }, SLICES, theme);
  context.restore();
}

/**
 * Ground and ink of a lit token, readable over whatever names stand around it.
 * @param {Draw2D} context
 * @param {string} label
 * @param {number} x
 * @param {number} y
 * @param {CanvasTextAlign} align
 * @param {Theme} theme
 */
function paintTag(context, label, x, y, align, theme) {
  const [w, h] = [context.measureText(label).width + 8, theme.size * 1.4];
  context.fillStyle = theme.text;
  context.fillRect(align === "right" ? x - w + 4 : x - 4, y - h / 2, w, h);
  context.fillStyle = theme.background;
}

/**
 * The line under the hand: nearest in height at the hand's place, within a few pixels.
 * @param {Line[]} lines
 * @param {LinesBox} box
 * @param {number} x
 * @param {number} y
 */
function nearest(lines, box, x, y) {
  const t = clamp((x - box.left) / (box.width - box.right - box.left), 0, 1);
  const eased = t * t * (3 - 2 * t);
  /** @type {{row: number, col: number} | null} */
  let best = null;
  let distance = 6;
  for (const { row, col, s } of lines) {
    const [y0, y1] = heights(box, row, col);
    const away = Math.abs(y0 + (y1 - y0) * eased - y) - s;
    if (away < distance) [best, distance] = [{ row, col }, away];
  }
  return best;
}
