// Putting the recording together: what the model writes, the timeline, every head, the chosen one.

/** @import { PlayerCtx, PlayerHost, PlayerPatch, PlayerState, PlayerStore, Recording, Start } from "./types.js" */
/** @import { Changed, Kind } from "../shared/types.js" */
import { largestShapes } from "../shared/axes.js";
import { el, svg, watchSize } from "../shared/dom.js";
import { capital, clamp, number } from "../shared/format.js";
import { createHeatmap } from "../shared/heads/heatmap.js";
import { headAction, listenToKeys } from "../shared/heads/keys.js";
import { createReadout } from "../shared/heads/readout.js";
import { DEFAULTS, createStore } from "../shared/heads/store.js";
import { createThumbs } from "../shared/heads/thumbs.js";
import { NOTHING, computeViews } from "../shared/heads/view.js";
import { KIND_NAMES, KIND_TABS } from "../shared/kinds.js";
import { readTheme } from "../shared/theme.js";
import { bestHead, errorOf, frameOf, isStep, parseRecording, payloadOf, startHead, stepName } from "./recording.js";
import { createTimeline } from "./timeline.js";

const BEAT = 700; // milliseconds a frame while playing

/**
 * @param {HTMLElement | ShadowRoot} root
 * @param {Uint8Array} bytes
 * @param {PlayerHost} host
 */
export function mountPlayer(root, bytes, host = {}) {
  const recording = parseRecording(bytes);
  const known = { recording, host, palette: recording.palette, views: [], difference: null };
  const ctx = /** @type {PlayerCtx} */ (/** @type {unknown} */ (known)); // the theme comes with the first painting
  const start = host.selection || {};
  const first = { ...placesOf(recording, start), truth: true, playing: false, ...startHead(recording, start) };
  show(first);
  ctx.store = /** @type {PlayerStore} */ (createStore(ctx.payload, first));
  ctx.store.set(first); // with what the lens has no name for
  ctx.content = (changed) => ["data", "theme", "size", "kind", "layer", "head", "heads", "rows", "scale"].some((n) => changed.has(n));
  ctx.shapes = () => largestShapes(ctx.payload.traces);
  ctx.scoresNote = () => "";
  const go = (/** @type {number} */ at) => ctx.store.set({ at: clamp(at, 0, ctx.recording.last), playing: false });

  const lens = el("div", { class: "lens player", "data-testid": "training-player", role: "region", tabindex: "-1",
    "aria-label": "A training, step by step" });
  const overview = Object.create(ctx, { // of the step that the slider is at, also while two are compared
    payload: { get: () => ctx.single },
    views: { get: () => [ctx.views[ctx.payload.traces.indexOf(ctx.single.traces[0])]] },
  });
  const bar = createBar(ctx);
  const timeline = createTimeline(ctx, go);
  const thumbs = createThumbs(overview);
  const readout = createReadout(ctx);
  ctx.stats = thumbs.stats;
  const said = createSaid(ctx);
  const panels = createStages(ctx);
  const caption = el("header", { class: "caption" }, el("h2", {}), el("p", { class: "note" }));
  lens.append(el("div", { class: "recording" },
    el("div", { class: "when" }, bar.time, said.outputs, timeline.node),
    el("div", { class: "where" }, bar.heads, caption, readout.node, panels.node),
    said.numbers,
    thumbs.node));
  root.append(lens);
  const parts = [timeline, thumbs, readout, said, panels, bar];

  function show(/** @type {{at: number, other: number | null}} */ { at, other }) {
    ctx.single = payloadOf(ctx.recording, at, null);
    ctx.payload = other === null ? ctx.single : payloadOf(ctx.recording, at, other);
  }

  function paint(/** @type {Changed} */ changed) {
    const begun = performance.now();
    const state = ctx.store.get();
    lens.style.setProperty("--kind", ctx.palette.kinds[state.kind]);
    if (changed.has("theme")) {
      ctx.theme = readTheme(lens, ctx.palette);
      lens.classList.toggle("presenting", ctx.theme.presenting);
    }
    if (ctx.content(changed)) computeViews(ctx, state);
    for (const part of parts) part.paint(changed);
    if (ctx.content(changed)) sayCaption(caption, ctx, state);
    const { step, output } = ctx.single.traces[0];
    Object.assign(lens.dataset, {
      step, output, kind: state.kind, layer: state.layer, head: state.head, last: ctx.recording.steps[ctx.recording.last],
      frames: ctx.recording.frames.length, paintedMs: (performance.now() - begun).toFixed(3),
    });
  }

  ctx.store.subscribe((changed) => {
    const state = ctx.store.get();
    if (changed.has("at") || changed.has("other")) {
      show(state);
      changed.add("data");
    }
    if (changed.has("playing")) beat();
    paint(changed);
    if (["at", "other", "kind", "layer", "head"].some((name) => changed.has(name))) host.onSelect?.(address(), !state.playing);
  });

  let timer = 0;
  function beat() {
    clearTimeout(timer);
    if (!ctx.store.get().playing) return;
    timer = window.setTimeout(() => {
      const { at } = ctx.store.get();
      ctx.store.set({ at: Math.min(at + 1, ctx.recording.last), playing: at + 1 < ctx.recording.last });
      beat();
    }, BEAT);
  }

  function address() {
    const { kind, layer, head, at, other } = ctx.store.get();
    const versus = other === null ? null : ctx.recording.steps[other];
    const step = at === ctx.recording.last ? null : ctx.recording.steps[at];
    return { kind, layer, head, step, versus };
  }

  const unlisten = listenToKeys(ctx, lens, { thumbs }, headAction);
  const resized = watchSize(lens, () => paint(new Set(["size", "theme"]))); // large type may come after the numbers
  const everything = () => new Set(["data", "theme", "at", ...Object.keys(DEFAULTS)]);
  paint(everything());
  return {
    id: () => ctx.recording.id,
    address,
    rebind: (/** @type {Partial<PlayerHost>} */ next) => Object.assign(host, next),
    theme: () => paint(new Set(["theme"])),
    /** A new recording: at the same step as before; who looks at the last one goes on to the new last. */
    update(/** @type {Uint8Array} */ next) {
      const before = ctx.store.get();
      const [step, end] = [ctx.recording.steps[before.at], before.at === ctx.recording.last];
      const versus = before.other === null ? null : ctx.recording.steps[before.other];
      ctx.recording = parseRecording(next);
      ctx.palette = ctx.recording.palette;
      const places = {
        at: end ? ctx.recording.last : frameOf(ctx.recording, step),
        other: versus === null ? null : frameOf(ctx.recording, versus),
      };
      show(places);
      const kept = ctx.store.get();
      ctx.store.replaceData(ctx.payload);
      ctx.store.set({ ...places, pin: kept.pin, hover: kept.hover });
      paint(everything());
      host.onSelect?.(address(), false);
    },
    /** Step and head as an address says; what it does not say is what one begins with. */
    restore(/** @type {Start} */ read) {
      ctx.store.set({ ...placesOf(ctx.recording, read), playing: false, ...startHead(ctx.recording, read) });
    },
    destroy() {
      clearTimeout(timer);
      unlisten();
      resized.disconnect();
      lens.remove();
    },
  };
}

/**
 * The step that is asked for, else the last one, and the one beside it.
 * @param {Recording} recording
 * @param {Start} start
 */
function placesOf(recording, { step, versus }) {
  return {
    at: isStep(step) ? frameOf(recording, Number(step)) : recording.last,
    other: isStep(versus) ? frameOf(recording, Number(versus)) : null,
  };
}

/**
 * Time: play, back, on, compare. Heads: kind, the true links.
 * @param {PlayerCtx} ctx
 */
function createBar(ctx) {
  const set = (/** @type {PlayerPatch} */ patch) => ctx.store.set(patch);
  const step = (/** @type {number} */ by) => set({ at: clamp(ctx.store.get().at + by, 0, ctx.recording.last), playing: false });
  const play = el("button", { type: "button", class: "play", onclick: () => {
    const { at, playing } = ctx.store.get();
    set(playing ? { playing: false } : { playing: true, at: at === ctx.recording.last ? 0 : at });
  } });
  const button = (/** @type {number} */ by, /** @type {string} */ sign, /** @type {string} */ name) =>
    el("button", { type: "button", "aria-label": name, title: name, onclick: () => step(by) }, sign);
  const [back, on] = [button(-1, "‹", "Step back"), button(1, "›", "Step on")];
  const now = el("output", { class: "now" });
  const versus = el("select", { "aria-label": "Compare with step", onchange: () => {
    set({ other: versus.value === "" ? null : Number(versus.value) });
  } });
  const kinds = /** @type {[Kind, string][]} */ (Object.entries(KIND_TABS));
  const tabs = kinds.map(([kind, name]) =>
    el("button", { type: "button", class: "tab", "data-kind-tab": kind, onclick: () => set({ kind }),
      style: `--kind: ${ctx.palette.kinds[kind]}` }, name));
  const truth = el("input", { type: "checkbox", onchange: () => { set({ truth: truth.checked }); } });
  const truthField = el("label", { class: "field truth" }, truth, "true links");
  let listed = "";
  return {
    time: el("div", { class: "time-bar", role: "toolbar", "aria-label": "Time" }, play, back, on, now,
      el("span", { class: "push" }), el("label", { class: "field" }, el("span", {}, "Compare with"), versus)),
    heads: el("div", { class: "toolbar", role: "toolbar", "aria-label": "What is shown" },
      el("div", { class: "tabs", role: "group", "aria-label": "Kind of attention" }, ...tabs), truthField),
    paint() {
      const state = ctx.store.get();
      const { recording } = ctx;
      play.textContent = state.playing ? "❚❚ Pause" : "▶ Play";
      back.disabled = state.at === 0;
      on.disabled = state.at === recording.last;
      now.replaceChildren(el("b", {}, `Step ${stepName(recording.steps[state.at])}`), ` of ${stepName(recording.steps[recording.last])}`);
      if (listed !== recording.id) {
        versus.replaceChildren(el("option", { value: "" }, "nothing"),
          ...recording.steps.map((one, i) => el("option", { value: String(i) }, `step ${stepName(one)}`)));
        listed = recording.id;
      }
      versus.value = state.other === null ? "" : String(state.other);
      for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.kindTab === state.kind));
      truth.checked = state.truth;
      truthField.hidden = state.kind !== "cross" || !recording.links.length;
    },
  };
}

/**
 * What the model writes at the step, and its numbers there.
 * @param {PlayerCtx} ctx
 */
function createSaid(ctx) {
  const outputs = el("div", { class: "outputs", "aria-live": "polite" });
  const numbers = el("section", { class: "said-at", "aria-label": "At this step" });
  const row = (/** @type {string} */ name, /** @type {string} */ value) => [el("dt", {}, name), el("dd", {}, value)];
  const stepOf = (/** @type {number} */ at) => `Step ${stepName(ctx.recording.steps[at])}`;

  function output(/** @type {number} */ at, /** @type {boolean} */ alone) {
    const { recording } = ctx;
    const right = recording.outputs[at] === recording.target;
    return el("p", { class: right ? "output right" : "output", title: recording.outputs[at] },
      el("span", { class: "note" }, alone ? "The model writes" : stepOf(at)), " ", recording.outputs[at] || "(nothing)");
  }

  function card(/** @type {number} */ at, /** @type {PlayerState} */ state, /** @type {boolean} */ alone) {
    const { recording } = ctx;
    const values = row(`loss on this ${recording.noun}`, `${number(recording.loss[at])} nats per token`);
    if (recording.errors) {
      const best = bestHead(recording, at);
      values.push(...row(`alignment error, best head (L${best.layer} H${best.head})`, number(recording.bestErrors[at])));
      if (state.kind === "cross") {
        values.push(...row(`of the chosen head (L${state.layer} H${state.head})`, number(errorOf(recording, at, state.layer, state.head))));
      }
    }
    return el("div", { class: "card" }, alone ? null : el("h3", {}, stepOf(at)), el("dl", {}, ...values));
  }

  return {
    outputs, numbers,
    paint(/** @type {Changed} */ changed) {
      if (!["data", "kind", "layer", "head", "theme"].some((name) => changed.has(name))) return;
      const state = ctx.store.get();
      const { recording } = ctx;
      const shown = [state.at, state.other].filter((at) => at !== null).sort((a, b) => a - b);
      const alone = shown.length === 1;
      outputs.replaceChildren(...shown.map((at) => output(at, alone)));
      numbers.replaceChildren(
        ...shown.map((at) => card(at, state, alone)),
        el("p", {}, el("span", { class: "note" }, "source "), recording.source),
        el("p", {}, el("span", { class: "note" }, "target given (teacher forcing) "), recording.target),
        ...(recording.errors ? [el("p", { class: "note" },
          `Alignment error: 0 is perfect, measured ${recording.measured}, in the row that ${recording.row} a word.`)] : []),
      );
    },
  };
}

/** @typedef {ReturnType<typeof createHeatmap> & {truth: SVGElement}} Stage a picture with the true links over it */

/**
 * The chosen head at the step, at the other step, and the difference.
 * @param {PlayerCtx} ctx
 */
function createStages(ctx) {
  const node = el("div", { class: "panels" });
  /** @type {Stage[]} */
  let parts = [];
  let built = 0;
  const title = (/** @type {number} */ i) => () => `Step ${stepName(ctx.payload.traces[i].step)}`;
  function build() {
    built = ctx.payload.traces.length;
    const maps = ctx.payload.traces.map((_, i) => createHeatmap(ctx, () => ctx.views[i], title(i)));
    if (built > 1) {
      maps.push(createHeatmap(ctx, () => ctx.difference ?? NOTHING, () => `${title(1)()} minus ${title(0)().toLowerCase()}`));
    }
    parts = maps.map((map) => ({ ...map, truth: svg("svg", { class: "links", "aria-hidden": "true" }) }));
    parts.forEach(({ stage, truth }) => stage.append(truth));
    node.classList.toggle("three", built > 1);
    node.replaceChildren(...parts.map((part) => part.node));
  }
  /** A frame around each cell of the true alignment. */
  function mark(/** @type {Stage} */ { stage, truth }, /** @type {PlayerState} */ state) {
    const [left, top, w, h] = ["left", "top", "w", "h"].map((name) => Number(stage.dataset[name]));
    const shown = state.truth && state.kind === "cross" && Math.min(w, h) > 6;
    truth.replaceChildren(...(shown ? ctx.recording.links : []).map(([row, col, sure]) => svg("rect", {
      class: sure ? "sure" : "possible", x: left + col * w + 2, y: top + row * h + 2, width: w - 4, height: h - 4, rx: 2,
    })));
  }
  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (built !== ctx.payload.traces.length) build();
      for (const part of parts) part.paint(changed);
      if (ctx.content(changed) || changed.has("truth")) parts.forEach((part) => mark(part, ctx.store.get()));
    },
  };
}

/**
 * What one is looking at, and what to look for.
 * @param {HTMLElement} node
 * @param {PlayerCtx} ctx
 * @param {PlayerState} state
 */
function sayCaption(node, ctx, state) {
  const [title, note] = node.children;
  title.textContent = `${capital(KIND_NAMES[state.kind])}, layer ${state.layer}, head ${state.head}: attention weights (pattern)`;
  const rows = state.kind === "encoder_self" ? "" : "Each row is named by the token it reads and the one it is to write: read → written.";
  const seek = state.kind === "cross" && ctx.recording.links.length && state.truth
    ? `Framed cells are the true links, in the row that ${ctx.recording.row} the word: look for the step at which the weight moves into them.`
    : "Look for the step at which the even tint gives way to a line, a column or a block.";
  const all = `The target is given, so that every step has the same rows. ${rows} ${seek}`.replace("  ", " ");
  note.textContent = ctx.theme.presenting ? seek : all;
}
