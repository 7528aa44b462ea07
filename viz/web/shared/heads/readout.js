// What the pointer is on, in words and numbers.

/** @import { Ctx, State, View } from "./types.js" */
/** @import { Changed } from "../types.js" */
import { el } from "../dom.js";
import { number, probability } from "../format.js";
import { KIND_TABS } from "../kinds.js";
import { placeIn } from "./heatmap.js";
import { summaryOf } from "./stats.js";
import { pointerOf } from "./store.js";
import { HEADS, MEASURES, mayAttend } from "./view.js";

/**
 * @param {Ctx} ctx
 * @param {{aside?: HTMLElement, idle?: () => string}} [more] what else is said in its second line, and what is said there
 *   while nothing is pointed at
 */
export function createReadout(ctx, { aside, idle = () => "Click pins it, Escape releases it." } = {}) {
  const text = el("p", { class: "said", "data-testid": "lens-readout", "aria-live": "polite" });
  const second = el("span", {});
  const more = el("p", { class: "note more" }, second, ...(aside ? [" ", aside] : []));
  const summary = el("p", { class: "summary" });
  const node = el("section", { class: "readout", "aria-label": "Readout" }, text, more);
  let timer = 0;

  function paint(/** @type {Changed} */ changed) {
    const state = ctx.store.get();
    const said = sayPlace(ctx, state);
    text.textContent = said.text;
    second.textContent = said.idle && !ctx.views[0].missing ? idle() : said.more;
    text.classList.toggle("idle", said.idle);
    if (ctx.content(changed)) {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        summary.textContent = summaryOf(
          ctx.payload.traces[0], state, ctx.stats(state.kind, state.layer, state.head),
        );
      }, 60);
    }
  }
  return { node, summary, paint };
}

/**
 * The place in the form: Cross L3 H5 · after “noir”, about to write “dort”, this head reads …
 * @param {Ctx} ctx
 * @param {State} state
 */
function sayPlace(ctx, state) {
  const view = ctx.views[0];
  if (view.missing) return { text: ctx.scoresNote(), more: "", idle: true };
  const { row, col } = placeIn(view, pointerOf(state));
  const start = sayHead(state);
  if (row === null && col === null) {
    const text = `${start} · point at a cell, a token or a line`;
    return { text, more: "", idle: true };
  }
  const second = ctx.views[1] ? sayOther(ctx, state) : "";
  const held = state.pin ? "Pinned; Escape releases." : "";
  const place = row === null ? sayColumn(view, /** @type {number} */ (col)) : col === null ? sayRow(view, state, row) : sayCell(view, state, row, col);
  return { text: `${start} · ${place}`, more: [second, held].filter(Boolean).join(" "), idle: false };
}

/**
 * @param {State} state
 */
function sayHead(state) {
  const heads = state.heads === "one" ? ` H${state.head}` : `, ${HEADS[state.heads]}`;
  return `${KIND_TABS[state.kind]} L${state.layer}${heads}`;
}

/**
 * After “noir”, about to write “dort”, this head reads “sleep”: 0.999 (row 4, column 3, rank 1 of 6).
 * @param {View} view
 * @param {State} state
 * @param {number} row
 * @param {number} col
 */
function sayCell(view, state, row, col) {
  const [{ phrase }, { label }] = [view.rows[row], view.cols[col]];
  const where = `row ${row}, column ${col}`;
  if (!mayAttend(view, row, col)) return `${phrase}: “${label}” is masked, not written yet (${where})`; // a trace is one text without padding
  const value = view.values[row * view.cols.length + col];
  if (view.marks?.cut[row * view.cols.length + col]) return `${phrase}: the edge to “${label}” is cut: ${sayValue(view, value)} (${where})`;
  const hand = view.marks?.byHand[row] ? ", a row set by hand" : "";
  return `${phrase}, ${verb(view, state)} “${label}”: ${sayValue(view, value)} (${where}, ${sayRank(view, row, col)}${hand})`;
}

/**
 * What a number of the picture says that a row does with a column.
 * @param {View} view
 * @param {State} state
 */
function verb({ measure }, { heads }) {
  if (measure === "weights") return { one: "this head reads", mean: "the heads on average read", max: "the head that reads it most reads" }[heads];
  const whose = { one: "this head", mean: "the heads on average", max: "the head with the largest" }[heads];
  return `the ${MEASURES[measure].short} of ${whose} for`;
}

/**
 * @param {View} view
 * @param {number} value
 */
function sayValue({ measure }, value) {
  return measure === "weights" ? probability(value) : number(value);
}

/**
 * Place of a cell among those that its row may attend to.
 * @param {View} view
 * @param {number} row
 * @param {number} col
 */
function sayRank(view, row, col) {
  const n = view.cols.length;
  const value = view.values[row * n + col];
  let [rank, among] = [1, 0];
  for (let j = 0; j < n; j += 1) {
    if (!mayAttend(view, row, j)) continue;
    among += 1;
    if (view.values[row * n + j] > value) rank += 1;
  }
  return `rank ${rank} of ${among}`;
}

/**
 * @param {View} view
 * @param {State} state
 * @param {number} row
 */
function sayRow(view, state, row) {
  const n = view.cols.length;
  /** @type {{j: number, value: number}[]} */
  const all = [];
  for (let j = 0; j < n; j += 1) {
    if (mayAttend(view, row, j)) all.push({ j, value: view.values[row * n + j] });
  }
  const best = all.sort((a, b) => b.value - a.value).slice(0, 3);
  const named = best.map(({ j, value }) => `“${view.cols[j].label}” ${sayValue(view, value)} (column ${j})`);
  return `${view.rows[row].phrase} (row ${row}), ${verb(view, state)} most: ${named.join(", ")}`;
}

/**
 * @param {View} view
 * @param {number} col
 */
function sayColumn(view, col) {
  const n = view.cols.length;
  /** @type {{i: number, value: number}[]} */
  const all = [];
  let sum = 0;
  view.rows.forEach((_, i) => {
    if (!mayAttend(view, i, col)) return;
    sum += view.values[i * n + col];
    all.push({ i, value: view.values[i * n + col] });
  });
  const best = all.sort((a, b) => b.value - a.value).slice(0, 3);
  const named = best.map(({ i, value }) => `“${view.rows[i].label}” ${sayValue(view, value)} (row ${i})`);
  const total = view.measure === "weights" ? `; ${number(sum)} in all rows together` : "";
  return `“${view.cols[col].label}” (column ${col}) is read most from ${named.join(", ")}${total}`;
}

/**
 * The same place in the second trace, and the difference where both have it.
 * @param {Ctx} ctx
 * @param {State} state
 */
function sayOther(ctx, state) {
  const [first, second] = ctx.views;
  const { row, col } = placeIn(second, pointerOf(state));
  if (second.missing || row === null || col === null) return "";
  const [name, other] = ctx.payload.traces[1].edits ? ["Edited", "as trained"] : ["Second", "first"];
  const there = `${name}: ${sayCell(second, state, row, col)}.`;
  const own = placeIn(first, pointerOf(state));
  if (own.row === null || own.col === null) return there;
  if (!mayAttend(first, row, col) || !mayAttend(second, row, col)) return there;
  const n = first.cols.length;
  const change = second.values[row * second.cols.length + col] - first.values[row * n + col];
  return `${there} ${name} minus ${other}: ${change > 0 ? "+" : ""}${number(change)}.`;
}
