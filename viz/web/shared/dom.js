// Making elements. Text always becomes a text node, never markup.

/** @import { Draw2D } from "./types.js" */
import { ARROW } from "./tokens.js";


const SVG = "http://www.w3.org/2000/svg";

/**
 * Attributes, and listeners as `onclick` and its like; null, undefined and false are left out.
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => unknown)>} Props
 */

/** @typedef {Node | string | null | undefined} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} props
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} props
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/**
 * @template {Element} E
 * @param {E} node
 * @param {Props} props
 * @param {Child[]} children
 */
function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * What a canvas is drawn with.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function drawOn(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("This browser does not draw on a canvas.");
  return context;
}

/**
 * Give a canvas a size in CSS pixels, backed by as many device pixels; returns its context.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sizeCanvas(canvas, width, height, ratio = window.devicePixelRatio || 1) {
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = drawOn(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * Cut a text so that it fits, with an ellipsis.
 * @param {Draw2D} context
 * @param {string} text
 * @param {number} width
 */
export function fitText(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let n = text.length;
  while (n > 1 && context.measureText(`${text.slice(0, n)}…`).width > width) n -= 1;
  return `${text.slice(0, n)}…`;
}

/**
 * Cut a name so that it fits; of “read → written” both halves, so that each keeps its beginning.
 * @param {Draw2D} context
 * @param {string} name
 * @param {number} width
 */
export function fitName(context, name, width) {
  const [read, written] = name.split(ARROW);
  if (written === undefined || context.measureText(name).width <= width) return fitText(context, name, width);
  const room = width - context.measureText(ARROW).width;
  const [a, b] = [read, written].map((half) => context.measureText(half).width);
  const first = Math.min(a, Math.max(room / 2, room - b));
  return fitText(context, read, first) + ARROW + fitText(context, written, room - first);
}

/**
 * Call back when the width really changed, while it is on the page: what was taken off has no style to read.
 * @param {HTMLElement} lens
 * @param {() => void} changed
 */
export function watchSize(lens, changed) {
  let width = lens.clientWidth;
  const observer = new ResizeObserver(() => {
    if (!lens.isConnected || lens.clientWidth === width) return;
    width = lens.clientWidth;
    changed();
  });
  observer.observe(lens);
  return observer;
}
