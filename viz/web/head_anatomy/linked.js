// The whole matrices of one head, laid out so that what makes a cell stands left of it and above it.

/** @import { Drawing, Labels, NamedAt, Shown } from "./types.js" */
/** @import { Theme } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { clamp } from "../shared/format.js";
import { ARROWS } from "../shared/keys.js";
import { colourBar, createPanel, indexName, partColumns, partNumber, partRows, partValue, shapeText, widestName, widestRow } from "./panel.js";

/** @type {Record<string, string>} */
const OPERATIONS = { scores: "", scaled: "mask", masked: "softmax" }; // the first is said by `scaling`

const HALL = 1500; // pixels of a board that has room for both halves beside each other

const CHAIN = ["scores", "scaled", "masked", "pattern"]; // one cell, four times

/**
 * Which rows and columns of other matrices a cell is made of.
 * @param {string} name
 * @param {number} row
 * @param {number} col
 * @returns {Lit}
 */
function makersOf(name, row, col) {
  /** @type {Record<string, Lit>} */
  const all = { scores: { q: [row, null], k: [null, col] }, scaled: { scores: [row, col] }, masked: { scaled: [row, col] },
    pattern: { masked: [row, null] }, z: { pattern: [row, null], v: [null, col] } };
  return { ...all[name], [name]: [row, col] };
}

/**
 * Where a number of an input goes.
 * @param {string} name
 * @param {number} row
 * @param {number} col
 */
function usersOf(name, row, col) {
  /** @type {Record<string, Lit>} */
  const all = { q: { scores: [row, null] }, k: { scores: [null, col] }, v: { z: [null, col], pattern: [null, row] } };
  return all[name];
}

/** @typedef {Record<string, [row: number | null, col: number | null]>} Lit */
/** @typedef {{token: number, head: number, down: number, top?: number}} BoardSizes sides of cells; room above all matrices */

/**
 * @param {Drawing} ctx
 * @param {HTMLElement} root
 */
export function createLinked(ctx, root) {
  const { header, theme } = ctx;
  const parts = Object.fromEntries(header.parts.map((part) => [part.id, part]));
  const readout = el("p", { class: "readout", "aria-live": "polite" });
  /** @type {Record<string, ReturnType<typeof createPanel>>} */
  const panels = {};
  const board = el("div", { class: "board" });
  root.append(readout, el("div", { class: "scroll" }, board));
  const { query, key } = header.cell;
  const kept = ctx.memory.pinned; // the click that chose this cell, or one since
  /** @type {NamedAt} */
  let pinned = kept && kept.query === query && kept.key === key ? kept.at : { name: "scores", row: query, col: key };
  draw();
  show(pinned);

  function draw() {
    /** @type {BoardSizes} */
    const size = boardSizes(parts, root.clientWidth || 1000, theme);
    const half = (/** @type {number} */ columns, /** @type {Element[]} */ ...cells) => el("div", { class: "half", style: `--columns: ${columns}` }, ...cells);
    const gaps = (/** @type {number} */ n) => Array.from({ length: n }, gap);
    const masked = figure("masked", size);
    size.top = panels.masked.box.top; // all matrices of a row begin at the same height
    board.replaceChildren(
      half(4, gap(), figure("k", size), ...gaps(2), figure("q", size), figure("scores", size), sign("scores"), figure("scaled", size)),
      half(5, ...gaps(4), figure("v", size), sign("scaled"), masked, sign("masked"), figure("pattern", size), figure("z", size)),
    );
  }

  function gap() { return el("span", { class: "gap" }); }
  function sign(/** @type {string} */ name) { return el("span", { class: "sign" }, OPERATIONS[name] || header.scaling, el("span", {}, "→")); }

  function figure(/** @type {string} */ name, /** @type {BoardSizes} */ size) {
    const part = parts[name];
    const tokensDown = part.axes[0] !== "d_head";
    const tokensAcross = part.axes[1] !== "d_head";
    const cell = { w: tokensAcross ? size.token : size.head, h: tokensDown ? size.down : size.head };
    /** @type {Labels} */
    const labels = { rows: ["q", "v", "masked"].includes(name), columns: ["k", "masked", "pattern"].includes(name) };
    if (name === "z") labels.top = size.top;
    panels[name] = createPanel(part, {
      size: cell, labels, theme, name: `${part.name}, ${shapeText(part)}`,
      onHover: (at) => show(at ? { name, ...at } : pinned),
      onClick: (at) => { if (at) hold({ name, ...at }); },
      onKey: (/** @type {KeyboardEvent} */ event) => move(event, name),
    });
    const title = el("figcaption", {}, el("strong", {}, part.name), " ", el("span", { class: "shape" }, shapeText(part)), colourBar(part, theme));
    title.style.setProperty("--role", header.palette.kinds[part.role] || theme.border);
    return el("figure", { class: `matrix ${name}` }, panels[name].node, title);
  }

  function move(/** @type {KeyboardEvent} */ event, /** @type {string} */ name) {
    if (event.key === "Enter") {
      event.preventDefault();
      hold(pinned);
      return;
    }
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const from = pinned.name === name ? pinned : { row: 0, col: 0 };
    const part = parts[name];
    pinned = { name, row: clamp(from.row + step[0], 0, partRows(part) - 1), col: clamp(from.col + step[1], 0, partColumns(part) - 1) };
    show(pinned);
  }

  /** Keep a cell lit; one between two tokens is also what the other sections follow. */
  function hold(/** @type {NamedAt} */ at) {
    pinned = at;
    show(at);
    const chosen = at.name in OPERATIONS || at.name === "pattern" ? { query: at.row, key: at.col } : { query, key };
    ctx.memory.pinned = { ...chosen, at };
    if (chosen.query !== query || chosen.key !== key) ctx.choose(chosen);
  }

  function show(/** @type {NamedAt} */ { name, row, col }) {
    /** @type {Lit} */
    const lit = { ...usersOf(name, row, col), ...makersOf(name, row, col) };
    for (const [id, panel] of Object.entries(panels)) {
      const [r, c] = lit[id] || (CHAIN.includes(name) && CHAIN.includes(id) ? [row, col] : [null, null]);
      panel.light(r, c, id in lit);
    }
    readout.replaceChildren(...sayCell(parts, name, row, col));
    root.dataset.lit = Object.keys(lit).sort().join(" "); // for checks
  }
}

/**
 * Token cells and d_head cells so that half a board fits the width, never smaller than the eye needs;
 * in a hall both halves stand beside each other, so that the whole board is in sight.
 * @param {Record<string, Shown>} parts
 * @param {number} width
 * @param {Theme} theme
 */
function boardSizes(parts, width, theme) {
  const [nQuery, nKey] = parts.scores.shape;
  const dHead = parts.q.shape[1];
  const { size } = theme;
  const beside = theme.presenting && width > HALL;
  const [down, across] = [widestRow(parts.q, theme), widestName(parts.k.columns, theme)];
  const room = Math.max(280, (beside ? width / 2 - 2.2 * size : width) - down - 1.5 * across - 13 * size); // names, leaning ones twice, and the signs between
  const head = clamp((room * (beside ? 0.3 : 0.36)) / dHead, 3, 9);
  const token = clamp((room - head * dHead) / (2 * nKey), 3, size * 2.1);
  const [tall, most] = beside ? [8, 1.3] : [25.6, 1.8];
  return { head, token, down: clamp((size * tall) / nQuery, 3, size * most) };
}

/**
 * The cell in words: what made it, and the number.
 * @param {Record<string, Shown>} parts
 * @param {string} name
 * @param {number} row
 * @param {number} col
 */
function sayCell(parts, name, row, col) {
  const part = parts[name];
  const value = part.mask && !part.mask[row * partColumns(part) + col] ? "−∞" : partNumber(part, partValue(part, row, col));
  const [query, key] = [indexName(part, 0, row), indexName(part, 1, col)];
  const d = parts.q.shape[1];
  const said = {
    q: `query of row ${query}, number ${col}: goes into row ${row} of QKᵀ`,
    k: `key of column ${key}, number ${row}: goes into column ${col} of QKᵀ`,
    v: `value of ${query}, number ${col}: goes into column ${col} of Z, times the weight that each row gives it`,
    scores: `row ${query} of Q times column ${key} of Kᵀ, ${d} products summed`,
    scaled: `the same score ÷ √${d}`,
    masked: value === "−∞" ? `row ${query} may not read column ${key}` : `not masked: row ${query} may read column ${key}`,
    pattern: `softmax over the row: the share of its attention that ${query} gives to ${key}`,
    z: `row ${query} of the weights times column ${col} of V: the head's output for this row`,
  }[name];
  return [el("strong", {}, `${part.name}[${row}, ${col}] = ${value}`), el("span", {}, `  ${said}`)];
}
