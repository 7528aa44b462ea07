// Tokens as they are drawn and said: sub-word joints are made here and nowhere else.

/** @import { Kind, ShownTrace, Tokens } from "./types.js" */

/**
 * Tokens as drawn: no marks of spaces; a piece that goes on a word has a leading joint.
 * @param {Pick<Tokens, "pieces" | "words" | "special">} tokens
 */
export function drawnLabels({ pieces, words, special }) {
  const marked = pieces.some((piece) => piece.startsWith("▁"));
  return pieces.map((piece, i) => {
    if (special[i]) return piece;
    const joined = marked && i > 0 && words[i] === words[i - 1] && !piece.startsWith("▁");
    return (joined ? "‑" : "") + (piece.replaceAll("▁", "").trim() || "·");
  });
}

/**
 * Tokens of the rows, read or written by each step, and of the columns.
 * @param {ShownTrace} trace
 * @param {Kind} kind
 * @param {string} rowsBy
 */
export function rowTokens(trace, kind, rowsBy) {
  if (kind === "encoder_self") return trace.src;
  return rowsBy === "writes" ? trace.tgt_out : trace.tgt_in;
}

/**
 * @param {ShownTrace} trace
 * @param {Kind} kind
 */
export function columnTokens(trace, kind) {
  return kind === "decoder_self" ? trace.tgt_in : trace.src;
}

/**
 * A token as it is said: its own characters, without the mark of a joint; a space is a dot.
 * @param {Tokens} tokens
 * @param {number} i
 */
export function spoken(tokens, i) {
  return tokens.surfaces[i].trim() || tokens.labels[i];
}

/**
 * Tokens of one word together; a control token is a word of its own.
 * @param {{words: number[]}} tokens
 */
export function wordGroups({ words }) {
  /** @type {number[][]} */
  const groups = [];
  words.forEach((word, i) => {
    if (i > 0 && word >= 0 && word === words[i - 1]) groups[groups.length - 1].push(i);
    else groups.push([i]);
  });
  return groups;
}
