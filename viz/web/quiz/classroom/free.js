// A question of the teacher's own: what is answered, the words, and what is right.

/** @import { Act, ClassData } from "./types.js" */
import { el } from "../../shared/dom.js";
import { chips } from "../cells.js";

/**
 * @param {Act} act
 * @param {() => void} done
 */
export function freePanel(act, done) {
  let form = 0;
  /** @type {ClassData["forms"]} */
  let forms = [];
  const place = el("div", {});
  const says = el("p", { class: "note" });
  const ask = el("input", { type: "text", "aria-label": "Question", placeholder: "Question (empty: the usual one)", autocomplete: "off" });
  const truth = el("input", { type: "text", "aria-label": "What is right", placeholder: "What is right (may stay empty)", autocomplete: "off" });
  const send = el("form", { class: "line", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    act("free", { form: forms[form].form, ask: ask.value, truth: truth.hidden ? "" : truth.value });
    [ask.value, truth.value] = ["", ""];
    done();
  } }, ask, truth, el("button", { type: "submit", class: "main" }, "Ask the class"));
  const choose = (/** @type {number} */ i) => {
    form = i;
    says.textContent = forms[i].says;
    truth.hidden = !["number", "word"].includes(forms[i].form);
  };
  return {
    node: el("div", { class: "fold" },
      el("p", { class: "note" }, "The questions of Learn have a button “Ask the class” of their own. A free question is about what is on your screen now:"),
      place, says, send),
    paint(/** @type {ClassData} */ data) {
      if (forms.length) return;
      ({ forms } = data);
      place.append(chips(forms.map(({ label }) => label), 0, choose, "What is answered").node);
      choose(0);
    },
  };
}
