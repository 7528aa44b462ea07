// The step view in Streamlit.

/** @import { PlayPatch, PlayState } from "./types.js" */
/** @import { Call } from "../shared/streamlit.js" */
import * as address from "../shared/address.js";
import { splitPayload } from "../shared/payload.js";
import { mountWith } from "../shared/streamlit.js";
import { mountSteps } from "./steps.js";
import look from "../shared/look.css";
import seen from "../shared/seen.css";
import own from "./steps.css";

export const mount = mountWith(look + seen + own, (call) => {
  const view = mountSteps(call.parentElement, call.data, { act: actOf(call), start: start(), onMove: keep });
  const unlisten = address.onRestored(() => view.set(start()));
  return {
    again(next) {
      view.rebind({ act: actOf(next) });
      if (view.id() === splitPayload(next.data).header.id) view.theme(); // for a new theme, or for nothing
      else view.update(next.data);
    },
    close() {
      unlisten();
      view.destroy();
    },
  };
});

/**
 * @param {Call<Uint8Array>} given
 */
function actOf({ setTriggerValue }) {
  return (/** @type {Record<string, unknown>} */ what) => setTriggerValue("act", what);
}

/** Step and heads as the address has them. */
function start() {
  const said = (/** @type {string} */ name, /** @type {string} */ usual) => address.get(name) || usual;
  const found = { step: said("step", "0"), over: said("over", "all"), layer: said("layer", "0"), head: said("head", "0") };
  return /** @type {PlayPatch} */ ({ ...found, playing: false });
}

/**
 * What is shown, for the address; a layer or a head that is not shown stays what it is there.
 * @param {PlayState} state
 */
function keep({ step, over, layer, head, playing }, byHand = true) {
  address.change(
    { step: step || null, over, ...(over === "all" ? {} : { layer }), ...(over === "head" ? { head } : {}) },
    { push: byHand && !playing },
  );
}
