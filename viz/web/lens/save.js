// Pictures and numbers to take along: SVG and PNG of the head and of the overview, tidy CSV.

/** @import { LensCtx } from "./types.js" */
/** @import { Group, State, View } from "../shared/heads/types.js" */
/** @import { Scene, Theme } from "../shared/types.js" */
import { cssColour } from "../shared/colour.js";
import { COLUMN_PITCH, FROM, ROW_PITCH, SHORTEST, SLICES, cellSides, labelStep, thumbRatio } from "../shared/axes.js";
import { drawOn, el, fitName } from "../shared/dom.js";
import { copyText, savePng, saveText } from "../shared/download.js";
import { capital, clamp, csvText, number } from "../shared/format.js";
import { rampOf } from "../shared/heads/heatmap.js";
import { MEASURES, computeView, mayAttend, titleOf } from "../shared/heads/view.js";
import { KIND_NAMES } from "../shared/kinds.js";
import { paintSlices } from "../shared/scene.js";
import { closeOutside } from "../shared/menu.js";
import { paintCells } from "../shared/raster.js";

const WIDER = 1.15; // room for the font of whoever opens the file
const UNIT_AT = 132; // where the unit stands beside the colour bar

/**
 * @param {LensCtx} ctx
 */
export function createSaveMenu(ctx) {
  const item = (/** @type {string} */ label, /** @type {() => void} */ make) => el("button", { type: "button", onclick: make }, label);
  const link = ctx.host.link ? linkButton(ctx.host.link) : null;

  const named = (/** @type {string} */ what, /** @type {string} */ ending) => {
    const { kind, layer, head, heads } = ctx.store.get();
    const which = what === "overview" ? kind : `${kind}-L${layer}-${heads === "one" ? `H${head}` : heads}`;
    return `headlight-${which}-${what}.${ending}`;
  };
  return closeOutside(el(
    "details",
    { class: "save" },
    el("summary", {}, "Save"),
    el("div", { class: "fold" },
      item("Head as PNG", () => savePng(headSvg(ctx), named("head", "png"))),
      item("Head as SVG", () => saveText(headSvg(ctx).text, "image/svg+xml", named("head", "svg"))),
      item("Overview as PNG", () => savePng(overviewSvg(ctx), named("overview", "png"))),
      item("Overview as SVG", () => saveText(overviewSvg(ctx).text, "image/svg+xml", named("overview", "svg"))),
      item("Head as CSV", () => saveText(headCsv(ctx), "text/csv", named("head", "csv"))),
      link,
      link && el("p", { class: "note" }, "The whole run, or this lens as one HTML file: below, under “Download”.")),
  ));
}

/**
 * @param {() => string} address
 */
function linkButton(address) {
  const name = "Copy link to this view";
  const button = el("button", { type: "button", onclick: copy }, name);
  async function copy() {
    const done = await copyText(address(), button);
    button.textContent = done ? "Copied" : "Not allowed here: copy the address above";
    window.setTimeout(() => { button.textContent = name; }, 1500);
  }
  return button;
}

/**
 * The head as it is on the screen, with title, labels and colour bar.
 * @param {LensCtx} ctx
 */
function headSvg(ctx) {
  const view = ctx.views[0];
  const state = ctx.store.get();
  if (view.missing) return { text: "<svg xmlns='http://www.w3.org/2000/svg'/>", width: 1, height: 1 };
  const { theme } = ctx;
  const [rows, cols] = [view.rows.length, view.cols.length];
  const size = 12;
  const square = clamp(640 / Math.max(rows, cols), 1, 36);
  const room = { w: 640, h: 640 };
  const { w, h } = cellSides({ rows, cols }, square, room, { name: size, least: 640 * SHORTEST, most: 36 });
  const pen = penOf(theme, size);
  const nameOf = (/** @type {Group} */ group) => fitName(pen, group.label, 220);
  const widest = (/** @type {Group[]} */ groups) => Math.max(...groups.map((group) => pen.measureText(nameOf(group)).width)) * WIDER + 4;
  const scene = view.seen;
  const names = scene ? 0 : widest(view.cols);
  const [left, top] = [widest(view.rows) + 34, (scene ? SLICES : names * 0.72) + 66];
  const [wide, tall] = [cols * w, rows * h];
  const title = titleSvg(14, 24, titleOf(state), theme);
  const unit = `${MEASURES[view.measure].short} (${view.scaleName})`;
  const width = Math.max(left + wide + names * 0.72 + 12, title.end, left + UNIT_AT + pen.measureText(unit).width + 14);
  const height = top + Math.max(tall + 56, pen.measureText(FROM).width + 14);
  const parts = [title.text];
  parts.push(text(left, 46, "to (columns: keys) →", { fill: theme.muted }));
  parts.push(text(14, top, FROM, { fill: theme.muted, turn: -90, anchor: "end" }));
  parts.push(embed(view, ctx, left, top, wide, tall));
  parts.push(`<rect x="${left}" y="${top}" width="${wide}" height="${tall}" fill="none" stroke="${theme.border}"/>`);
  const [down, across] = [labelStep(h, size * ROW_PITCH), labelStep(w, size * COLUMN_PITCH)];
  view.rows.forEach((group, i) => i % down || parts.push(
    text(left - 6, top + (i + 0.5) * h + 4, nameOf(group), { anchor: "end", fill: ink(group, theme) })));
  if (scene) parts.push(slicesSvg(view, scene, left, top, w, theme));
  else view.cols.forEach((group, j) => j % across || parts.push(
    text(left + (j + 0.5) * w + 3, top - 6, nameOf(group), { turn: -45, fill: ink(group, theme) })));
  parts.push(barSvg(view, ctx, unit, left, top + tall + 18));
  return wrap(parts, width, height, ctx);
}

/**
 * The picture or the sound that was read, cut into the columns of the map.
 * @param {View} view
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y where the cells begin
 * @param {number} w width of a cell
 * @param {Theme} theme
 */
function slicesSvg(view, scene, x, y, w, theme) {
  const [canvas, finer] = [el("canvas"), 3];
  [canvas.width, canvas.height] = [view.cols.length * w * finer, (SLICES + 3) * finer];
  const context = drawOn(canvas);
  context.scale(finer, finer);
  paintSlices(context, view.cols, scene, { left: 0, top: SLICES + 3, w }, SLICES, theme);
  const [width, height] = [view.cols.length * w, SLICES + 3];
  return `<image x="${x}" y="${y - height - 3}" width="${width}" height="${height}" preserveAspectRatio="none" href="${canvas.toDataURL()}"/>`;
}

/**
 * A pen that measures and cuts texts in the font of the picture.
 * @param {Theme} theme
 * @param {number} size
 */
function penOf({ family }, size) {
  const pen = drawOn(el("canvas"));
  pen.font = `${size}px ${family}`;
  return pen;
}

/**
 * A picture's title, and how wide the picture must be to hold it, in a somewhat wider font too.
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {Theme} theme
 */
function titleSvg(x, y, content, theme) {
  const wide = penOf(theme, 15).measureText(content).width;
  return { text: text(x, y, content, { size: 15, fill: theme.text }), end: 2 * x + wide * WIDER };
}

/**
 * Cells as an image of one pixel a cell, so that any size stays exact and small.
 * @param {View} view
 * @param {LensCtx} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
function embed(view, ctx, x, y, w, h) {
  const canvas = document.createElement("canvas");
  const [rows, cols] = [view.rows.length, view.cols.length];
  paintCells(canvas, { ...view, rows, cols, colours: rampOf(view, ctx), limit: Infinity });
  const masked = view.mask ? hatchSvg(view, view.mask, ctx, x, y, w / cols, h / rows) : "";
  return `${masked}<image x="${x}" y="${y}" width="${w}" height="${h}" preserveAspectRatio="none" ` +
    `style="image-rendering:pixelated" href="${canvas.toDataURL()}"/>`;
}

/**
 * @param {View} view
 * @param {Uint8Array} mask
 * @param {LensCtx} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
function hatchSvg(view, mask, ctx, x, y, w, h) {
  const n = view.cols.length;
  /** @type {string[]} */
  const runs = [];
  view.rows.forEach((_, r) => {
    for (let c = 0; c < n; c += 1) {
      if (mask[r * n + c]) continue;
      const start = c;
      while (c + 1 < n && !mask[r * n + c + 1]) c += 1;
      runs.push(`M${x + start * w} ${y + r * h}h${(c - start + 1) * w}v${h}h${-(c - start + 1) * w}z`);
    }
  });
  return `<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">` +
    `<path d="M0 6L6 0" stroke="${ctx.theme.border}"/></pattern></defs><path d="${runs.join("")}" fill="url(#hatch)"/>`;
}

/**
 * @param {View} view
 * @param {LensCtx} ctx
 * @param {string} unit
 * @param {number} x
 * @param {number} y
 */
function barSvg(view, ctx, unit, x, y) {
  const colours = rampOf(view, ctx);
  const stops = Array.from({ length: 17 }, (_, i) =>
    `<stop offset="${i / 16}" stop-color="${cssColour(colours[Math.round(i * 15.9375)])}"/>`).join("");
  return `<defs><linearGradient id="bar">${stops}</linearGradient></defs>` +
    `<rect x="${x}" y="${y}" width="120" height="9" fill="url(#bar)" stroke="${ctx.theme.border}"/>` +
    text(x, y + 24, number(view.low), { fill: ctx.theme.text }) +
    text(x + 120, y + 24, number(view.high), { fill: ctx.theme.text, anchor: "end" }) +
    text(x + UNIT_AT, y + 9, unit, { fill: ctx.theme.muted });
}

/**
 * Every layer and head of the kind, in the order of the stack.
 * @param {LensCtx} ctx
 */
function overviewSvg(ctx) {
  const { kind } = ctx.store.get();
  const block = ctx.payload.traces[0].attention[kind];
  const [side, gap, left, top] = [112, 14, 16, 44];
  const tall = side / thumbRatio(block);
  const title = titleSvg(left, 26, `${capital(KIND_NAMES[kind])}: every layer and head, weights 0 to 1`, ctx.theme);
  const parts = [title.text];
  for (let layer = 0; layer < block.layers; layer += 1) {
    for (let head = 0; head < block.heads; head += 1) {
      const [x, y] = [left + head * (side + gap), top + (block.layers - 1 - layer) * (tall + 30)];
      /** @type {State} */
      const state = { ...ctx.store.get(), layer, head, heads: "one", measure: "weights", unit: "pieces", special: "shown", scale: "fixed" };
      parts.push(embed(computeView(ctx.payload, state, 0), ctx, x, y, side, tall));
      parts.push(`<rect x="${x}" y="${y}" width="${side}" height="${tall}" fill="none" stroke="${ctx.theme.border}"/>`);
      parts.push(text(x, y + tall + 15, `L${layer} H${head}`, { fill: ctx.theme.muted }));
    }
  }
  const width = Math.max(left + block.heads * (side + gap), title.end);
  return wrap(parts, width, top + block.layers * (tall + 30) + 8, ctx);
}

/**
 * @param {string[]} parts
 * @param {number} width
 * @param {number} height
 * @param {LensCtx} ctx
 */
function wrap(parts, width, height, { theme }) {
  const escaped = theme.family.replaceAll('"', "'");
  const text_ =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${escaped}" font-size="12"><rect width="100%" height="100%" fill="${theme.background}"/>${parts.join("")}</svg>`;
  return { text: text_, width, height };
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {{fill: string, size?: number, anchor?: string, turn?: number}} given
 */
export function text(x, y, content, { fill, size = 12, anchor = "start", turn = 0 }) {
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
  const rotate = turn ? ` transform="rotate(${turn} ${x} ${y})"` : "";
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" text-anchor="${anchor}"${rotate}>${safe}</text>`;
}

/**
 * @param {Group} group
 * @param {Theme} theme
 */
function ink(group, theme) {
  return group.special ? theme.muted : theme.text;
}

/**
 * One line a cell: where, what, whether it may be attended, and the value on the screen.
 * @param {LensCtx} ctx
 */
function headCsv(ctx) {
  const state = ctx.store.get();
  const head = state.heads === "one" ? state.head : state.heads;
  const out = ["trace,kind,layer,head,row,from,column,to,may_attend,measure,value"];
  ctx.views.forEach((view, t) => {
    if (view.missing) return;
    view.rows.forEach((from, r) => view.cols.forEach((to, c) => {
      const may = mayAttend(view, r, c);
      const value = !may && state.measure === "masked" ? "-inf" : view.values[r * view.cols.length + c].toFixed(6);
      out.push([t, state.kind, state.layer, head, r, csvText(from.piece), c, csvText(to.piece), may, state.measure, value].join(","));
    }));
  });
  return `${out.join("\n")}\n`;
}
