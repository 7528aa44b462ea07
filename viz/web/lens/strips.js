// Both sentences as tokens, linked with the pictures.

/** @import { LensCtx } from "./types.js" */
/** @import { Changed, Scene, Tokens } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { probability } from "../shared/format.js";
import { placeIn } from "../shared/heads/heatmap.js";
import { pointerOf } from "../shared/heads/store.js";
import { createScene } from "./scene.js";
import { DOUBT_LEGEND, doubtful } from "../shared/tokens.js";

/**
 * @param {LensCtx} ctx
 */
export function createStrips(ctx) {
  const node = el("section", { class: "strips", "aria-label": "Source and output" });
  /** @type {{node: HTMLElement, trace: number, sequence: "src" | "tgt", i: number}[]} */
  let marks = [];
  /** @type {{paint: () => void}[]} */
  let scenes = [];

  function build() {
    marks = [];
    scenes = [];
    const edited = ctx.payload.traces.some((trace) => trace.edits);
    const lines = ctx.payload.traces.flatMap((trace, n) => {
      if (trace.edits) return [strip("edited output", trace.tgt_out, n, "tgt")]; // of the same source
      const nth = ctx.payload.traces.length > 1 && !edited ? ["first ", "second "][n] : "";
      return [
        trace.scene ? sceneOf(`${nth}source`, trace.scene, n) : strip(`${nth}source`, trace.src, n, "src"),
        strip(`${nth}output`, trace.tgt_out, n, "tgt"),
      ];
    });
    node.replaceChildren(...lines);
    node.classList.toggle("two", ctx.payload.traces.length > 1);
  }

  function strip(/** @type {string} */ name, /** @type {Tokens} */ tokens, /** @type {number} */ trace, /** @type {"src" | "tgt"} */ sequence) {
    const chances = sequence === "tgt" ? ctx.payload.traces[trace].probability : undefined;
    const doubt = (/** @type {number} */ i) => doubtful(chances?.[i]);
    const { new: fresh = [], cut_off: cutOff = false } = sequence === "tgt" ? ctx.payload.traces[trace] : {};
    const spans = tokens.pieces.map((_, i) => {
      const token = el(
        "span",
        {
          class: `${classOf(tokens, i)}${doubt(i) ? " doubt" : ""}${fresh.includes(i) ? " fresh" : ""}`,
          title: chances ? `probability ${probability(chances[i])}` : null,
          onpointerenter: () => point(sequence, i, trace),
          onclick: () => point(sequence, i, trace, "pin"),
        },
        tokens.labels[i],
      );
      marks.push({ node: token, trace, sequence, i });
      return token;
    });
    const line = el("span", { class: "tokens", onpointerleave: () => ctx.store.set({ hover: null }) }, ...spans);
    const said = [chances?.some((_, i) => doubt(i)) && DOUBT_LEGEND, fresh.length && "shaded: new",
      cutOff && "cut off: it did not stop by itself"].filter(Boolean).join("; ");
    const legend = said ? el("span", { class: "note" }, said) : null;
    return el("div", { class: "strip" }, el("span", { class: "what" }, name), line, legend);
  }

  /** What was read, where it is no text. */
  function sceneOf(/** @type {string} */ name, /** @type {Scene} */ scene, /** @type {number} */ n) {
    const made = createScene(ctx, n, scene);
    scenes.push(made);
    return el("div", { class: "strip seen" }, el("span", { class: "what" }, name), made.node);
  }

  /** Pieces of one word stand close together. */
  function classOf(/** @type {Tokens} */ { words, special }, /** @type {number} */ i) {
    const joined = i > 0 && words[i] >= 0 && words[i] === words[i - 1];
    return `token${special[i] ? " special" : ""}${joined ? " joined" : ""}`;
  }

  /** A source token is a column of cross-attention, and a row everywhere else. */
  function point(/** @type {"src" | "tgt"} */ sequence, /** @type {number} */ i, /** @type {number} */ trace, what = "hover") {
    const { kind, rows } = ctx.store.get();
    const view = ctx.views[trace];
    if (view.missing) return;
    const onRows = sequence === "src" ? kind === "encoder_self" : kind !== "encoder_self";
    const groups = onRows ? view.rows : kind === "cross" ? view.cols : null;
    if (!groups) return;
    const shift = sequence === "tgt" && rows === "reads" ? 1 : 0; // the step that reads this token
    const at = groups.findIndex((group) => group.tokens.includes(i + shift));
    if (at < 0) return;
    ctx.store.set({ [what]: onRows ? { row: at, col: null } : { row: null, col: at } });
  }

  /** Light the tokens that the pointer's row and column stand for. */
  function light() {
    const { kind, rows } = ctx.store.get();
    for (const mark of marks) {
      const view = ctx.views[mark.trace];
      const { row, col } = placeIn(view, pointerOf(ctx.store.get()));
      const from = row === null ? [] : view.rows[row].tokens;
      const to = col === null ? [] : view.cols[col].tokens;
      const shift = mark.sequence === "tgt" ? 1 : 0;
      const readHere = (/** @type {number[]} */ list) => list.includes(mark.i + shift);
      const isRow = kind === "encoder_self"
        ? mark.sequence === "src" && from.includes(mark.i)
        : mark.sequence === "tgt" && (rows === "reads" ? readHere(from) : from.includes(mark.i));
      const isCol = kind === "decoder_self"
        ? mark.sequence === "tgt" && readHere(to)
        : mark.sequence === "src" && to.includes(mark.i);
      if ((isRow || isCol) && !mark.node.matches(".from, .to")) bringIntoView(mark.node);
      mark.node.classList.toggle("from", isRow);
      mark.node.classList.toggle("to", isCol);
    }
  }

  /** A long sentence scrolls to its lit token, unless the hand is on that sentence. */
  function bringIntoView(/** @type {HTMLElement} */ token) {
    const line = token.parentElement;
    if (!line || line.scrollHeight <= line.clientHeight || line.matches(":hover")) return;
    line.scrollTop = token.offsetTop - line.offsetTop - line.clientHeight / 2;
  }

  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (changed.has("data")) build();
      light();
      for (const scene of scenes) scene.paint();
    },
  };
}
