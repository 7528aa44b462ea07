// The pictures inside a head, in Streamlit: what the header asks for is drawn; a new theme draws again.

/** @import { Header, Place } from "./types.js" */
/** @import { Palette, Theme } from "../shared/types.js" */
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
/** @type {Map<string, Theme>} */
const THEMES = new Map();

export const mount = mountWith(css, (call) => {
  /** @type {Place} */
  const shown = {
    parent: call.parentElement, node: null, width: 0, memory: {}, data: call.data, choose: () => {}, paint: null,
    observer: new ResizeObserver(() => {
      if (shown.node && Math.abs(shown.node.clientWidth - shown.width) > 8) draw(shown);
    }),
  };
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
      if (shown.node) NEAR.unobserve(shown.node);
      shown.node?.remove();
    },
  };
});

/** @type {WeakMap<Element, () => void>} */
const WAITING = new WeakMap();

const NEAR = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    NEAR.unobserve(target);
    WAITING.get(target)?.();
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
  const theme = THEMES.get(key) ?? readTheme(root, palette);
  THEMES.set(key, theme);
  return theme;
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
  const stages = (/** @type {HTMLElement | null} */ node) =>
    [...(node?.querySelectorAll(".stage, .attention") || [])].map((one) => /** @type {HTMLElement} */ (one));
  const focused = stages(shown.node).indexOf(/** @type {HTMLElement} */ (shown.parent.activeElement));
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
    WAITING.set(root, () => { root.style.minHeight = ""; shown.paint?.(); });
  } else shown.paint();
  shown.observer.disconnect();
  shown.observer.observe(root);
}

/**
 * The header with typed arrays in place of offsets; −∞, and what a mask closes, is hatched.
 * @param {Uint8Array} bytes
 * @returns {Header}
 */
function readParts(bytes) {
  const { header, buffer, start } = splitPayload(bytes);
  for (const part of header.parts) {
    const size = part.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    const values = new Float32Array(buffer, start + part.offset, size);
    const shut = part.role === "mask" ? 0 : -Infinity;
    part.values = values;
    part.mask = values.includes(shut) || part.role === "mask" ? Uint8Array.from(values, (value) => (value === shut ? 0 : 1)) : null;
  }
  return header;
}
