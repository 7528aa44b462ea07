// Putting the step view together. Knows nothing of Streamlit: `host` is how it speaks to its page.
//
// host.start   where to start: step, over, layer, head
// host.onMove  (state, byHand = true) => void, after each change
// host.act     (what) => void: something that needs the model

/** @import { StepsCtx, StepsHost, StepsPayload } from "./types.js" */
/** @import { Changed } from "../shared/types.js" */
import { el, watchSize } from "../shared/dom.js";
import { parsePayload } from "../shared/payload.js";
import { readTheme } from "../shared/theme.js";
import { wordGroups } from "../shared/tokens.js";
import { createCandidates } from "./candidates.js";
import { createForks } from "./forks.js";
import { createPlayer, runningSums, weightsOf } from "./player.js";
import { createRecord } from "./record.js";
import { createSceneStrip } from "./scene.js";
import { createSourceStrip, createTargetStrip } from "./strips.js";
import { createTransport, listenToSteps } from "./transport.js";
import { createWords } from "./words.js";

/**
 * @param {HTMLElement | ShadowRoot} root
 * @param {Uint8Array} bytes
 * @param {StepsHost} host
 */
export function mountSteps(root, bytes, host) {
  const payload = read(bytes);
  /** @type {Omit<StepsCtx, "theme" | "attention">} */
  const known = { payload, player: createPlayer(payload, host.start), trace: () => ctx.payload.traces[0], act: (what) => host.act(what) };
  const ctx = /** @type {StepsCtx} */ (known); // theme and attention come with the first painting
  const view = el("div", { class: "lens steps", "data-testid": "steps", role: "group", tabindex: "-1", "aria-label": "Steps of decoding" });
  const parts = {
    transport: createTransport(ctx, createRecord(ctx)), source: createSource(ctx), target: createTargetStrip(ctx),
    candidates: createCandidates(ctx), words: createWords(ctx), forks: createForks(ctx),
  };
  view.append(parts.transport.node, parts.source.node, parts.target.node,
    el("div", { class: "two" }, parts.candidates.node, parts.words.node), parts.forks.node);
  root.append(view);

  function paint(/** @type {Changed} */ changed) {
    const start = performance.now();
    if (changed.has("theme")) {
      ctx.theme = readTheme(view, ctx.payload.palette);
      for (const [kind, colour] of Object.entries(ctx.payload.palette.kinds)) view.style.setProperty(`--${kind}`, colour);
    }
    if (["data", "over", "layer", "head"].some((name) => changed.has(name))) ctx.attention = attentionOf(ctx);
    for (const part of Object.values(parts)) part.paint(changed);
    publishStep(view, ctx);
    view.dataset.paintedMs = (performance.now() - start).toFixed(3);
  }

  ctx.player.subscribe((changed, byHand) => {
    paint(changed);
    host.onMove(ctx.player.get(), byHand);
  });
  const unlisten = listenToSteps(ctx, view, parts.candidates.force);
  const resized = watchSize(view, () => paint(new Set(["theme"]))); // large type may come after the numbers
  paint(new Set(["data", "theme"]));

  return {
    id: () => ctx.payload.id,
    state: ctx.player.get,
    set: ctx.player.set,
    rebind: (/** @type {Partial<StepsHost>} */ next) => Object.assign(host, next),
    theme: () => paint(new Set(["theme"])),
    /** Other numbers: the step stays. */
    update(/** @type {Uint8Array} */ next) {
      ctx.payload = read(next);
      ctx.player.replaceData(ctx.payload);
      paint(new Set(["data", "theme"]));
      host.onMove(ctx.player.get(), false);
    },
    destroy() {
      ctx.player.stop();
      unlisten();
      resized.disconnect();
      view.remove();
    },
  };
}

/**
 * The words of a text, or the picture or sound that was read; data of the other kind may come later.
 * @param {StepsCtx} ctx
 */
function createSource(ctx) {
  const [words, scene] = [createSourceStrip(ctx), createSceneStrip(ctx)];
  return {
    node: el("div", {}, words.node, scene.node),
    paint(/** @type {Changed} */ changed) {
      const seen = Boolean(ctx.trace().scene);
      [words.node.hidden, scene.node.hidden] = [seen, !seen];
      (seen ? scene : words).paint(changed);
    },
  };
}

/**
 * @param {Uint8Array} bytes
 */
function read(bytes) {
  return /** @type {StepsPayload} */ (parsePayload(bytes));
}

/**
 * The weights that are shaded, and the sums behind the coverage bars.
 * @param {StepsCtx} stepsCtx
 */
function attentionOf({ player, trace }) {
  const { cross, decoder_self: self } = trace().attention;
  const weights = weightsOf(cross, player.get());
  const covered = runningSums(weights, cross.columns);
  const groups_ = wordGroups(trace().src);
  const final = covered.subarray((cross.rows - 1) * cross.columns);
  const most = Math.max(...groups_.map((tokens) => tokens.reduce((sum, j) => sum + final[j], 0)));
  return { cross: weights, self: weightsOf(self, player.get()), covered, top: Math.max(2, Math.ceil(most)) };
}

/**
 * For checks from outside: what is on the screen now.
 * @param {HTMLElement} view
 * @param {StepsCtx} ctx
 */
function publishStep(view, ctx) {
  const { step } = ctx.player.get();
  view.dataset.step = String(step);
  view.dataset.token = ctx.trace().tgt_out.pieces[step];
  view.dataset.probability = String(ctx.payload.steps.probability[step]);
  view.dataset.output = ctx.trace().output;
}
