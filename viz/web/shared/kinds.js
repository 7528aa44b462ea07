// What the three kinds of attention are called, and their keys: the page's Python reads the same table.

import table from "../../kinds.json" with { type: "json" };
import { capital } from "./format.js";

/** @import { Kind } from "./types.js" */

/** @typedef {"name" | "short" | "block" | "key"} Column */

/**
 * @param {Column} column
 * @returns {Record<Kind, string>}
 */
function each(column) {
  const { encoder_self, decoder_self, cross } = table;
  return { encoder_self: encoder_self[column], decoder_self: decoder_self[column], cross: cross[column] };
}

export const KIND_NAMES = each("name");
/** On the boxes of a drawing, where the stack says whose it is. */
export const KIND_BLOCKS = each("block");
/** On tabs. */
export const KIND_TABS = /** @type {Record<Kind, string>} */ (
  Object.fromEntries(Object.entries(each("short")).map(([kind, name]) => [kind, capital(name)]))
);
/** On the same boxes, where type is large: self, masked self, cross. */
export const KIND_SHORT = /** @type {Record<Kind, string>} */ (
  Object.fromEntries(Object.entries(KIND_BLOCKS).map(([kind, name]) => [kind, name.replace("-attention", "")]))
);
/** @type {Record<string, Kind>} */
export const KIND_KEYS = Object.fromEntries(Object.entries(each("key")).map(([kind, key]) => [key, /** @type {Kind} */ (kind)]));
