// One step of the walk: every input and the output as strips, linked along the axes they share.

/** @import { At, Drawing, Shown } from "./types.js" */
/** @import { Theme } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { clamp } from "../shared/format.js";
import { ARROWS } from "../shared/keys.js";
import { colourBar, createPanel, indexName, partColumns, partNumber, partRows, partValue, shapeText, widestRow } from "./panel.js";

const MAX_TABLE_ROWS = 64;

/** @typedef {Record<string, number>} Where an index for each axis that is singled out */

/**
 * @param {Drawing} ctx
 * @param {HTMLElement} root
 */
export function createStep(ctx, root) {
  const { header, theme } = ctx;
  const parts = header.parts;
  const output = parts[parts.length - 1];
  const readout = el("p", { class: "readout", "aria-live": "polite" });
  const lines = parts.map((part) => partLine(part, part === output));
  const foot = el("div", { class: "foot" }, readout, table(), code());
  root.append(el("div", { class: "step" }, ...lines.map((line) => line.node), foot));
  const home = homeOf(parts);
  let place = home;
  show(home);

  function partLine(/** @type {Shown} */ part, /** @type {boolean} */ last) {
    const head = el("div", { class: "head" },
      el("span", { class: "name" }, part.name),
      el("span", { class: "shape" }, part.axes.length ? shapeText(part) : ""),
      part.axes.length ? colourBar(part, theme) : null);
    const node = el("div", { class: last ? "part output" : "part" }, head);
    node.style.setProperty("--role", header.palette.kinds[part.role] || theme.border);
    if (!part.axes.length) {
      head.append(el("strong", { class: "number" }, partNumber(part, part.values[0])));
      return { node, panel: null };
    }
    const panel = createPanel(part, {
      ...stepSize(part, root.clientWidth || 600, theme), theme, name: `${part.name}, ${shapeText(part)}`,
      onHover: (at) => show(at ? placeOf(part, at) : home),
      onKey: (/** @type {KeyboardEvent} */ event) => move(event, part),
    });
    node.append(el("div", { class: "scroll" }, panel.node));
    return { node, panel };
  }

  function placeOf(/** @type {Shown} */ part, /** @type {At} */ { row, col }) {
    /** @type {Where} */
    const found = { ...home, [part.axes[part.axes.length - 1]]: col };
    if (part.axes.length > 1) found[part.axes[0]] = row;
    return found;
  }

  function move(/** @type {KeyboardEvent} */ event, /** @type {Shown} */ part) {
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [rowAxis, colAxis] = [part.axes.length > 1 ? part.axes[0] : null, part.axes[part.axes.length - 1]];
    /** @type {Where} */
    const next = { ...place, [colAxis]: clamp((place[colAxis] ?? -1) + step[1], 0, partColumns(part) - 1) };
    if (rowAxis) next[rowAxis] = clamp((place[rowAxis] ?? 0) + step[0], 0, partRows(part) - 1);
    show(next);
  }

  function show(/** @type {Where} */ next) {
    place = next;
    for (const { panel } of lines) {
      if (!panel) continue;
      const { axes } = panel.part;
      const index = (/** @type {string} */ axis, /** @type {number} */ n) => (axis in place && place[axis] < n ? place[axis] : null);
      const col = index(axes[axes.length - 1], partColumns(panel.part));
      const row = axes.length > 1 ? index(axes[0], partRows(panel.part)) : 0;
      panel.light(row, col);
    }
    readout.textContent = sayPlace(parts, place);
  }

  function table() {
    const whole = (/** @type {Shown} */ part) => part.axes.length === 1 && !part.pooled;
    const axis = whole(output) ? output.axes[0] : parts.find(whole)?.axes[0];
    if (!axis) return null;
    const shown = parts.filter((part) => whole(part) && part.axes[0] === axis);
    const n = Math.min(...shown.map((part) => partColumns(part)));
    return lazyDetails("Table", () => numberTable(shown, axis, n));
  }

  function code() {
    if (!header.code.length) return null;
    const said = header.code.length > 1 ? `Code (${header.code.length} places)` : "Code";
    return lazyDetails(said, () => el("div", { class: "code" }, ...header.code.flatMap((lines_) => [
      el("p", { class: "note" }, lines_.place), el("pre", {}, lines_.text),
    ])));
  }
}

/**
 * About how high a step will be.
 * @param {Shown[]} parts
 */
export function stepHeight(parts) {
  const one = (/** @type {Shown} */ part) => !part.axes.length ? 26 : part.shape.length > 1 ? (part.rows.length ? Math.min(400, 17 * partRows(part)) + 30 : 140) : 50;
  return parts.reduce((sum, part) => sum + one(part), 40);
}

/**
 * Where a step is looked at when nobody points: the cell that was chosen.
 * @param {Shown[]} parts
 */
function homeOf(parts) {
  /** @type {Where} */
  const home = {};
  for (const part of parts) {
    if (part.at === null || !part.axes.length) continue;
    home[part.axes.length > 1 && part.rows.length ? part.axes[0] : part.axes[part.axes.length - 1]] = part.at;
  }
  return home;
}

/**
 * Every value that the place singles out, in the order of the step.
 * @param {Shown[]} parts
 * @param {Where} place
 */
function sayPlace(parts, place) {
  const said = [];
  let where = "";
  for (const part of parts) {
    if (!part.axes.length || part.pooled || !part.axes.every((axis) => axis in place)) continue;
    const index = part.axes.map((axis) => place[axis]);
    if (index.some((i, axis) => i >= part.shape[axis])) continue;
    where = part.axes.map((axis, n) => `${axis} ${indexName(part, n, place[axis])}`).join(", ");
    const value = partValue(part, part.axes.length > 1 ? index[0] : 0, index[index.length - 1]);
    const closed = part.mask && !part.mask[index[index.length - 1]];
    said.push(`${part.name} ${part.role === "mask" ? (value ? "may attend" : "may not") : closed ? "−∞" : partNumber(part, value)}`);
  }
  return said.length ? `${where}: ${said.join(" · ")}` : "Point at a number to read it.";
}

/**
 * Cells as wide as there is room, tokens wide enough for their numbers.
 * @param {Shown} part
 * @param {number} width
 * @param {Theme} theme
 */
function stepSize(part, width, theme) {
  const [rows, cols] = [partRows(part), partColumns(part)];
  const room = Math.max(120, width - 22 - (part.rows.length ? widestRow(part, theme) + 8 : 0));
  const tokens = part.columns.length > 0;
  const w = clamp(room / cols, tokens ? 15 : 0.2, tokens ? theme.size * 5 : 22);
  const h = rows === 1 ? 20 : part.rows.length ? clamp((theme.size * 32) / rows, 4, theme.size * 1.36) : clamp(110 / rows, 0.2, 12);
  return { size: { w, h: tokens ? theme.size * 1.8 : h }, labels: { rows: part.rows.length > 0, columns: tokens } };
}

/**
 * @param {Shown[]} parts
 * @param {string} axis
 * @param {number} n
 */
function numberTable(parts, axis, n) {
  const names = parts.find((part) => part.columns.length)?.columns || [];
  const head = el("tr", {}, el("th", {}, axis), ...parts.map((part) => el("th", {}, part.name)));
  const shown = Math.min(n, MAX_TABLE_ROWS);
  const body = Array.from({ length: shown }, (_, i) => el("tr", {},
    el("th", {}, names[i] ? `${i} ${names[i]}` : String(i)),
    ...parts.map((part) => el("td", {}, partNumber(part, part.values[i]))),
  ));
  const more = shown < n ? el("p", { class: "note" }, `The first ${shown} of ${n}.`) : null;
  return el("div", { class: "scroll tall" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)), more);
}

/**
 * A fold that is filled when it is first opened.
 * @param {string} title
 * @param {() => Element} make
 */
function lazyDetails(title, make) {
  const node = el("details", {}, el("summary", {}, title));
  node.addEventListener("toggle", () => { if (node.open && node.children.length < 2) node.append(make()); });
  return node;
}
