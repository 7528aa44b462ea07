// The query of an address as Python writes it, so that both say the same letter for letter.

import table from "./parameters.json" with { type: "json" };

/**
 * A query with changes; null takes a parameter out.
 * @param {string} query
 * @param {[string, string | null][]} changes
 * @returns {string}
 */
export function overlay(query, changes) {
  const params = new URLSearchParams(query);
  for (const [name, value] of changes) {
    if (value === null) params.delete(name);
    else params.set(name, value);
  }
  return canonical(String(params));
}

/**
 * In the table's order; what is not in the table (such as `embed`) stands behind it.
 * @param {string} query
 * @returns {string}
 */
export function canonical(query) {
  const rank = (/** @type {string} */ name) => (table.names.includes(name) ? table.names.indexOf(name) : table.names.length);
  const sorted = [...new URLSearchParams(query)].sort(([a], [b]) => rank(a) - rank(b));
  return String(new URLSearchParams(sorted)).replaceAll("*", "%2A").replaceAll("%7E", "~");
}
