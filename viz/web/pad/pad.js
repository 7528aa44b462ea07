// A pad to draw on with a finger, a pen or a mouse. Knows nothing of Streamlit.
//
// Strokes are kept as points in units of the pad's height, so that they survive another width of the page.

import { el, watchSize } from "../shared/dom.js";

/** @typedef {[number, number][]} Stroke points (x, y); the pad's height is 1 */

/**
 * @typedef {object} PadHost
 * @property {Stroke[]} strokes what is on it at first
 * @property {string} help one sentence below the pad
 * @property {(strokes: Stroke[]) => void} drawn after each stroke, and when one is taken back
 */

const PEN = 0.085; // width of the line, in heights: that of the digits that the model was trained on
const NEAREST = 0.006; // points nearer than this to the one before are left out

/**
 * @param {ShadowRoot | HTMLElement} root
 * @param {PadHost} host
 */
export function mountPad(root, host) {
  let strokes = host.strokes;
  /** @type {Stroke | null} */
  let open = null;
  const canvas = el("canvas", { "data-testid": "pad", role: "img", "aria-label": "Drawing pad. To use the keyboard, choose an example below." });
  const hint = el("span", { class: "hint", "aria-hidden": "true" }, "Write digits here");
  const undo = el("button", { type: "button", onclick: () => change(strokes.slice(0, -1)), "data-testid": "pad-undo" }, "Undo");
  const clear = el("button", { type: "button", onclick: () => change([]), "data-testid": "pad-clear" }, "Clear");
  const said = el("span", { class: "said", role: "status" });
  const pad = el("div", { class: "pad" },
    el("div", { class: "paper" }, canvas, hint),
    el("div", { class: "row" }, undo, clear, el("span", { class: "note" }, host.help), said));
  root.append(pad);

  const size = () => ({ width: canvas.clientWidth || 1, height: canvas.clientHeight || 1 });

  /** @param {PointerEvent} event @returns {[number, number]} */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.height, (event.clientY - box.top) / box.height];
  }

  function paint() {
    const { width, height } = size();
    const ratio = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const style = getComputedStyle(pad);
    context.strokeStyle = style.getPropertyValue("--border");
    context.lineWidth = ratio;
    for (const y of [0.14, 0.86]) {
      context.beginPath();
      context.moveTo(0, y * canvas.height);
      context.lineTo(canvas.width, y * canvas.height);
      context.stroke();
    }
    const all = open ? [...strokes, open] : strokes;
    trace(context, all, canvas.height, style.color);
    hint.hidden = all.length > 0;
    undo.toggleAttribute("disabled", !strokes.length);
    clear.toggleAttribute("disabled", !strokes.length);
    pad.dataset.strokes = String(strokes.length);
  }

  /** @param {Stroke[]} next */
  function change(next) {
    strokes = next;
    paint();
    said.textContent = next.length ? "" : "The pad is empty.";
    host.drawn(strokes);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || open) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    open = [place(event)];
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!open) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) {
      const [x, y] = place(one);
      const [before, above] = open[open.length - 1];
      if (Math.hypot(x - before, y - above) >= NEAREST) open.push([x, y]);
    }
    paint();
  });
  const end = () => {
    if (!open) return;
    const done = open;
    open = null;
    change([...strokes, done]);
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  pad.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || !strokes.length) return;
    event.preventDefault();
    change(strokes.slice(0, -1));
  });
  const resized = watchSize(pad, paint);
  const dark = new MutationObserver(paint);
  dark.observe(document.documentElement, { attributes: true });
  paint();

  return {
    /** Other strokes, of which nobody is told. */
    show(/** @type {Stroke[]} */ next) {
      strokes = next;
      paint();
    },
    close() {
      resized.disconnect();
      dark.disconnect();
      pad.remove();
    },
  };
}

/**
 * Strokes as round lines through the middles of their points; one point is a dot.
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 * @param {number} height
 * @param {string} colour
 */
function trace(context, strokes, height, colour) {
  context.strokeStyle = colour;
  context.lineWidth = PEN * height;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]) => /** @type {[number, number]} */ ([x * height, y * height]));
    const [first] = points;
    const last = points[points.length - 1];
    context.beginPath();
    context.moveTo(...first);
    for (let i = 1; i < points.length - 1; i += 1) {
      const [[x, y], [nextX, nextY]] = [points[i], points[i + 1]];
      context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    }
    context.lineTo(last[0] + 0.01, last[1]);
    context.stroke();
  }
}
