// The tokens that the model weighed at this step, as bars. Pressing one forces it.

/** @import { Candidate, StepNumbers, StepsCtx } from "./types.js" */
/** @import { Changed } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { probability } from "../shared/format.js";

/**
 * @param {StepsCtx} ctx
 */
export function createCandidates(ctx) {
  const list = el("ol", { class: "candidates" });
  const note = el("p", { class: "note" });
  const field = el("input", { type: "text", name: "token", autocomplete: "off", "aria-label": "Another token or words to force", placeholder: "or type what it must write here" });
  const form = el("form", { class: "row", onsubmit: type }, field, el("button", { type: "submit" }, "Force"));
  const said = el("p", { class: "said-wrong", role: "alert" });
  const others = othersRow();
  const node = el("section", { class: "panel", "aria-label": "Candidates" },
    el("h3", {}, "What it could write next"), note, list, form, said);
  /** @type {ReturnType<typeof candidateRow>[]} */
  let rows = [];

  function type(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    if (!field.value.trim()) return;
    ctx.act({ do: "type", prefix: before(ctx), text: field.value });
    field.value = "";
  }

  function build() {
    const most = Math.max(...ctx.payload.steps.candidates.map((one) => one.length));
    rows = Array.from({ length: most }, (_, i) => candidateRow(i, () => force(i)));
    list.replaceChildren(...rows.map((row) => row.node), others.node);
    list.classList.toggle("reshaped", ctx.payload.steps.reshaped);
  }

  function force(/** @type {number} */ i) {
    const one = ctx.payload.steps.candidates[ctx.player.get().step][i];
    if (one && !one.never) ctx.act({ do: "fork", prefix: [...before(ctx), one.id], step: ctx.player.get().step });
  }

  return {
    node,
    force,
    paint(/** @type {Changed} */ changed) {
      if (changed.has("data")) build();
      const { steps } = ctx.payload;
      const { step } = ctx.player.get();
      const found = steps.candidates[step];
      const written = ctx.trace().tgt_out.ids[step];
      note.textContent = sayBars(steps);
      said.textContent = ctx.payload.said || "";
      rows.forEach((row, i) => row.show(found[i], found[i]?.id === written, steps.forced.includes(step)));
      others.show(steps, found);
    },
  };
}

/**
 * @param {StepNumbers} stepNumbers
 */
function sayBars({ d_vocab: size, reshaped }) {
  const bars = reshaped
    ? "Upper bar: the model's own probability; lower bar: what the strategy draws from, after reshaping."
    : "Bars: the model's own probabilities, 0 to 1.";
  return `${bars} Out of ${size.toLocaleString("en")} tokens; press one to force it and see what follows.`;
}

/** The rest of the vocabulary together, so that the bars are seen to make 1. */
function othersRow() {
  const [rank, bar, drawnBar, p, drawn] = ["rank", "bar", "bar drawn", "p", "p drawn"].map((name) => el("span", { class: name }));
  const node = el("li", {}, el("div", { class: "candidate others" }, rank, el("span", { class: "label" }, "all others"),
    el("span", { class: "bars", "aria-hidden": "true" }, bar, drawnBar), el("span", { class: "numbers" }, p, drawn), el("span", { class: "tag" })));
  return {
    node,
    show(/** @type {StepNumbers} */ { d_vocab: size, reshaped }, /** @type {Candidate[]} */ found) {
      const rest = (/** @type {number[]} */ shares) => Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0));
      const [own, cut] = [rest(found.map((one) => one.p)), rest(found.map((one) => one.drawn ?? 0))];
      node.hidden = size <= found.length;
      rank.textContent = (size - found.length).toLocaleString("en");
      bar.style.width = `${100 * own}%`;
      p.textContent = probability(own < 5e-7 ? 0 : own); // what seven digits of the others leave over
      drawnBar.style.width = `${reshaped ? 100 * cut : 0}%`;
      drawn.textContent = reshaped ? probability(cut < 5e-7 ? 0 : cut) : "";
    },
  };
}

/**
 * The ids written before the step that is shown.
 * @param {StepsCtx} ctx
 */
export function before(ctx) {
  return ctx.trace().tgt_out.ids.slice(0, ctx.player.get().step);
}

/**
 * @param {number} i
 * @param {() => void} onpress
 */
function candidateRow(i, onpress) {
  const [rank, label, tag] = [el("span", { class: "rank" }), el("span", { class: "label" }), el("span", { class: "tag" })];
  const [bar, drawnBar] = [el("span", { class: "bar" }), el("span", { class: "bar drawn" })];
  const [p, drawn] = [el("span", { class: "p" }), el("span", { class: "p drawn" })];
  const button = el("button", { type: "button", class: "candidate", onclick: onpress },
    rank, label, el("span", { class: "bars", "aria-hidden": "true" }, bar, drawnBar), el("span", { class: "numbers" }, p, drawn), tag);
  const node = el("li", {}, button);
  return {
    node,
    show(/** @type {Candidate | undefined} */ one, /** @type {boolean} */ chosen, /** @type {boolean} */ forced) {
      node.hidden = !one;
      if (!one) return;
      rank.textContent = String(one.rank);
      label.textContent = one.label;
      bar.style.width = `${100 * one.p}%`;
      p.textContent = probability(one.p);
      drawnBar.style.width = `${100 * (one.drawn || 0)}%`;
      drawn.textContent = one.drawn === undefined ? "" : one.drawn === 0 ? "out" : probability(one.drawn);
      tag.textContent = chosen ? (forced ? "forced" : "chosen") : "";
      button.classList.toggle("chosen", chosen);
      button.disabled = Boolean(one.never);
      button.title = one.never ? "The model never writes this token" : `Force “${one.label}” here${i < 8 ? ` (key ${i + 1})` : ""}`;
    },
  };
}
