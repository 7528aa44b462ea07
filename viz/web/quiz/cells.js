// Small drawn things: shaded cells, bars, strips of numbers, and sets of buttons of which one is on.

import { el } from "../shared/dom.js";
import { clamp, number } from "../shared/format.js";

/**
 * A share of 0 to 1 on the ramp of a colour, in CSS, for it follows light and dark; the stops are those of viz/theme.py.
 * @param {string} colour
 * @param {number} share
 */
function onRamp(colour, share) {
  const mix = (/** @type {string} */ one, /** @type {number} */ part, /** @type {string} */ other) =>
    `color-mix(in oklab, ${one} ${(clamp(part, 0, 1) * 100).toFixed(2)}%, ${other})`;
  const page = "var(--st-background-color)";
  const far = `color-mix(in srgb, white var(--white), ${colour})`;
  return `light-dark(${mix(colour, share, page)}, ${mix(far, 2 * share - 1, mix(colour, 2 * share, page))})`;
}

/**
 * A cell whose shade is a weight from 0 to 1 on the ramp of the kind, and its ink.
 * @param {HTMLElement} node
 * @param {number} weight
 */
export function shade(node, weight) {
  node.style.setProperty("--shade", onRamp("var(--kind)", weight));
  node.style.setProperty("--ink", weight > 0.45 ? "light-dark(var(--st-text-color), black)" : "var(--st-text-color)");
}

/**
 * A number of either sign on the diverging ramp; `most` has the full colour.
 * @param {HTMLElement} node
 * @param {number} value
 * @param {number} most
 */
function shadeSigned(node, value, most) {
  node.style.background = onRamp(value < 0 ? "var(--less)" : "var(--more)", most > 0 ? Math.abs(value) / most : 0);
}

/**
 * A vector as a strip of coloured cells.
 * @param {number[]} values
 * @param {number} most
 * @param {string} name
 */
export function strip(values, most, name) {
  const cells = values.map((value) => {
    const cell = el("i", { title: number(value) });
    shadeSigned(cell, value, most);
    return cell;
  });
  return el("span", { class: "strip", role: "img", "aria-label": `${name}: ${values.length} numbers` }, ...cells);
}

/**
 * @param {number[][]} rows
 */
export function largest(rows) {
  return rows.reduce((most, row) => row.reduce((m, x) => Math.max(m, Math.abs(x)), most), 0);
}

/**
 * The legend of a strip: which colour is which number.
 * @param {number} most
 */
export function signedLegend(most) {
  return el("p", { class: "note legend" }, number(-most), legendBar([-1, -0.5, 0, 0.5, 1]), number(most));
}

export function weightLegend() {
  return el("p", { class: "note legend" }, "0", legendBar([0, 0.5, 1], "var(--kind)"), "1  attention weight");
}

/**
 * @param {number[]} shares evenly spaced; below 0 they are of less than zero
 * @param {string} more the colour above 0
 */
function legendBar(shares, more = "var(--more)") {
  const stops = shares.map((share) => onRamp(share < 0 ? "var(--less)" : more, Math.abs(share)));
  return el("span", { class: "ramp", style: `background: linear-gradient(to right in oklab, ${stops.join(", ")})` });
}

/** A bar from `zero` to a share of its width, all in [0, 1]. */
export function bar(className = "") {
  const fill_ = el("i", {});
  const node = el("span", { class: `bar ${className}` }, fill_);
  return {
    node,
    set(/** @type {number} */ from, /** @type {number} */ to) {
      fill_.style.left = `${Math.min(from, to) * 100}%`;
      fill_.style.width = `${Math.abs(to - from) * 100}%`;
    },
  };
}

/**
 * Buttons of which one is on; arrow keys go from one to the next, as in a group of radio buttons.
 * @param {string[]} labels
 * @param {number} start
 * @param {(i: number) => void} onChange
 * @param {string} name
 */
export function chips(labels, start, onChange, name) {
  const node = el("div", { class: "chips", role: "radiogroup", "aria-label": name });
  const buttons = labels.map((label, i) =>
    el("button", { type: "button", role: "radio", onclick: () => choose(i) }, label));
  node.append(...buttons);
  arrowKeys(node, buttons, (i) => choose(i));
  function choose(/** @type {number} */ i) {
    mark(buttons, i);
    onChange(i);
  }
  mark(buttons, start);
  return { node, mark: (/** @type {number} */ i) => mark(buttons, i) };
}

/**
 * One of the buttons is checked, and the one that Tab leads to.
 * @param {HTMLElement[]} buttons
 * @param {number | null} chosen
 */
export function mark(buttons, chosen) {
  buttons.forEach((button, i) => {
    button.setAttribute("aria-checked", String(i === chosen));
    button.tabIndex = i === (chosen ?? 0) ? 0 : -1;
  });
}

/**
 * Arrow keys move the focus, and choose.
 * @param {HTMLElement} node
 * @param {HTMLElement[]} buttons
 * @param {(i: number) => void} choose
 */
export function arrowKeys(node, buttons, choose) {
  /** @type {Record<string, number>} */
  const STEP = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  node.addEventListener("keydown", (event) => {
    const step = STEP[event.key];
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    if (!step || at < 0) return;
    event.preventDefault();
    const to = (at + step + buttons.length) % buttons.length;
    choose(to);
    buttons[to].focus();
  });
}
