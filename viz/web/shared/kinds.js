// What the three kinds of attention are called, and their keys.

/** @import { Kind } from "./types.js" */

/** @type {Record<Kind, string>} */
export const KIND_NAMES = {
  encoder_self: "encoder self-attention",
  decoder_self: "decoder self-attention",
  cross: "cross-attention",
};

/** @type {Record<Kind, string>} */
export const KIND_TABS = { encoder_self: "Encoder self", decoder_self: "Decoder self", cross: "Cross" };
/** @type {Record<Kind, string>} */
export const KIND_BLOCKS = { encoder_self: "self-attention", decoder_self: "masked self-attention", cross: "cross-attention" };
/** @type {Record<string, Kind>} */
export const KIND_KEYS = { e: "encoder_self", d: "decoder_self", c: "cross" };
