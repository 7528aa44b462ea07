// What one is looking at, and what to look for: said only where it can be seen.

/** @import { LensCtx } from "./types.js" */
/** @import { State } from "../shared/heads/types.js" */
/** @import { Changed, Kind, ShownTrace } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { capital } from "../shared/format.js";
import { term } from "../shared/gloss.js";
import { lookFor } from "../shared/heads/look.js";
import { HEADS, MEASURES } from "../shared/heads/view.js";
import { KIND_NAMES, KIND_TABS } from "../shared/kinds.js";
import { positionsOf } from "../shared/scene.js";

/** The term of the glossary behind each measure. */
const TERMS = { weights: "attention weight", raw: "score", masked: "score", norm: "norm-weighted attention" };

const STEP = "Each row is a decoder step (token read → token written)";

/**
 * What the rows are, and what their cells say.
 * @param {Kind} kind
 * @param {ShownTrace} trace
 */
function lookAt(kind, trace) {
  const { position } = positionsOf(trace);
  if (kind === "decoder_self") return `${STEP}; its cells say how much it attends to the tokens so far.`;
  return `${kind === "cross" ? STEP : `Each row is a ${position}`}; its cells say how much it attends to every ${position}.`;
}

/**
 * @param {LensCtx} ctx
 * @param {{notes(state: State): string}} controls
 */
export function createCaption(ctx, controls) {
  const [title, what, notes] = [el("h2", {}), el("p", { class: "note" }), el("p", { class: "note said-on-screen" })];
  const hint = el("p", { class: "hint" });
  return {
    node: el("header", { class: "caption" }, title, what, hint, notes),
    paint(/** @type {Changed} */ changed) {
      if (!ctx.content(changed)) return;
      const state = ctx.store.get();
      title.replaceChildren(...titled(state));
      what.textContent = lookAt(state.kind, ctx.payload.traces[0]);
      hint.replaceChildren(...hinted(ctx, state));
      hint.hidden = !hint.hasChildNodes();
      notes.textContent = controls.notes(state);
      notes.hidden = !notes.textContent || state.measure !== "weights";
    },
  };
}

/**
 * Cross-attention, layer 1, head 0: attention weights (pattern), each term with its gloss.
 * @param {State} state
 */
function titled({ kind, layer, head, heads, measure }) {
  const ofHeads = heads === "one" ? term("head", `head ${head}`) : HEADS[heads];
  return [
    term(KIND_NAMES[kind], capital(KIND_NAMES[kind])), ", ", term("layer", `layer ${layer}`), ", ", ofHeads, ": ",
    term(TERMS[measure], MEASURES[measure].name),
  ];
}

/**
 * What the text's example is about, at the head that shows it; elsewhere what this head shows, and the way there.
 * @param {LensCtx} ctx
 * @param {State} state
 * @returns {(Node | string)[]}
 */
function hinted({ payload, store, host }, state) {
  const { kind, layer, head, heads, measure } = state;
  if (heads !== "one" || measure !== "weights") return [];
  const example = host.example;
  if (example && kind === example.kind && layer === example.layer && head === example.head) return [`In this example: ${example.note}`];
  const seen = lookFor(payload.traces[0], kind, layer, head);
  if (!example) return [seen];
  const go = () => store.set({ kind: example.kind, layer: example.layer, head: example.head, heads: "one" });
  const name = `${KIND_TABS[example.kind]} L${example.layer} H${example.head}`;
  return [seen, " ", el("button", { type: "button", class: "link", onclick: go }, `${name} shows what this example is about`)];
}
