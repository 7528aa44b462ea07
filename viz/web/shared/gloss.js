// A term that has its gloss at hand: under the pointer, on focus and on a tap. The glossary itself: glossary.js.

import { el } from "./dom.js";

/** Where the page's markdown marks a term, its link begins with this (viz/glossary.py). */
export const ANCHOR = "#gloss-";

const STYLE = "text-decoration: underline dotted 1px; text-underline-offset: 0.2em; cursor: help";

/**
 * Attributes for a control that is named by a term.
 * @param {string} name
 */
export const glossOf = (name) => ({ "data-gloss": slugOf(name) });

/**
 * A term within a text, to be reached by the keyboard as well.
 * @param {string} name
 * @param {string} text
 */
export function term(name, text = name) {
  return el("span", { ...glossOf(name), class: "term", style: STYLE, tabindex: "0", role: "note" }, text);
}

/**
 * @param {string} name
 */
export function slugOf(name) {
  return name.toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, "-").replace(/^-|-$/g, "");
}
