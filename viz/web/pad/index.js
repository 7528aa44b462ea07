// The drawing pad in Streamlit: a stroke that ends sends the whole drawing, as the text that links carry.

import * as address from "../shared/address.js";
import { mountWith } from "../shared/streamlit.js";
import { inkOf, strokesOf } from "./ink.js";
import { mountPad } from "./pad.js";
import css from "./pad.css";

/** @typedef {{key: string, clear: number, ink: string, help: string}} PadData */

/** @type {Map<string, {strokes: import("./pad.js").Stroke[], clear: number}>} for the way back from another page */
const kept = new Map();

export const mount = mountWith(css, (/** @type {import("../shared/streamlit.js").Call<PadData>} */ call) => {
  const { key, ink, help } = call.data;
  let { setStateValue } = call;
  let { clear } = call.data;
  const before = kept.get(key);
  const pad = mountPad(call.parentElement, {
    strokes: before?.clear === clear && inkOf(before.strokes) === ink ? before.strokes : strokesOf(ink),
    help,
    drawn(strokes) {
      kept.set(key, { strokes, clear });
      setStateValue("drawing", inkOf(strokes));
    },
  });
  const unlisten = address.onRestored(() => pad.show(strokesOf(address.get("text") ?? ""))); // Back, Forward
  return {
    again(next) {
      ({ setStateValue } = next);
      if (next.data.clear !== clear) pad.show([]); // another source was chosen
      ({ clear } = next.data);
    },
    close() {
      unlisten();
      pad.close();
    },
  };
});
