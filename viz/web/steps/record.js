// Steps to take along: every number of every step, as CSV or JSON.

/** @import { StepsCtx } from "./types.js" */
import { el } from "../shared/dom.js";
import { saveText } from "../shared/download.js";
import { csvText } from "../shared/format.js";
import { closeOutside } from "../shared/menu.js";
import { overName } from "./player.js";

/**
 * @param {StepsCtx} ctx
 */
export function createRecord(ctx) {
  const item = (/** @type {string} */ label, /** @type {() => void} */ onclick) => el("button", { type: "button", onclick }, label);
  const menu = closeOutside(el("details", { class: "save" }, el("summary", {}, "Save"),
    el("div", { class: "fold" },
      item("Steps as CSV", () => saveText(stepsCsv(ctx), "text/csv", "headlight-steps.csv")),
      item("Steps as JSON", () => saveText(stepsJson(ctx), "application/json", "headlight-steps.json")))));
  menu.addEventListener("focusout", (event) => {
    if (!menu.contains(/** @type {Node | null} */ (event.relatedTarget))) menu.open = false;
  });
  return menu;
}

const CSV_NAMES = ["step", "token", "token_id", "forced", "probability", "log_prob", "rank", "entropy", "source_share", "prefix_share", "most_probable", "most_probable_probability"];

/**
 * @param {StepsCtx} ctx
 */
function stepsCsv(ctx) {
  const quote = (/** @type {unknown} */ value) => (typeof value === "string" ? csvText(value) : String(value));
  const lines = stepRecords(ctx).map((one) => [
    one.step, one.token, one.token_id, one.forced, one.probability, one.log_prob, one.rank, one.entropy,
    one.source_share, one.prefix_share, one.candidates[0].token, one.candidates[0].probability,
  ].map(quote).join(","));
  return `${[CSV_NAMES.join(","), ...lines].join("\n")}\n`;
}

/**
 * @param {StepsCtx} ctx
 */
function stepsJson(ctx) {
  const { steps, strategy } = ctx.payload;
  const trace = ctx.trace();
  return JSON.stringify({
    model: trace.model, source: trace.source, output: trace.output, strategy, finished: steps.finished,
    source_tokens: trace.src.pieces, read_tokens: trace.tgt_in.pieces, attention_of: overName(ctx.player.get()),
    log_prob: steps.log_prob.reduce((sum, value) => sum + value, 0), steps: stepRecords(ctx),
  }, null, 1);
}

/**
 * @param {StepsCtx} ctx
 */
function stepRecords(ctx) {
  const { steps } = ctx.payload;
  const { tgt_out: out, src, tgt_in: read } = ctx.trace();
  const { cross, self, covered } = ctx.attention;
  const [s, t] = [src.pieces.length, read.pieces.length];
  const short = (/** @type {Float64Array} */ values) => [...values].map((value) => Number(value.toFixed(6)));
  return out.pieces.map((token, i) => ({
    step: i, token, token_id: out.ids[i], forced: steps.forced.includes(i),
    probability: steps.probability[i], log_prob: steps.log_prob[i], rank: steps.rank[i], entropy: steps.entropy[i],
    source_share: steps.source_share[i], prefix_share: Number((1 - steps.source_share[i]).toFixed(7)),
    candidates: steps.candidates[i].map(({ id, label, p, rank, drawn }) => ({
      token_id: id, token: label, probability: p, rank, ...(drawn === null ? {} : { drawn_from: drawn }),
    })),
    cross_attention: short(cross.subarray(i * s, (i + 1) * s)),
    self_attention: short(self.subarray(i * t, i * t + i + 1)),
    coverage: short(covered.subarray(i * s, (i + 1) * s)),
  }));
}
