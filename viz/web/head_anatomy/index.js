// The pictures inside a head, in Streamlit: what the header asks for is drawn; a new theme draws again.

/** @import { Place } from "./types.js" */
/** @import { Palette } from "../shared/types.js" */
/** @import { Call } from "../shared/streamlit.js" */
import { el } from "../shared/dom.js";
import { splitPayload } from "../shared/payload.js";
import { mountWith } from "../shared/streamlit.js";
import { readTheme } from "../shared/theme.js";
import { createLinked } from "./linked.js";
import { createPicker } from "./pick.js";
import { createPlaces } from "./places.js";
import { createStep, stepHeight } from "./step.js";
import css from "./head_anatomy.css";

const VIEWS = { step: createStep, linked: createLinked, pick: createPicker, places: createPlaces };
const THEMES = new Map();

export const mount = mountWith(css, (call) => {
  const shown = { parent: call.parentElement, node: null, width: 0, memory: {} };
  shown.observer = new ResizeObserver(() => {
    if (Math.abs(shown.node.clientWidth - shown.width) > 8) draw(shown);
  });
  const again = (/** @type {Call<Uint8Array>} */ { data, setStateValue }) => {
    shown.choose = (value) => setStateValue("choice", value);
    shown.data = data;
    draw(shown);
  };
  again(call);
  return {
    again,
    close() {
      shown.observer.disconnect();
      NEAR.unobserve(shown.node);
      shown.node.remove();
    },
  };
});

const NEAR = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    NEAR.unobserve(target);
    target.paint();
  }
}, { rootMargin: "700px", scrollMargin: "700px" });

/**
 * Ramps take time to make: one theme serves all pictures that look alike.
 * @param {HTMLElement} root
 * @param {Palette} palette
 */
function themeOf(root, palette) {
  const { backgroundColor, color, fontSize } = getComputedStyle(root);
  const key = [backgroundColor, color, fontSize, palette.kinds.kind].join();
  if (!THEMES.has(key)) THEMES.set(key, readTheme(root, palette));
  return THEMES.get(key);
}

/**
 * Everything anew: a picture is a few milliseconds.
 * @param {Place} shown
 */
function draw(shown) {
  const header = readParts(shown.data);
  const root = el("div", { class: `anatomy ${header.view}`, "data-testid": `head-anatomy-${header.view}` });
  root.style.setProperty("--kind", header.palette.kinds.kind);
  const open = shown.node ? [...shown.node.querySelectorAll("details")].map((one) => one.open) : [];
  const stages = (/** @type {HTMLElement} */ node) => [...(node?.querySelectorAll(".stage, .attention") || [])];
  const focused = stages(shown.node).indexOf(shown.parent.activeElement);
  if (shown.node) {
    NEAR.unobserve(shown.node);
    shown.node.replaceWith(root);
  } else shown.parent.append(root);
  shown.node = root;
  shown.width = root.clientWidth;
  shown.paint = () => {
    shown.paint = null;
    VIEWS[header.view]({ header, theme: themeOf(root, header.palette), choose: shown.choose, memory: shown.memory }, root);
    [...root.querySelectorAll("details")].forEach((one, i) => { one.open = Boolean(open[i]); });
    stages(root)[focused]?.focus({ preventScroll: true }); // the keyboard stays where it was
  };
  if (header.view === "step") { // drawn when it comes near the window; until then its room is kept
    root.style.minHeight = `${stepHeight(header.parts)}px`;
    NEAR.observe(root);
    root.paint = () => { root.style.minHeight = ""; shown.paint?.(); };
  } else shown.paint();
  shown.observer.disconnect();
  shown.observer.observe(root);
}

/**
 * The header with typed arrays in place of offsets; −∞ becomes a mask.
 * @param {Uint8Array} bytes
 */
function readParts(bytes) {
  const { header, buffer, start } = splitPayload(bytes);
  for (const part of header.parts) {
    const size = part.shape.reduce((a, b) => a * b, 1);
    part.values = new Float32Array(buffer, start + part.offset, size);
    const closed = part.values.some((value) => value === -Infinity);
    part.mask = closed ? Uint8Array.from(part.values, (value) => (value === -Infinity ? 0 : 1)) : null;
  }
  return header;
}
