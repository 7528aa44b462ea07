// The step view in Streamlit.

/** @import { PlayPatch, PlayState } from "./types.js" */
/** @import { Call } from "../shared/streamlit.js" */
import * as address from "../shared/address.js";
import { splitPayload } from "../shared/payload.js";
import { mountWith } from "../shared/streamlit.js";
import { mountSteps } from "./steps.js";
import look from "../shared/look.css";
import own from "./steps.css";

/** @type {{id: string, state: PlayPatch}} */
const LEFT = { id: "", state: {} }; // id of the numbers -> where their view was left, for the way back to it
const SETTLE = 200; // milliseconds of rest before the address is written: browsers limit how often

export const mount = mountWith(look + own, (call) => {
  const writer = createAddressWriter();
  const begun = headerOf(call);
  const view = mountSteps(call.parentElement, call.data, {
    act: actOf(call), start: startOf(LEFT.id === begun.id ? LEFT.state : {}), onMove: writer.write,
  });
  writer.write(view.state());

  function headerOf(/** @type {Call<Uint8Array>} */ { data }) {
    const { header } = splitPayload(data);
    writer.also = header.address || {};
    return header;
  }

  return {
    again(next) {
      const header = headerOf(next);
      view.rebind({ act: actOf(next) });
      if (view.id() === header.id) view.theme(); // for a new theme, or for nothing
      else view.update(next.data);
      writer.write(view.state());
    },
    close() {
      writer.stop();
      Object.assign(LEFT, { id: view.id(), state: { ...view.state(), playing: false } });
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

/**
 * Where to start: the address wins; a link that names a head shows this head.
 * @param {PlayPatch} start
 */
function startOf(start) {
  const found = { ...start };
  for (const name of /** @type {const} */ (["step", "over", "layer", "head"])) {
    const asked = address.get(name);
    if (asked) found[name] = asked;
  }
  if (!address.get("over") && address.get("head")) found.over = "head";
  return found;
}

/** Keeps the page's address: step and heads are ours, `also` is what the page adds. */
function createAddressWriter() {
  let timer = 0;
  const now = (/** @type {PlayState} */ { step, over, layer, head }) => address.change({
    ...writer.also, step: step || null, over: over === "all" ? null : over,
    layer: over === "all" ? null : layer, head: over === "head" ? head : null, kind: null,
  });
  const writer = {
    also: {},
    write(/** @type {PlayState} */ state) {
      clearTimeout(timer);
      timer = window.setTimeout(() => now(state), SETTLE);
    },
    stop: () => clearTimeout(timer),
  };
  return writer;
}
