// The tree of forks: walk, compare, cut.

/** @import { Branch, Comparison, StepsCtx } from "./types.js" */
/** @import { Changed } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { number } from "../shared/format.js";

/**
 * @param {StepsCtx} ctx
 */
export function createForks(ctx) {
  const list = el("ul", { class: "forks" });
  const beside = el("div", { class: "beside" });
  const node = el("section", { class: "panel", "aria-label": "Forks" },
    el("h3", {}, "Forks"),
    el("p", { class: "note" }, "Each line is a real continuation, decoded again from the forced token (underlined). Press a line to walk there."),
    list, beside);

  function row(/** @type {Branch} */ branch) {
    const { prefix, forced, step, current } = branch;
    const labels = branch.tokens.labels;
    const from = branch.depth ? step : 0;
    const words = labels.slice(from).map((label, i) => {
      const given = forced.includes(from + i) ? " forced" : "";
      return el("span", { class: `cell${branch.tokens.special[from + i] ? " special" : ""}${given}` }, label);
    });
    const act = (/** @type {string} */ what) => () => ctx.act({ do: what, prefix });
    const walk = el("button", { type: "button", class: "walk", "aria-pressed": String(current), onclick: act("walk"), title: branch.text },
      el("span", { class: "note" }, branch.depth ? `from step ${step}` : "nothing forced"), " ",
      el("span", { class: "words-line" }, ...words));
    return el("li", { style: `--depth:${branch.depth}` }, walk,
      el("span", { class: "total" }, `log p ${number(branch.log_prob)}${branch.finished ? "" : ", cut off"}`),
      el("span", { class: "row" },
        el("button", { type: "button", disabled: current, onclick: act("compare"), title: "Compare with the branch that is shown" }, "Compare"),
        el("button", { type: "button", disabled: !branch.depth, onclick: act("cut"), title: "Remove this branch and all that fork from it" }, "Remove")));
  }

  function build() {
    const { branches } = ctx.payload;
    node.hidden = branches.length < 2;
    list.replaceChildren(...branches.map(row));
    const parts = comparison(ctx);
    beside.hidden = !parts;
    beside.replaceChildren(...(parts || []));
  }

  return { node, paint: (/** @type {Changed} */ changed) => { if (changed.has("data")) build(); } };
}

/**
 * Two branches: both texts, both sums of log-probabilities, and the heads that tell them apart.
 * @param {StepsCtx} ctx
 */
function comparison(ctx) {
  const { comparison: found, branches } = ctx.payload;
  if (!found) return null;
  const shown = branches.find((branch) => branch.current);
  const other = branches.find((branch) => branch.prefix.join() === found.other.join());
  if (!shown || !other) return null;
  const line = (/** @type {string} */ name, /** @type {Branch} */ branch) => el("div", { class: "side-by-side" },
    el("span", { class: "note" }, name),
    el("span", { class: "words-line" }, ...branch.tokens.labels.map((label, i) =>
      el("span", { class: `cell${found.step !== null && i >= found.step ? " apart" : ""}${i === found.step ? " parts" : ""}` }, label))),
    el("span", { class: "total" }, `log p ${number(branch.log_prob)}`));
  const gap = shown.log_prob - other.log_prob;
  return [
    el("div", { class: "row spread" }, el("h3", {}, "Two branches"),
      el("button", { type: "button", onclick: () => ctx.act({ do: "close" }) }, "Close")),
    line("shown", shown), line("other", other),
    el("p", { class: "note" }, sayParting(found, gap)),
    ...headBars(ctx, found),
  ];
}

/**
 * @param {Comparison} comparison
 * @param {number} gap
 */
function sayParting({ step }, gap) {
  if (step === null) return "Both write the same.";
  const more = gap >= 0 ? "more" : "less";
  return `They part at step ${step}. The one shown is ${more} probable by ${number(Math.abs(gap))} nats.`;
}

/**
 * @param {StepsCtx} ctx
 * @param {Comparison} comparison
 */
function headBars(ctx, { step, heads }) {
  if (!heads.length || step === null) return [el("p", { class: "note" }, "No heads are compared: one of them ends where they part, or they never part.")];
  const rows = heads.map(([kind, layer, head, distance]) =>
    el("li", {}, el("button", {
      type: "button", class: `candidate ${kind}`, title: "Shade by this head, at this step",
      onclick: () => ctx.player.set({ over: "head", layer, head, step: step + 1, playing: false }),
    }, el("span", { class: "label" }, `${kind === "cross" ? "cross" : "decoder self"} L${layer} H${head}`),
    el("span", { class: "bars", "aria-hidden": "true" }, el("span", { class: "bar", style: `width:${100 * distance}%` })),
    el("span", { class: "numbers" }, el("span", { class: "p" }, number(distance))))));
  return [
    el("h4", {}, `Heads that differ most at step ${step + 1}, the first that reads the difference`),
    el("p", { class: "note" }, "½ Σ |α − β| of their attention weights: 0 the same, 1 nothing in common. Press one to see its attention."),
    el("ol", { class: "candidates heads" }, ...rows),
  ];
}
