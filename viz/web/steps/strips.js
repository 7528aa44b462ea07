// The source and what was written, token by token: shaded by what the step reads, with bars below.

/** @import { StepsCtx } from "./types.js" */
/** @import { Changed, Kind } from "../shared/types.js" */
import { cssColour, cssGradient } from "../shared/colour.js";
import { el } from "../shared/dom.js";
import { clamp, number, probability } from "../shared/format.js";
import { readable } from "../shared/theme.js";
import { DOUBT_LEGEND, doubtful, wordGroups } from "../shared/tokens.js";
import { overName } from "./player.js";

const COVER_NOTE = [
  "Shaded: what this step reads. Bars: what each word has received so far. Look for words that stay empty " +
  "(left untranslated) or fill up again (said twice).",
  "Shading is cross-attention, 0 to 1. A bar sums the weights of a word over all steps up to this one; the " +
  "dashed line marks 1.000, all the attention of one step.",
];

const READ_NOTE = [
  "Shaded: what this step reads of the text before it. Bars: how much of each step came from the source " +
  "(green) and from that text (orange). Look for steps that lean on the text. Press a token to go to its step.",
  "Shading is decoder self-attention, 0 to 1. The number below a bar is the share that came from the source; " +
  "how it is counted stands beside the candidates.",
];

/**
 * A word of the source, with the bar of what it has received.
 * @typedef {object} Word
 * @property {number[]} tokens
 * @property {string} name
 * @property {boolean} special
 * @property {HTMLElement} node
 * @property {HTMLElement} fill
 * @property {HTMLElement} mark
 * @property {HTMLElement} amount
 */

/**
 * @param {StepsCtx} ctx
 */
export function createSourceStrip(ctx) {
  const line = el("div", { class: "line" });
  const extreme = el("p", { class: "note extreme" });
  const title = el("h3", {});
  const head = heading(title, COVER_NOTE);
  const node = el("section", { class: "block", "aria-label": "Source" }, head.node, line, extreme);
  /** @type {ReturnType<typeof cell>[]} */
  let cells = [];
  /** @type {Word[]} */
  let words = [];

  function build() {
    const { src } = ctx.trace();
    cells = src.labels.map((label, i) => cell(label, src.special[i]));
    words = wordGroups(src).map((tokens) => {
      const fill = el("span", { class: "fill" });
      const amount = el("span", { class: "amount" });
      const mark = el("span", { class: "unit-mark" });
      return { tokens, fill, amount, mark, name: tokens.map((i) => src.surfaces[i]).join("").trim() || src.pieces[tokens[0]],
        special: src.special[tokens[0]],
        node: el("div", { class: "word" },
          el("div", { class: "cells" }, ...tokens.map((i) => cells[i].node)),
          el("div", { class: "track", "aria-hidden": "true" }, fill, mark), amount) };
    });
    line.replaceChildren(...words.map((word) => word.node));
  }

  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (changed.has("data")) build();
      if (changed.has("theme")) head.ramp.style.background = cssGradient(ctx.theme.ramps.cross);
      const { step } = ctx.player.get();
      const { cross, covered, top } = ctx.attention;
      const columns = cells.length;
      title.textContent = `Source · step ${step} reads, ${overName(ctx.player.get())}`;
      cells.forEach((one, j) => shade(one, cross[step * columns + j], "cross", ctx));
      const amounts = words.map(({ tokens }) => tokens.reduce((sum, j) => sum + covered[step * columns + j], 0));
      words.forEach((word, w) => {
        word.fill.style.height = `${(100 * amounts[w]) / top}%`;
        word.mark.style.bottom = `${100 / top}%`;
        word.amount.textContent = number(amounts[w]);
      });
      extreme.textContent = sayExtremes(words, amounts, step);
    },
  };
}

/**
 * @param {{name: string, special: boolean}[]} words
 * @param {number[]} amounts
 * @param {number} step
 */
function sayExtremes(words, amounts, step) {
  const order = words.map((_, w) => w).filter((w) => !words[w].special).sort((a, b) => amounts[a] - amounts[b]);
  if (order.length < 2) return "";
  const [least, most] = [order[0], order[order.length - 1]];
  return `Received up to step ${step}: least “${words[least].name}” ${number(amounts[least])}, ` +
    `most “${words[most].name}” ${number(amounts[most])}.`;
}

/**
 * @param {StepsCtx} ctx
 */
export function createTargetStrip(ctx) {
  const line = el("div", { class: "line" });
  const title = el("h3", {});
  const head = heading(title, READ_NOTE);
  const legend = el("p", { class: "note" });
  const node = el("section", { class: "block", "aria-label": "Target" }, head.node, line, legend);
  /** @type {{one: ReturnType<typeof cell>, node: HTMLElement}[]} */
  let parts = []; // what is read at each position, and last what the final step writes

  function build() {
    const { tgt_in: read, tgt_out: out } = ctx.trace();
    const { forced, source_share: shares, probability: chances } = ctx.payload.steps;
    const last = out.labels.length - 1;
    const marked = forced.length <= last; // a text that was given whole needs no marks
    const labels = [...read.labels, out.labels[last]];
    const special = [...read.special, out.special[last]];
    parts = labels.map((label, i) => {
      const one = cell(label, special[i], i > 0 && marked && forced.includes(i - 1), i > 0 && doubtful(chances[i - 1]));
      const writes = i - 1; // the step that writes what stands here
      const bar = writes < 0 ? null : shareBar(shares[writes]);
      return { one, node: el("button", {
        type: "button", class: "word written", tabindex: "-1",
        title: writes < 0 ? "Where the decoder starts" : `Go to step ${writes}${forced.includes(writes) ? " (forced)" : ""}, probability ${probability(chances[writes])}`,
        onclick: () => ctx.player.go(Math.max(writes, 0)),
      }, el("span", { class: "cells" }, one.node), bar,
      el("span", { class: "amount" }, writes < 0 ? "" : number(shares[writes]))) };
    });
    line.replaceChildren(...parts.map((part) => part.node));
    const marks = [marked && forced.length ? "underlined: forced" : "", chances.some((p) => doubtful(p)) ? DOUBT_LEGEND : ""];
    legend.textContent = marks.filter(Boolean).join("; ");
  }

  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (changed.has("data")) build();
      if (changed.has("theme")) head.ramp.style.background = cssGradient(ctx.theme.ramps.decoder_self);
      const { step } = ctx.player.get();
      const { self } = ctx.attention;
      const columns = parts.length - 1;
      title.textContent = `Written · step ${step} reads what stands before it, ${overName(ctx.player.get())}`;
      parts.forEach(({ one, node: button }, i) => {
        const read = i <= step;
        shade(one, read ? self[step * columns + i] : null, "decoder_self", ctx);
        button.classList.toggle("later", i > step + 1);
        button.classList.toggle("now", i === step + 1);
      });
    },
  };
}

/**
 * @param {number} share
 */
function shareBar(share) {
  return el("span", { class: "track share", "aria-hidden": "true" },
    el("span", { class: "part self", style: `height:${100 * (1 - share)}%` }),
    el("span", { class: "part cross", style: `height:${100 * share}%` }));
}

/**
 * Title, colour bar, what one looks at and what to look for; the rest is folded.
 * @param {Element} title
 * @param {string[]} note
 */
export function heading(title, [short, more]) {
  const ramp = el("span", { class: "ramp" });
  const bar = el("span", { class: "scale note", "aria-hidden": "true" }, "weight 0.000", ramp, "1.000");
  const node = el("header", { class: "heading" }, title, bar,
    el("div", { class: "note lines" }, short, " ",
      el("details", { class: "explain" }, el("summary", {}, "More"), el("p", {}, more))));
  return { node, ramp };
}

/**
 * @param {string} label
 * @param {boolean} special
 * @param {boolean} forced
 * @param {boolean} doubt
 */
function cell(label, special, forced = false, doubt = false) {
  const weight = el("span", { class: "weight" });
  const name = `cell${special ? " special" : ""}${forced ? " forced" : ""}${doubt ? " doubt" : ""}`;
  return { weight, node: el("span", { class: name }, el("span", { class: "label" }, label), weight) };
}

/**
 * Ground and number of a cell; null leaves it blank.
 * @param {{node: HTMLElement, weight: HTMLElement}} cell
 * @param {number | null} value
 * @param {Kind} kind
 * @param {StepsCtx} ctx
 */
function shade({ node, weight }, value, kind, { theme }) {
  if (value === null) {
    node.style.background = "";
    node.style.color = "";
    weight.textContent = "\u2007"; // keeps its line, so that nothing moves
    return;
  }
  const ground = theme.ramps[kind][Math.round(clamp(value, 0, 1) * 255)];
  node.style.background = cssColour(ground);
  node.style.color = readable(ground);
  weight.textContent = probability(value);
}
