// A second source beside the first, typed or chosen of a list: its field, folded. The page runs it; the lens only asks.

/** @import { LensCtx } from "./types.js" */
/** @import { Changed } from "../shared/types.js" */
import { el } from "../shared/dom.js";
import { closeOutside } from "../shared/menu.js";

/**
 * @param {LensCtx} ctx
 */
export function createCompare(ctx) {
  const typed = el("input", {
    type: "text", autocomplete: "off", spellcheck: "false", placeholder: "the same sentence with one other word",
  });
  const listed = el("select", {});
  const called = el("span", {});
  /** @type {HTMLInputElement | HTMLSelectElement} */
  let field = typed;
  const said = el("p", { class: "note" });
  const stop = el("button", { type: "button", onclick: () => ask("") }, "Stop comparing");
  const form = el(
    "form",
    { class: "fold", onsubmit: (/** @type {SubmitEvent} */ event) => { event.preventDefault(); ask(field.value.trim()); } },
    el("label", { class: "field tall" }, called, field),
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
        "number of rows and columns.";
  }

  return {
    node,
    paint(/** @type {Changed} */ changed) {
      node.hidden = !ctx.host.compare;
      if (!changed.has("data")) return;
      const { compare, seconds = [], traces } = ctx.payload;
      called.textContent = `Second ${traces[0].scene?.kind ?? "sentence"}`;
      listed.replaceChildren(...seconds.map((name) => el("option", {}, name)));
      const wanted = seconds.length ? listed : typed;
      if (field !== wanted) field.replaceWith(wanted);
      field = wanted;
      if (!node.open) field.value = compare || seconds[0] || "";
      stop.hidden = !compare;
      node.classList.toggle("on", Boolean(compare));
      said.textContent = saySecond();
    },
  };
}
