// The drawing pad in Streamlit: a stroke that ends sends the whole drawing as a picture.

import { mountWith } from "../shared/streamlit.js";
import { mountPad } from "./pad.js";
import css from "./pad.css";

/** @typedef {{key: string, clear: number, help: string}} PadData */

/** @type {Map<string, {strokes: import("./pad.js").Stroke[], clear: number}>} for the way back from another page */
const kept = new Map();

export const mount = mountWith(css, (/** @type {import("../shared/streamlit.js").Call<PadData>} */ call) => {
  const { key, help } = call.data;
  let { setStateValue } = call;
  let { clear } = call.data;
  const before = kept.get(key);
  const pad = mountPad(call.parentElement, {
    strokes: before?.clear === clear ? before.strokes : [],
    help,
    drawn(strokes, picture) {
      kept.set(key, { strokes, clear });
      setStateValue("drawing", picture);
    },
  });
  return {
    again(next) {
      ({ setStateValue } = next);
      if (next.data.clear !== clear) pad.forget(); // another source was chosen
      ({ clear } = next.data);
    },
    close: pad.close,
  };
});
