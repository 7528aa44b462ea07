// A second sentence beside the first: its field, folded. The page runs it; the lens only asks.

/** @import { LensCtx } from "./types.js" */
/** @import { Changed } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { closeOutside } from "../shared/menu.js";

/**
 * @param {LensCtx} ctx
 */
export function createCompare(ctx) {
  const field = el("input", {
    type: "text", "aria-label": "Second sentence", autocomplete: "off", spellcheck: "false",
    placeholder: "the same sentence with one other word",
  });
  const said = el("p", { class: "note" });
  const stop = el("button", { type: "button", onclick: () => ask("") }, "Stop comparing");
  const form = el(
    "form",
    { class: "fold", onsubmit: (/** @type {SubmitEvent} */ event) => { event.preventDefault(); ask(field.value.trim()); } },
    el("label", { class: "field tall" }, el("span", {}, "Second sentence"), field),
    el("span", { class: "row" }, el("button", { type: "submit" }, "Compare"), stop),
    said,
  );
  const summary = el("summary", {}, "Compare");
  const node = closeOutside(el(
    "details",
    { class: "compare", ontoggle: () => { if (node.open) field.focus(); } },
    summary, form,
  ));

  function ask(/** @type {string} */ text) {
    node.open = false;
    summary.focus();
    ctx.host.compare?.(text);
  }

  function saySecond() {
    const [first, second] = ctx.payload.traces;
    if (!second) return "Same head, same scale, one pointer.";
    const alike = /** @type {const} */ (["src", "tgt_in"]).every((name) => first[name].ids.length === second[name].ids.length);
    return alike
      ? "Same head, same scale, one pointer; the difference stands beside."
      : "Same head, same scale, one pointer. There is a difference only where both have the same " +
        "number of tokens.";
  }

  return {
    node,
    paint(/** @type {Changed} */ changed) {
      node.hidden = !ctx.host.compare;
      if (!changed.has("data")) return;
      const { compare } = ctx.payload;
      if (!node.open) field.value = compare || "";
      stop.hidden = !compare;
      node.classList.toggle("on", Boolean(compare));
      said.textContent = saySecond();
    },
  };
}
