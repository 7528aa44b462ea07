// Tokens as they are drawn and said: sub-word joints are made here and nowhere else.

/** @import { Kind, ShownTrace, Tokens } from "./types.js" */

const SPACE = /^[▁Ġ]/; // how vocabularies of sub-words mark the space before a word

/**
 * Tokens as drawn, as in viz/labels.py: the characters they stand for; a piece that goes on a word has a leading joint.
 * @param {Pick<Tokens, "pieces" | "words" | "special"> & {surfaces?: string[]}} tokens
 */
export function drawnLabels({ pieces, words, special, surfaces }) {
  const marked = pieces.some((piece) => SPACE.test(piece));
  return pieces.map((piece, i) => {
    if (special[i]) return piece;
    const joined = marked && i > 0 && words[i] === words[i - 1] && !SPACE.test(piece);
    return (joined ? "‑" : "") + ((surfaces?.[i] ?? piece).replaceAll("▁", "").trim() || "·");
  });
}

/** Between the token that a row of the decoder has read and the one that it writes, as in viz/labels.py. */
export const ARROW = " → ";

/**
 * The tokens that stand for the rows: in the decoder those that are written, unless rows go by what is read.
 * @param {ShownTrace} trace
 * @param {Kind} kind
 * @param {string} rowsBy
 */
export function rowTokens(trace, kind, rowsBy) {
  if (kind === "encoder_self") return trace.src;
  return rowsBy === "reads" ? trace.tgt_in : trace.tgt_out;
}

/**
 * A row as it is named in a picture: a token of the source, or "read → written" in the decoder.
 * @param {ShownTrace} trace
 * @param {Kind} kind
 * @param {string} rowsBy
 * @param {number} i
 */
export function rowName(trace, kind, rowsBy, i) {
  const name = rowTokens(trace, kind, rowsBy).labels[i];
  return kind !== "encoder_self" && rowsBy === "both" ? trace.tgt_in.labels[i] + ARROW + name : name;
}

/**
 * The same at the start of a sentence: After “noir”, about to write “dort”.
 * @param {Kind} kind
 * @param {string} rowsBy
 * @param {string} read
 * @param {string} written
 */
export function rowPhrase(kind, rowsBy, read, written) {
  if (kind === "encoder_self") return `from “${read}”`;
  const parts = { reads: [`after “${read}”`], writes: [`about to write “${written}”`] }[rowsBy];
  return (parts ?? [`after “${read}”`, `about to write “${written}”`]).join(", ");
}

/**
 * @param {ShownTrace} trace
 * @param {Kind} kind
 */
export function columnTokens(trace, kind) {
  return kind === "decoder_self" ? trace.tgt_in : trace.src;
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
