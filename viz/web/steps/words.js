// The step in words and numbers.

/** @import { StepsCtx } from "./types.js" */
import { el } from "../shared/dom.js";
import { number, probability } from "../shared/format.js";
import { stepCount } from "./player.js";

const SHARE_NOTE =
  "Counted by ALTI+ (Ferrando et al. 2022). In each attention block of encoder and decoder, the share of an " +
  "input is how much nearer its transformed vector brings one to the block’s output, by the 1-norm. Shares are " +
  "carried from block to block: those of source positions add up to the source, those of tokens read so far to the " +
  "text before it. The feed-forward blocks are left out.";

/**
 * @param {StepsCtx} ctx
 */
export function createWords(ctx) {
  const lead = el("p", { class: "lead", "aria-live": "polite" });
  const facts = el("dl", { class: "facts" });
  const share = { cross: el("span", { class: "part cross" }), self: el("span", { class: "part self" }) };
  const shareText = el("p", {});
  const node = el("section", { class: "panel words", "aria-label": "In words" },
    el("h3", {}, "This step"), lead, facts,
    el("h4", {}, "Where it came from"),
    el("div", { class: "share-line", "aria-hidden": "true" }, share.cross, share.self), shareText,
    el("details", { class: "explain" }, el("summary", {}, "How is this counted?"), el("p", { class: "note" }, SHARE_NOTE)));
  const [p, rank, surprise, entropy] = ["Probability", "Rank", "−log p", "Entropy"].map((name) => {
    const value = el("dd", {});
    facts.append(el("div", {}, el("dt", {}, name), value));
    return value;
  });

  return {
    node,
    paint() {
      const { steps } = ctx.payload;
      const { step } = ctx.player.get();
      const fromSource = steps.source_share[step];
      lead.textContent = sayStep(ctx, step);
      p.textContent = probability(steps.probability[step]);
      rank.textContent = `${steps.rank[step].toLocaleString("en")} of ${steps.d_vocab.toLocaleString("en")}`;
      surprise.textContent = `${number(-steps.log_prob[step])} nats`;
      entropy.textContent = `${number(steps.entropy[step])} of ${number(Math.log(steps.d_vocab))} nats`;
      share.cross.style.width = `${100 * fromSource}%`;
      share.self.style.width = `${100 * (1 - fromSource)}%`;
      shareText.textContent = `Source ${number(fromSource)} · text before it ${number(1 - fromSource)}`;
    },
  };
}

/**
 * @param {StepsCtx} ctx
 * @param {number} step
 */
function sayStep(ctx, step) {
  const { steps } = ctx.payload;
  const token = `“${ctx.trace().tgt_out.labels[step]}”`;
  const best = steps.candidates[step][0];
  const rather = steps.rank[step] > 1 ? `; most probable is “${best.label}” with ${probability(best.p)}` : "";
  if (steps.forced.includes(step)) return `Step ${step} is forced to write ${token}${rather}.`;
  const ends = step === stepCount(ctx.payload) - 1 && !steps.finished ? " Here it was cut off, without an end token." : "";
  return `Step ${step} writes ${token}${rather}.${ends}`;
}
