// The lens in Streamlit. Python sends the traces once; after that, on request, raw scores of one block.

/** @import { State } from "../shared/heads/types.js" */
/** @import { Kind, Payload } from "../shared/types.js" */
/** @import { Call } from "../shared/streamlit.js" */
import * as address from "../shared/address.js";
import { addressOf, stateFrom } from "../shared/heads/store.js";
import { parsePayload } from "../shared/payload.js";
import { mountWith } from "../shared/streamlit.js";
import { mountLens } from "./lens.js";
import css from "../shared/look.css";

/**
 * What Python sends: the traces, or scores alone, and how the page wants the lens.
 * @typedef {Payload & {selection: Record<string, unknown>, follow: boolean, remember: boolean, compare?: string}} LensHeader
 */

/** @type {Record<string, unknown>} */
let latestState = {}; // where the lens was left, for the way back from another page
/** @type {LensHeader | null} */
let latest = null; // the numbers that came last: an answer with scores alone belongs to them

export const mount = mountWith(css, (call) => {
  const header = receive(call);
  if (!header || !latest) return null;
  const left = header.remember && address.get("head") === null ? latestState : {};
  const selection = { ...header.selection, ...left, ...stateFrom(address.get) };
  const host = { ...hostOf(header, call), selection, link: address.link };
  const lens = mountLens(call.parentElement, latest, host);
  remember(header, null)(lens.state());
  let followed = Boolean(header.follow);
  return {
    again(next) {
      const told = receive(next);
      if (!told || !latest) return;
      lens.rebind(hostOf(told, next));
      if (told.follow && !followed) remember(told, next.setStateValue)(lens.state()); // the page knows no head, or one of before
      followed = Boolean(told.follow);
      if (lens.id() !== told.id) lens.update(latest);
      else if (told.scores.size) lens.scores(told.scores);
      else lens.theme(); // called again for a new theme, or for nothing
    },
    close: lens.destroy,
  };
});

/**
 * What came: new numbers, or scores for those that are here; null, and numbers asked for, where they are not.
 * @param {Call<Uint8Array>} call
 * @returns {LensHeader | null}
 */
function receive({ data, setStateValue }) {
  const header = /** @type {LensHeader} */ (parsePayload(data));
  if (header.traces) {
    if (latest?.id === header.id) header.scores = latest.scores;
    latest = header;
  } else if (latest?.id !== header.id) {
    setStateValue("wanted", null);
    return null;
  }
  return header;
}

/**
 * How the lens speaks to its page.
 * @param {LensHeader} header
 * @param {Call<Uint8Array>} given
 */
function hostOf(header, { setStateValue }) {
  return {
    request: (/** @type {{kind: Kind, layer: number}} */ wanted) => setStateValue("wanted", { ...wanted, id: header.id }),
    onSelect: remember(header, setStateValue),
    compare: header.compare === undefined ? undefined : askFor(setStateValue),
  };
}

/**
 * Keep the page's address, without a trip; tell Python after a rest, if it wants to know.
 * @param {LensHeader} header
 * @param {Call<Uint8Array>["setStateValue"] | null} setStateValue
 */
function remember(header, setStateValue) {
  let timer = 0;
  return (/** @type {State} */ state) => {
    latestState = { ...state, pin: null, hover: null, help: false };
    address.change(addressOf(state));
    if (!header.follow || !setStateValue) return;
    clearTimeout(timer);
    const { kind, layer, head, pin } = state;
    timer = window.setTimeout(() => setStateValue("selection", { kind, layer, head, pin }), 300);
  };
}

/**
 * A second sentence: kept in the address, and run by the page.
 * @param {Call<Uint8Array>["setStateValue"]} setStateValue
 */
function askFor(setStateValue) {
  return (/** @type {string} */ text) => {
    address.change({ compare: text });
    setStateValue("compare", text);
  };
}
