// Putting the lens together. Knows nothing of Streamlit: `host` is how it speaks to its page.

/** @import { Host, LensCtx } from "./types.js" */
/** @import { Patch, State } from "../shared/heads/types.js" */
/** @import { Changed, Kind, Painted, Payload, Scores, ShownTrace } from "../shared/types.js" */
import { largestOf, largestShapes } from "../shared/axes.js";
import { el, watchSize } from "../shared/dom.js";
import { createHeatmap } from "../shared/heads/heatmap.js";
import { createHelp, keyAction, listenToKeys } from "../shared/heads/keys.js";
import { createReadout } from "../shared/heads/readout.js";
import { ADDRESS, DEFAULTS, createStore } from "../shared/heads/store.js";
import { createThumbs } from "../shared/heads/thumbs.js";
import { NOTHING, computeViews, headOf } from "../shared/heads/view.js";
import { hasLayer } from "../shared/payload.js";
import { readTheme } from "../shared/theme.js";
import { createCaption } from "./caption.js";
import { createControls } from "./controls.js";
import { createHand } from "./hand.js";
import { createLines } from "./lines.js";
import { createMap } from "./map.js";
import { createStrips } from "./strips.js";

const VIEW_STATE = [
  "data", "theme", "size", "kind", "layer", "head", "measure", "heads", "unit",
  "special", "rows", "scale", "scores", "hand", "layers",
];

/**
 * @param {HTMLElement | ShadowRoot} root
 * @param {Payload} payload
 * @param {Host} host
 */
export function mountLens(root, payload, host = {}) {
  const known = { payload, host, palette: payload.palette, views: [], difference: null };
  const ctx = /** @type {LensCtx} */ (/** @type {unknown} */ (known)); // the theme comes with the first painting
  ctx.store = createStore(payload, host.selection || {});
  ctx.content = (changed) => VIEW_STATE.some((name) => changed.has(name));
  ctx.shapes = () => largestShapes(ctx.payload.traces);
  ctx.largest = () => largestOf(ctx.shapes());
  ctx.scoresNote = () => {
    const byWeights = ["weights", "norm"].includes(ctx.store.get().measure);
    const pooled = ctx.payload.traces.some((trace) => trace.pooled);
    if (pooled && ctx.store.get().measure !== "weights") return "Several frames are one column here: only weights add up, so only they are shown.";
    if (byWeights) return "Fetching the weights of this layer …";
    return host.request
      ? "Fetching the scores of this block …"
      : "The scores are not in this file; weights and norm-weighted attention are.";
  };

  const lens = el("div", { class: "lens", "data-testid": "lens", role: "region", tabindex: "-1",
    "aria-label": "Attention lens" });
  ctx.hand = createHand(ctx);
  const idle = () => (host.edit ? "Click pins it, Escape releases it; drag it up or down to change its weight." : "Click pins it, Escape releases it.");
  const parts = {
    strips: createStrips(ctx), controls: createControls(ctx), map: createMap(ctx),
    thumbs: createThumbs(ctx), readout: createReadout(ctx, { aside: ctx.hand.note, idle }), help: createHelp(ctx),
  };
  ctx.stats = parts.thumbs.stats;
  ctx.repaint = () => paint(new Set(["hand"]));
  const caption = createCaption(ctx, parts.controls);
  const panels = createPanels(ctx);
  const side = el("div", { class: "side" }, parts.map.node, parts.thumbs.node);
  const main = el("div", { class: "main" }, caption.node, el("div", { class: "desk" }, parts.readout.node, ctx.hand.node), panels.node, parts.readout.summary);
  lens.append(parts.strips.node, parts.controls.node, el("div", { class: "bench" }, side, main), parts.help.node);
  root.append(lens);
  const all = [panels, caption, ctx.hand, parts.thumbs, parts.map, parts.readout, parts.controls, parts.strips, parts.help];

  function paint(/** @type {Changed} */ changed) {
    const start = performance.now();
    const state = ctx.store.get();
    lens.style.setProperty("--kind", ctx.palette.kinds[state.kind]);
    if (changed.has("theme")) {
      ctx.theme = readTheme(lens, ctx.palette);
      lens.classList.toggle("presenting", ctx.theme.presenting);
    }
    if (ctx.content(changed)) {
      computeViews(ctx, state);
      ctx.hand.overlay(ctx.views, state);
    }
    for (const part of all) part.paint(changed);
    publish(lens, ctx, state);
    const took = performance.now() - start;
    if (ctx.content(changed)) lens.dataset.paintedMs = took.toFixed(3);
    else lens.dataset.pointerMs = took.toFixed(3);
    performance.measure("lens-paint", { start, duration: took });
  }

  ctx.store.subscribe((changed) => {
    paint(changed);
    askForMissing(ctx);
    if ([...changed].some((name) => name in ADDRESS)) host.onSelect?.(ctx.store.get());
  });
  const unlisten = listenToKeys(ctx, lens, parts, (event, state, view) => (ctx.hand.key(event) ? {} : keyAction(event, state, view)));
  const resized = watchSize(lens, () => paint(new Set(["size", "theme"]))); // large type may come after the numbers
  paint(new Set(["data", "theme", ...Object.keys(DEFAULTS)]));
  askForMissing(ctx);

  return {
    id: () => ctx.payload.id,
    state: ctx.store.get,
    set: ctx.store.set,
    rebind: (/** @type {Partial<Host>} */ next) => Object.assign(host, next),
    theme: () => paint(new Set(["theme"])),
    settle: ctx.hand.clear,
    /** New numbers: what is selected stays, as far as it still exists and the patch says nothing else. */
    update(/** @type {Payload} */ next, /** @type {Patch} */ patch = {}) {
      ctx.hand.clear();
      ctx.payload = next;
      ctx.palette = ctx.payload.palette;
      ctx.store.replaceData(ctx.payload, patch);
      paint(new Set(["data", "theme", ...Object.keys(DEFAULTS)]));
      askForMissing(ctx);
    },
    /** Raw scores that were asked for. */
    scores(/** @type {Scores} */ next) {
      if ([...next.keys()].every((key) => ctx.payload.scores.has(key))) return paint(new Set(["theme"]));
      next.forEach((arrays, key) => ctx.payload.scores.set(key, arrays));
      return paint(new Set(["scores"]));
    },
    /** Weights of layers that were asked for. */
    layers(/** @type {Map<string, Uint16Array[]>} */ next) {
      const fresh = [...next].filter(([key, arrays]) => takeLayer(ctx.payload.traces, key, arrays));
      return paint(new Set([fresh.length ? "layers" : "theme"]));
    },
    destroy() {
      unlisten();
      resized.disconnect();
      lens.remove();
    },
  };
}

/**
 * @param {LensCtx} ctx
 */
function askForMissing(ctx) {
  const { measure, kind, layer } = ctx.store.get();
  if (measure === "raw" || measure === "masked") {
    const pooled = ctx.payload.traces.some((trace) => trace.pooled);
    if (!pooled && !ctx.payload.scores.has(`${kind}.${layer}`)) ctx.host.request?.({ kind, layer, what: "scores" });
    return;
  }
  const away = ctx.payload.traces.some(({ attention: { [kind]: block } }) => block && !hasLayer(block, headOf(block, { layer, head: 0 }).layer));
  if (away) ctx.host.request?.({ kind, layer, what: "pattern" });
}

/**
 * Put the weights of a layer where they belong; true where they were not there yet.
 * @param {ShownTrace[]} traces
 * @param {string} key "kind.layer"
 * @param {Uint16Array[]} arrays
 */
function takeLayer(traces, key, arrays) {
  const [kind, layer] = key.split(".");
  return traces.map(({ attention }, i) => {
    const block = attention[/** @type {Kind} */ (kind)];
    const at = block && headOf(block, { layer: Number(layer), head: 0 }).layer;
    if (!block?.arrived || hasLayer(block, at)) return false;
    block.arrived.set(at, arrays[i].subarray(0, block.heads * block.size));
    return true;
  }).some(Boolean);
}

/**
 * For checks from outside: what is on the screen now.
 * @param {HTMLElement} lens
 * @param {LensCtx} ctx
 * @param {State} state
 */
function publish(lens, ctx, state) {
  lens.dataset.source = ctx.payload.traces[0].source;
  lens.dataset.output = ctx.payload.traces[0].output;
  lens.dataset.edits = ctx.payload.traces.map(({ edits }) => edits?.said ?? "").join("");
  lens.dataset.kind = state.kind;
  lens.dataset.layer = String(state.layer);
  lens.dataset.head = String(state.head);
}

/**
 * Heatmap and lines of every trace, and the difference of two.
 * @param {LensCtx} ctx
 */
function createPanels(ctx) {
  const node = el("div", { class: "panels" });
  /** @type {Painted[]} */
  let parts = [];
  /** @type {HTMLElement | null} */
  let difference = null;
  let built = 0;
  function build() {
    built = ctx.payload.traces.length;
    const name = (/** @type {number} */ i) => () => {
      const { edits, model, source } = ctx.payload.traces[i];
      if (ctx.payload.traces.some((one) => one.model !== model)) return nameOfModel(i);
      if (edits) return `Edited: ${edits.said}`;
      if (ctx.payload.traces.some((one) => one.edits)) return "As trained";
      return built > 1 ? `${["First", "Second"][i]}: ${source}` : "";
    };
    const nameOfModel = (/** @type {number} */ i) => {
      const { attention, model } = ctx.payload.traces[i];
      const { kind, layer, head, heads } = ctx.store.get();
      const at = headOf(attention[kind], { layer, head });
      const which = heads === "one" ? ` H${at.head}` : "";
      return `${["First", "Second"][i]}: ${model}, L${at.layer}${which}`;
    };
    parts = ctx.payload.traces.map((_, i) => {
      const map = createHeatmap(ctx, () => ctx.views[i], name(i));
      ctx.hand.attach(map.stage, map.at, i);
      return map;
    });
    if (built > 1) parts.push(createHeatmap(ctx, () => ctx.difference ?? NOTHING, () => (ctx.payload.traces[1].edits ? "Edited minus as trained" : "Second minus first")));
    parts.push(...ctx.payload.traces.map((_, i) => createLines(ctx, () => ctx.views[i])));
    node.classList.toggle("two", built > 1);
    node.replaceChildren(...parts.map((part) => part.node));
    difference = built > 1 ? /** @type {HTMLElement} */ (parts[2].node) : null;
    difference?.classList.add("difference");
  }
  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (built !== ctx.payload.traces.length) build();
      if (difference && ctx.content(changed)) {
        difference.hidden = !ctx.difference;
        const cell = (node.clientWidth / 3 - 110) / ctx.largest().cols; // beside the others, if it fits
        node.classList.toggle("three", Boolean(ctx.difference) && cell >= 14);
      }
      for (const part of parts) part.paint(changed);
    },
  };
}
