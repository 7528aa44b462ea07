// The toolbar: what is always in reach, and the folded rest.

/** @import { LensCtx } from "./types.js" */
/** @import { Patch, State } from "../shared/heads/types.js" */
/** @import { Changed, Kind } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { glossOf } from "../shared/gloss.js";
import { HEADS, MEASURES } from "../shared/heads/view.js";
import { KIND_NAMES, KIND_TABS } from "../shared/kinds.js";
import { createCompare } from "./compare.js";
import { createSaveMenu } from "./save.js";
import { closeOutside } from "../shared/menu.js";

const UNITS = { words: ["pieces", "whole words"], positions: ["single positions", "four positions together"] };
const POOLED = {
  words: "Whole words: weights of a word's keys are summed, of its queries averaged.",
  positions: "Four positions together: weights of their keys are summed, so that rows still total 1; of their queries averaged.",
};

/**
 * @param {LensCtx} ctx
 */
export function createControls(ctx) {
  const set = (/** @type {Patch} */ patch) => ctx.store.set(patch);
  const kinds = /** @type {[Kind, string][]} */ (Object.entries(KIND_TABS));
  const tabs = kinds.map(([kind, name]) =>
    el("button", {
      type: "button", class: "tab", "data-kind-tab": kind, onclick: () => set({ kind }),
      style: `--kind: ${ctx.palette.kinds[kind]}`, ...glossOf(KIND_NAMES[kind]),
    }, name),
  );
  const layer = stepper("Layer", "layer", (by) => set({ layer: ctx.store.get().layer + by }));
  const head = stepper("Head", "head", (by) => set({ head: ctx.store.get().head + by, heads: "one" }));
  const measure = choice("Measure", Object.fromEntries(
    Object.entries(MEASURES).map(([value, { pick }]) => [value, pick]),
  ), (value) => set({ measure: value }));
  const heads = choice("Heads", HEADS, (value) => set({ heads: value }));
  const unit = choice("Shown as", { pieces: "pieces", words: "whole words" }, (v) => set({ unit: v }));
  const special = choice("Special tokens", { shown: "shown", hidden: "hidden" }, (v) => set({ special: v }));
  const rows = choice("Rows named by", { both: "both tokens: read → written", reads: "the token a step reads", writes: "the token it writes" }, (v) => set({ rows: v }));
  const scale = choice("Colour scale", { fixed: "fixed, 0 to 1", head: "this head, 0 to its largest" }, (v) => set({ scale: v }));
  const limit = el("input", {
    type: "range", min: "0", max: "1", step: "0.01", "aria-label": "Threshold for lines",
    oninput: () => { set({ threshold: Number(limit.value) }); },
  });
  const limitText = el("output", {});
  const notes = el("p", { class: "note" });
  const folded = closeOutside(el(
    "details",
    { class: "more-controls" },
    el("summary", {}, "More"),
    el("div", { class: "fold" },
      unit.node, special.node, rows.node, scale.node,
      el("label", { class: "field" }, "Lines from", el("span", { class: "row" }, limit, limitText)),
      notes),
  ));
  const save = createSaveMenu(ctx);
  const compare = createCompare(ctx);
  const help = el("button", {
    type: "button", class: "plain", "aria-label": "Keyboard help", title: "Keyboard help (key ?)",
    onclick: () => set({ help: true }),
  }, "?");
  const node = el(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "What is shown" },
    el("div", { class: "tabs", role: "group", "aria-label": "Kind of attention" }, ...tabs),
    layer.node, head.node, measure.node, heads.node,
    el("span", { class: "tail" }, compare.node, folded, save, help),
  );

  function sayNotes(/** @type {State} */ state) {
    const lines = [];
    const view = ctx.views[0];
    if (state.measure !== "weights") lines.push("Grouping, special tokens and scale: for weights only.");
    if (state.unit === "words") lines.push(POOLED[ctx.payload.traces[0].scene ? "positions" : "words"]);
    if (view.hidden) {
      lines.push(`Hidden special columns take ${number(view.hidden.mean)} of a row on average, ` +
        `at most ${number(view.hidden.max)}.`);
    }
    return lines.join(" ");
  }

  return {
    node, notes: sayNotes,
    close() {
      const open = [...node.querySelectorAll("details")].filter((details) => details.open);
      open.forEach((details) => { details.open = false; });
      return open.length > 0;
    },
    paint(/** @type {Changed} */ changed) {
      const state = ctx.store.get();
      compare.paint(changed);
      const { layers, heads: count } = ctx.payload.traces[0].attention[state.kind];
      for (const tab of tabs) {
        tab.hidden = !ctx.payload.kinds.includes(/** @type {Kind} */ (tab.dataset.kindTab));
        tab.setAttribute("aria-pressed", String(tab.dataset.kindTab === state.kind));
      }
      layer.show(state.layer, layers);
      head.show(state.heads === "one" ? state.head : state.heads, count);
      for (const [name, { input }] of Object.entries({ measure, heads, unit, special, rows, scale })) {
        input.value = String(state[/** @type {keyof State} */ (name)]);
      }
      const seen = Boolean(ctx.payload.traces[0].scene);
      [...unit.input.options].forEach((option, i) => { option.textContent = UNITS[seen ? "positions" : "words"][i]; });
      const weights = state.measure === "weights";
      [unit, special, scale].forEach((field) => { field.input.disabled = !weights; });
      rows.input.disabled = state.kind === "encoder_self";
      limit.value = String(state.threshold);
      limitText.textContent = number(state.threshold);
      if (ctx.content(changed)) notes.textContent = sayNotes(state);
    },
  };
}

/**
 * @param {string} label
 * @param {Record<string, string>} options
 * @param {(value: string) => void} onpick
 */
function choice(label, options, onpick) {
  const input = el(
    "select",
    { onchange: () => { onpick(input.value); } },
    ...Object.entries(options).map(([value, name]) => el("option", { value }, name)),
  );
  return { input, node: el("label", { class: "field" }, el("span", {}, label), input) };
}

/**
 * @param {string} label
 * @param {string} name in the glossary
 * @param {(by: number) => void} step
 */
function stepper(label, name, step) {
  const value = el("output", {});
  const button = (/** @type {number} */ by, /** @type {string} */ sign, /** @type {string} */ word) =>
    el("button", { type: "button", "aria-label": `${word} ${label.toLowerCase()}`, onclick: () => step(by) }, sign);
  const [less, more] = [button(-1, "‹", "previous"), button(1, "›", "next")];
  return {
    node: el("span", { class: "stepper", role: "group", "aria-label": label }, el("span", glossOf(name), label), less, value, more),
    show(/** @type {number | string} */ now, /** @type {number} */ count) {
      value.textContent = String(now);
      less.disabled = now === 0;
      more.disabled = now === count - 1;
    },
  };
}
