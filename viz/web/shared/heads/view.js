// From stored numbers to the matrix on the screen: measure, heads, words, special tokens, scale.

/** @import { Ctx, Group, Heads, Marks, State, View } from "./types.js" */
/** @import { Block, Edited, Payload, ShownTrace, Tokens } from "../types.js" */
import { largestOf, largestShapes } from "../axes.js";
import { capital } from "../format.js";
import { KIND_NAMES } from "../kinds.js";
import { FULL, hasLayer, headPattern } from "../payload.js";
import { ARROW, columnTokens, rowPhrase, rowTokens } from "../tokens.js";

export const MEASURES = {
  weights: { name: "attention weights (pattern)", short: "attention weight", pick: "weights (pattern)" },
  raw: { name: "scores before the mask (raw_scores)", short: "score before the mask", pick: "scores before mask" },
  masked: { name: "scores after the mask (attn_scores)", short: "score after the mask", pick: "scores after mask" },
  norm: { name: "norm-weighted attention ‖αf(x)‖", short: "norm-weighted ‖αf(x)‖", pick: "norm-weighted ‖αf(x)‖" },
};

/**
 * A picture whose numbers are not here.
 * @type {View}
 */
export const NOTHING = {
  missing: true, rows: [], cols: [], values: new Float32Array(), mask: null, marks: null, measure: "weights", low: 0, high: 1,
  diverging: false, fixed: false, scaleName: "", most: { rows: 0, cols: 0 }, hidden: null, difference: "", seen: null,
};

/**
 * Everything one picture needs: groups of rows and columns, values, mask, scale.
 * @param {Payload} payload
 * @param {State} state
 * @param {number} index
 * @returns {View}
 */
export function computeView(payload, state, index) {
  const trace = payload.traces[index];
  const block = trace.attention[state.kind];
  if (!block) return NOTHING;
  state = { ...state, ...headOf(block, state) };
  const read = state.heads === "one" ? [state.head] : [...Array(block.heads).keys()];
  const source = measureReader(payload, state, index, block);
  if (!source) return NOTHING;
  let parts = read.map((head) => source(head));
  let mask = state.measure === "raw" ? null : block.mask;
  let rows = groups(rowTokens(trace, state.kind, state.rows), state, "row");
  let cols = groups(columnTokens(trace, state.kind), state, "column");
  nameRows(rows, trace, state);
  const hidden = state.special === "hidden" ? hiddenWeight(parts, state.heads, rows, cols, block) : null;
  rows = rows.filter((group) => !group.hide);
  cols = cols.filter((group) => !group.hide);
  const plain = rows.length === block.rows && cols.length === block.columns;
  if (!plain) {
    parts = parts.map((values) => regroup(values, rows, cols, block)); // each head's, or a word's sum would be no head's
    mask = mask && openCells(mask, rows, cols, block);
  }
  const values = combine(parts, state.heads, rows.length * cols.length);
  const most = largestOf(largestShapes([trace]));
  const marks = trace.edits ? marksOf(trace.edits, state, read, rows, cols) : null;
  const shown = { most, rows, cols, values, mask, marks, hidden, measure: state.measure };
  const seen = state.kind === "decoder_self" ? null : trace.scene ?? null;
  return { ...NOTHING, ...shown, seen, missing: false, ...range(shown, state) };
}

/**
 * The layer and head that are selected, or the last ones of a model that has fewer.
 * @param {Block} block
 * @param {Pick<State, "layer" | "head">} state
 */
export function headOf(block, { layer, head }) {
  return { layer: Math.min(layer, block.layers - 1), head: Math.min(head, block.heads - 1) };
}

/**
 * A cell is marked as cut where every head that is shown was cut there, in all of its tokens.
 * @param {Edited} edits
 * @param {State} state
 * @param {number[]} heads
 * @param {Group[]} rows
 * @param {Group[]} cols
 * @returns {Marks}
 */
export function marksOf(edits, { kind, layer }, heads, rows, cols) {
  const fits = (/** @type {number | null} */ said, /** @type {number} */ here) => said === null || said === here;
  const here = edits.cut.filter(([of, at]) => of === kind && fits(/** @type {number | null} */ (at), layer));
  const cut = new Uint8Array(rows.length * cols.length);
  const isCut = (/** @type {number} */ head, /** @type {number} */ i, /** @type {number} */ j) =>
    here.some(([, , of, query, key]) => fits(of, head) && fits(query, i) && fits(key, j));
  if (here.length) {
    rows.forEach((row, r) => cols.forEach((col, c) => {
      const all = heads.every((head) => row.tokens.every((i) => col.tokens.every((j) => isCut(head, i, j))));
      cut[r * cols.length + c] = all ? 1 : 0;
    }));
  }
  const set = edits.set.filter(([of, at, head]) => of === kind && at === layer && heads.includes(head));
  return { cut, byHand: rows.map(({ tokens }) => set.some(([, , , query]) => tokens.includes(query))) };
}

/**
 * A function head -> Float32Array of one measure, or null when the numbers are not here.
 * @param {Payload} payload
 * @param {State} state
 * @param {number} index
 * @param {Block} block
 * @returns {((head: number) => Float32Array) | null}
 */
function measureReader(payload, state, index, block) {
  const byWeights = state.measure === "weights" || state.measure === "norm";
  if (byWeights && !hasLayer(block, state.layer)) return null;
  if (state.measure === "weights") {
    return (head) => {
      const pattern = headPattern(block, state.layer, head);
      const out = new Float32Array(block.size);
      for (let i = 0; i < out.length; i += 1) out[i] = pattern[i] / FULL;
      return out;
    };
  }
  if (state.measure === "norm") {
    const { valueNorm } = block;
    return valueNorm && ((head) => {
      const pattern = headPattern(block, state.layer, head);
      const norms = (state.layer * block.heads + head) * block.columns;
      const out = new Float32Array(block.size);
      for (let row = 0; row < out.length; row += block.columns) {
        for (let j = 0; j < block.columns; j += 1) {
          out[row + j] = (pattern[row + j] / FULL) * valueNorm[norms + j];
        }
      }
      return out;
    });
  }
  const scores = payload.scores.get(`${state.kind}.${state.layer}`)?.[index];
  if (!scores) return null;
  return (head) => scores.subarray(head * block.size, (head + 1) * block.size);
}

/**
 * @param {Float32Array[]} parts
 * @param {Heads} how
 * @param {number} size
 */
function combine(parts, how, size) {
  if (how === "one") return parts[0];
  const out = Float32Array.from(parts[0]);
  for (const part of parts.slice(1)) {
    if (how === "mean") for (let i = 0; i < size; i += 1) out[i] += part[i];
    else for (let i = 0; i < size; i += 1) if (part[i] > out[i]) out[i] = part[i];
  }
  if (how === "mean") for (let i = 0; i < size; i += 1) out[i] /= parts.length;
  return out;
}

/**
 * Tokens as rows or columns: one each, or one a word; control tokens may be hidden.
 * @param {Tokens} tokens
 * @param {State} state
 * @param {"row" | "column"} side
 */
function groups(tokens, state, side) {
  /** @type {Group[]} */
  const out = [];
  tokens.pieces.forEach((piece, i) => {
    const word = tokens.words[i];
    const last = out[out.length - 1];
    if (state.unit === "words" && word >= 0 && last && last.word === word) {
      last.tokens.push(i);
      last.label += tokens.surfaces[i];
      last.piece += piece;
      return;
    }
    const label = state.unit === "words" ? tokens.surfaces[i] : tokens.labels[i];
    const special = tokens.special[i];
    out.push({ tokens: [i], word, label, piece, phrase: "", special, hide: special && state.special === "hidden", side });
  });
  if (state.unit === "words") out.forEach((group) => { group.label = group.label.trim() || group.label; });
  return out;
}

/**
 * A row of the decoder reads one token and writes the next, so it bears both names.
 * @param {Group[]} rows
 * @param {ShownTrace} trace
 * @param {State} state
 */
function nameRows(rows, trace, { kind, rows: rowsBy, unit }) {
  const other = rowsBy === "reads" ? trace.tgt_out : trace.tgt_in;
  for (const row of rows) {
    const at = rowsBy === "reads" ? row.tokens[row.tokens.length - 1] : row.tokens[0];
    const [own, name] = [row.label, kind === "encoder_self" ? "" : nameAt(other, at, unit)];
    row.phrase = kind === "encoder_self" || rowsBy === "reads" ? rowPhrase(kind, rowsBy, own, name) : rowPhrase(kind, rowsBy, name, own);
    if (kind === "encoder_self" || rowsBy !== "both") continue;
    row.label = name + ARROW + own;
    row.piece = trace.tgt_in.pieces[at] + ARROW + row.piece;
  }
}

/**
 * A token, or the whole word that it is part of.
 * @param {Tokens} tokens
 * @param {number} i
 * @param {State["unit"]} unit
 */
function nameAt(tokens, i, unit) {
  if (unit === "pieces" || tokens.words[i] < 0) return tokens.labels[i];
  return tokens.surfaces.filter((_, j) => tokens.words[j] === tokens.words[i]).join("").trim() || tokens.labels[i];
}

/**
 * Weight that hidden columns took from the rows still shown: mean and largest.
 * @param {Float32Array[]} parts
 * @param {Heads} how
 * @param {Group[]} rows
 * @param {Group[]} cols
 * @param {Block} block
 */
function hiddenWeight(parts, how, rows, cols, block) {
  const gone = cols.filter((group) => group.hide).flatMap((group) => group.tokens);
  const kept = rows.filter((group) => !group.hide).flatMap((group) => group.tokens);
  if (!kept.length) return { mean: 0, max: 0 };
  const ofHead = (/** @type {Float32Array} */ values) => Float32Array.from(kept, (i) => gone.reduce((sum, j) => sum + values[i * block.columns + j], 0));
  const sums = [...combine(parts.map(ofHead), how, kept.length)];
  return { mean: sums.reduce((a, b) => a + b, 0) / sums.length, max: Math.max(...sums) };
}

/**
 * Keys of a word are summed, queries of a word averaged.
 * @param {Float32Array} values
 * @param {Group[]} rows
 * @param {Group[]} cols
 * @param {Block} block
 */
function regroup(values, rows, cols, block) {
  const sum = (/** @type {Group} */ row, /** @type {Group} */ col) => row.tokens.reduce((all, i) =>
    all + col.tokens.reduce((some, j) => some + values[i * block.columns + j], 0), 0);
  return Float32Array.from(rows.flatMap((row) => cols.map((col) => sum(row, col) / row.tokens.length)));
}

/**
 * A word may attend to another where one of its tokens may to one of the other's.
 * @param {Uint8Array} mask
 * @param {Group[]} rows
 * @param {Group[]} cols
 * @param {Block} block
 */
function openCells(mask, rows, cols, block) {
  const open = (/** @type {Group} */ row, /** @type {Group} */ col) => row.tokens.some((i) => col.tokens.some((j) => mask[i * block.columns + j]));
  return Uint8Array.from(rows.flatMap((row) => cols.map((col) => (open(row, col) ? 1 : 0))));
}

/**
 * Ends of the colour scale, and how the colour bar names them.
 * @param {Pick<View, "values" | "mask">} view
 * @param {State} state
 */
function range(view, state) {
  if (state.measure === "weights" && state.scale === "fixed") {
    return { low: 0, high: 1, diverging: false, fixed: true, scaleName: "fixed scale, 0 to 1" };
  }
  const [low, high] = extent(view);
  if (state.measure === "raw" || state.measure === "masked") {
    const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return { low: -most, high: most, diverging: true, fixed: false, scaleName: "scale of this picture" };
  }
  return { low: 0, high: high || 1, diverging: false, fixed: false, scaleName: "scale of this picture" };
}

/**
 * @param {Pick<View, "values" | "mask">} view
 */
function extent({ values, mask }) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i += 1) {
    if (mask && !mask[i]) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return low > high ? [0, 0] : [low, high];
}

/**
 * Two pictures on one scale: the wider of the two.
 * @param {View[]} views
 */
function shareScale(views) {
  const low = Math.min(...views.map((view) => view.low));
  const high = Math.max(...views.map((view) => view.high));
  views.forEach((view) => Object.assign(view, { low, high }, view.fixed ? {} : { scaleName: "one scale for both" }));
}

/**
 * Second minus first, where both have the same tokens to count; null otherwise.
 * @param {View} first
 * @param {View} second
 * @param {string} said what is taken from what
 * @returns {View | null}
 */
function differenceView(first, second, said) {
  if (first.missing || second.missing) return null;
  if (first.rows.length !== second.rows.length || first.cols.length !== second.cols.length) {
    return null;
  }
  const values = second.values.map((value, i) => value - first.values[i]);
  const view = { ...first, values, difference: said, diverging: true };
  const [low, high] = extent(view);
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const end = first.fixed ? 1 : most;
  const scaleName = first.fixed ? "fixed scale, −1 to 1" : "scale of this picture";
  return Object.assign(view, { low: -end, high: end, scaleName });
}

/**
 * Whether the rows and columns of two models stand for the same tokens.
 * @param {View} first
 * @param {View} second
 */
function sameTokens(first, second) {
  const names = (/** @type {View} */ { rows, cols }) => JSON.stringify([rows, cols].map((side) => side.map(({ label }) => label)));
  return names(first) === names(second);
}

/**
 * @param {View} view
 * @param {number} row
 * @param {number} col
 */
export function mayAttend(view, row, col) {
  return !view.mask || view.mask[row * view.cols.length + col] === 1;
}

/**
 * @param {State} state
 */
export function titleOf(state) {
  const heads = state.heads === "one" ? `head ${state.head}` : HEADS[state.heads];
  return `${capital(KIND_NAMES[state.kind])}, layer ${state.layer}, ${heads}: ${MEASURES[state.measure].name}`;
}

export const HEADS = { one: "one head", mean: "mean over heads", max: "max over heads" };

/**
 * @param {Pick<Ctx, "payload" | "views" | "difference">} ctx
 * @param {State} state
 */
export function computeViews(ctx, state) {
  ctx.views = ctx.payload.traces.map((_, i) => computeView(ctx.payload, state, i));
  const two = ctx.views.length > 1 && !ctx.views.some((view) => view.missing);
  if (two) shareScale(ctx.views);
  const [first, second] = ctx.payload.traces;
  const alike = two && (first.model === second.model || sameTokens(ctx.views[0], ctx.views[1]));
  const said = second?.edits ? "edited minus as trained" : "second minus first";
  ctx.difference = alike ? differenceView(ctx.views[0], ctx.views[1], said) : null;
}
