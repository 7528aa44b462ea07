// The picture or the sound that was read, with the attention laid over it, in the place of the source's tokens.

/** @import { LensCtx } from "./types.js" */
/** @import { Draw2D, Scene } from "../shared/types.js" */
/** @import { View } from "../shared/heads/types.js" */
import { small } from "../shared/axes.js";
import { el, sizeCanvas } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { placeIn } from "../shared/heads/heatmap.js";
import { pointerOf, same } from "../shared/heads/store.js";
import { imageOf, whereOn } from "../shared/scene.js";
import { createPlayer } from "../shared/sound.js";

const BARS = 34; // height of the weights above the image
const GAP = 4;

/**
 * @param {LensCtx} ctx
 * @param {number} n which trace
 * @param {Scene} scene
 */
export function createScene(ctx, n, scene) {
  const canvas = el("canvas", { class: "scene", role: "img", "data-testid": "scene" });
  const note = el("p", { class: "note", "data-testid": "scene-note" });
  const player = scene.samples ? createPlayer(scene, paint) : null;
  const node = el("div", { class: "scene-box" }, canvas, el("div", { class: "scene-row" }, player?.node, note));
  let box = { left: 0, width: 1, scale: 1, height: 1 };

  function geometry() {
    const left = scene.kind === "sound" ? small(ctx.theme, 1) * 3.4 : 0;
    const width = Math.max(120, node.clientWidth - left);
    const scale = Math.min(scene.kind === "sound" ? 3 : 4, width / scene.width);
    const height = scene.kind === "sound" ? 110 : scene.height * Math.max(scale, 1.6);
    return { left, width: scene.width * scale, scale, height };
  }

  function paint() {
    if (!ctx.theme) return;
    box = geometry();
    const foot = scene.kind === "sound" ? small(ctx.theme, 1) * 1.5 : 2;
    const context = sizeCanvas(canvas, box.left + box.width + 2, BARS + GAP + box.height + foot);
    const top = BARS + GAP;
    context.imageSmoothingEnabled = scene.kind === "sound";
    context.drawImage(imageOf(scene, ctx.theme), box.left, top, box.width, box.height);
    context.strokeStyle = ctx.theme.border;
    context.strokeRect(box.left + 0.5, top + 0.5, box.width - 1, box.height - 1);
    if (scene.kind === "sound") paintAxes(context, top);
    paintWeights(context, top);
    if (player) paintPlayhead(context, top, player.seconds());
  }

  /** Columns of the page that a position of the encoder stands for. */
  function place(/** @type {number} */ token) {
    const [from, to] = scene.columns[token];
    return { x: box.left + from * box.scale, w: Math.max(1, (to - from) * box.scale) };
  }

  /** The weights of the row under the pointer, else the mean over all rows. */
  function paintWeights(/** @type {Draw2D} */ context, /** @type {number} */ top) {
    const view = ctx.views[n];
    const { kind } = ctx.store.get();
    if (!view || view.missing || kind === "decoder_self" || view.diverging) {
      tell(kind === "decoder_self"
        ? `Decoder self-attention looks at the words written so far, not at the ${scene.kind}.`
        : "Weights are laid over the source; scores are not.");
      return;
    }
    const { row, col } = placeIn(view, pointerOf(ctx.store.get()));
    const weights = weightsOf(view, row);
    const most = Math.max(...weights, 1e-9);
    context.fillStyle = ctx.palette.kinds[kind];
    view.cols.forEach((group, j) => {
      for (const token of group.tokens) {
        const { x, w } = place(token);
        const share = weights[j] / most;
        context.globalAlpha = 0.6 * share;
        context.fillRect(x, top, w, box.height);
        context.globalAlpha = 1;
        context.fillRect(x + 0.5, BARS - BARS * share, Math.max(1, w - 1), BARS * share);
      }
    });
    const own = kind === "encoder_self" && row !== null ? view.rows[row].tokens : [];
    const lit = [...own, ...(col === null ? [] : view.cols[col].tokens)];
    context.strokeStyle = ctx.theme.text;
    context.lineWidth = 2;
    for (const token of lit) {
      const { x, w } = place(token);
      context.strokeRect(x, top + 1, w, box.height - 2);
    }
    context.lineWidth = 1;
    say(view, row, weights, most);
  }

  function say(/** @type {View} */ view, /** @type {number | null} */ row, /** @type {number[]} */ weights, /** @type {number} */ most) {
    const peak = view.cols[weights.indexOf(Math.max(...weights))];
    const whose = row === null ? "mean over all rows" : `row “${view.rows[row].label}”`;
    tell(`Bars and colour: ${whose}; the highest is ${number(most)}, ${whereOn(scene, peak.label)}.`);
  }

  function tell(/** @type {string} */ said) {
    note.textContent = said;
    canvas.setAttribute("aria-label", `The ${scene.kind} that was read, ${scene.columns.length} positions. ${said}`);
  }

  function paintAxes(/** @type {Draw2D} */ context, /** @type {number} */ top) {
    const type = small(ctx.theme, 0.82);
    context.font = `${type}px ${ctx.theme.family}`;
    context.fillStyle = ctx.theme.muted;
    context.textBaseline = "middle";
    context.textAlign = "right";
    let last = Infinity;
    for (const [hertz, row] of scene.hertz ?? []) {
      const y = top + (row / scene.height) * box.height;
      if (Math.abs(last - y) < type) continue; // not over the one before
      context.fillText(hertz < 1000 ? `${hertz} Hz` : `${hertz / 1000} kHz`, box.left - 4, y);
      last = y;
    }
    context.textBaseline = "top";
    context.textAlign = "center";
    const long = scene.seconds ?? 1;
    const step = [0.5, 1, 2, 5].find((one) => (one / long) * box.width > 3 * type) ?? 10;
    for (let tick = 0; tick <= long; tick += step) {
      context.fillText(`${tick} s`, Math.max(box.left + 8, box.left + (tick / long) * box.width - 4), top + box.height + 3);
    }
  }

  function paintPlayhead(/** @type {Draw2D} */ context, /** @type {number} */ top, /** @type {number | null} */ seconds) {
    if (seconds === null) return;
    const x = box.left + (seconds / (scene.seconds ?? 1)) * box.width;
    context.fillStyle = ctx.theme.text;
    context.fillRect(x - 1, top, 2, box.height);
  }

  /** Which position is under the hand: a row of encoder self-attention, a column of cross-attention. */
  function at(/** @type {PointerEvent | MouseEvent} */ event) {
    const view = ctx.views[n];
    const { kind } = ctx.store.get();
    if (!view || view.missing || kind === "decoder_self") return null;
    const area = canvas.getBoundingClientRect();
    const column = (event.clientX - area.left - box.left) / box.scale;
    const token = scene.columns.findIndex(([from, to]) => column >= from && column < to);
    const groups = kind === "encoder_self" ? view.rows : view.cols;
    const found = groups.findIndex((group) => group.tokens.includes(token));
    if (found < 0) return null;
    return kind === "encoder_self" ? { row: found, col: null } : { row: null, col: found };
  }

  canvas.addEventListener("pointermove", (event) => ctx.store.set({ hover: at(event) }));
  canvas.addEventListener("pointerleave", () => ctx.store.set({ hover: null }));
  canvas.addEventListener("click", (event) => {
    const here = at(event);
    if (here) ctx.store.set({ pin: same(here, ctx.store.get().pin) ? null : here });
  });
  return { node, paint };
}

/** @returns {number[]} */
function weightsOf(/** @type {View} */ view, /** @type {number | null} */ row) {
  const n = view.cols.length;
  if (row !== null) return [...view.values.subarray(row * n, (row + 1) * n)];
  const rows = view.rows.length;
  return view.cols.map((_, j) => view.rows.reduce((sum, __, i) => sum + view.values[i * n + j], 0) / rows);
}
