// The picture or the sound that was read, lit by what the step reads, in the place of the source's tokens.

/** @import { StepsCtx } from "./types.js" */
/** @import { Changed, Scene } from "../shared/types.js" */
/** @import { Place } from "../shared/seen.js" */
import { el } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { whereOn } from "../shared/scene.js";
import { createSeen } from "../shared/seen.js";
import { createPlayer } from "../shared/sound.js";
import { overName, stepCount } from "./player.js";
import { heading } from "./strips.js";

const NOTE = [
  "Coloured: what this step reads, its largest weight in full colour. Bars: what each place has received so far, over " +
  "all steps up to this one. Look for places that stay empty (left out) or fill up again (said twice).",
  "The weights of a step, cross-attention, add up to 1. Playing a sound goes along with the steps: at each moment the " +
  "last step is shown whose largest weight lies before it.",
];

/**
 * @param {StepsCtx} ctx
 */
export function createSceneStrip(ctx) {
  const title = el("h3", {});
  const head = heading(title, NOTE);
  head.node.querySelector(".scale")?.remove(); // colours are shares of this step's largest weight, as said
  const box = el("div", { class: "scene-box" });
  const said = el("p", { class: "note", "data-testid": "scene-note" });
  const node = el("section", { class: "block", "aria-label": "Source" }, head.node, box, said);
  const playhead = el("i", { class: "head", hidden: true });
  /** @type {ReturnType<typeof createSeen> | null} */
  let seen = null;

  function build(/** @type {Scene} */ scene) {
    const places = scene.columns.map(([from, to]) => /** @type {Place} */ ([from / scene.width, to / scene.width]));
    seen = createSeen(scene, places);
    seen.frame.append(playhead);
    const player = scene.samples ? createPlayer(scene, () => follow(scene, player?.seconds() ?? null)) : null;
    box.replaceChildren(seen.node, ...(player ? [player.node] : []));
    seen.node.style.maxWidth = scene.kind === "picture" ? `${scene.width * 5}px` : "";
  }

  /** Show the step that is heard. */
  function follow(/** @type {Scene} */ scene, /** @type {number | null} */ seconds) {
    playhead.hidden = seconds === null;
    if (seconds === null) return;
    const share = seconds / (scene.seconds ?? 1);
    playhead.style.left = `${100 * share}%`;
    const step = heardBy(peaks(ctx, scene), share);
    if (step !== ctx.player.get().step) ctx.player.hear(step);
  }

  return {
    node,
    paint(/** @type {Changed} */ changed) {
      const { scene } = ctx.trace();
      if (!scene) return;
      if (changed.has("data")) build(scene);
      const { step } = ctx.player.get();
      const n = scene.columns.length;
      const [weights, received] = [ctx.attention.cross, ctx.attention.covered].map((all) => all.subarray(step * n, (step + 1) * n));
      node.style.setProperty("--kind", ctx.payload.palette.kinds.cross);
      seen?.lay(weights, received);
      title.textContent = `Source · step ${step} reads, ${overName(ctx.player.get())}`;
      const { labels } = ctx.trace().src;
      const [top, most] = [weights, received].map((all) => all.indexOf(Math.max(...all)));
      said.textContent = `This step reads most ${whereOn(scene, labels[top])}: ${number(weights[top])}. Received up to step ` +
        `${step}, most ${whereOn(scene, labels[most])}: ${number(received[most])}.`;
    },
  };
}

/**
 * Where each step reads most, as a share of the width.
 * @param {StepsCtx} ctx
 * @param {Scene} scene
 */
function peaks(ctx, scene) {
  const n = scene.columns.length;
  return Array.from({ length: stepCount(ctx.payload) }, (_, step) => {
    const weights = ctx.attention.cross.subarray(step * n, (step + 1) * n);
    return scene.columns[weights.indexOf(Math.max(...weights))][0] / scene.width;
  });
}

/**
 * The step whose place was passed last; the first one before any was.
 * @param {number[]} places
 * @param {number} share
 */
export function heardBy(places, share) {
  return places.reduce((best, place, step) => (place <= share && (places[best] > share || place >= places[best]) ? step : best), 0);
}
