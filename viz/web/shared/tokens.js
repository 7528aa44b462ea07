// Tokens as they are named in pictures; the names themselves, sub-word joints included, come from viz/labels.py.

/** @import { Kind, ShownTrace } from "./types.js" */

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

const DOUBT = 0.5;
export const DOUBT_LEGEND = `wavy: written with a probability below ${DOUBT}`;

/**
 * Whether the model was of two minds when it wrote a token.
 * @param {number | undefined} chance the probability of what was written
 */
export function doubtful(chance) {
  return chance !== undefined && chance < DOUBT;
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
