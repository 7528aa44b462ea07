// The lens in Streamlit. Python sends the traces once; after that, on request, raw scores of one block.

/** @import { State } from "../shared/heads/types.js" */
/** @import { Kind, Payload } from "../shared/types.js" */
/** @import { Call } from "../shared/streamlit.js" */
import * as address from "../shared/address.js";
import { ADDRESS, DEFAULTS, addressOf, pinFrom, stateFrom } from "../shared/heads/store.js";
import { parsePayload } from "../shared/payload.js";
import { mountWith } from "../shared/streamlit.js";
import { mountLens } from "./lens.js";
import css from "../shared/look.css";

/**
 * What Python sends: the traces, or scores alone, and how the page wants the lens.
 * @typedef {Payload & {selection: Record<string, unknown>, heads: Partial<Record<Kind, [number, number]>>, pin: string, follow: boolean, compare?: string, edited?: number, example?: import("./types.js").Host["example"]}} LensHeader
 */

/** What holds where the address says nothing; the head then follows from the text. */
const CHOSEN = Object.fromEntries(Object.keys(ADDRESS).map((name) => [name, DEFAULTS[/** @type {keyof State} */ (name)]]));
/** @type {LensHeader | null} */
let latest = null; // the numbers that came last: an answer with scores alone belongs to them
const PATIENCE = 1_500; // ms after which scores that have not come are asked for again: a run that another replaced answers nothing
let asked = 0;
let reminder = 0;

export const mount = mountWith(css, (call) => {
  const header = receive(call);
  if (!header || !latest) return null;
  const start = () => {
    const said = stateFrom(address.get);
    return { ...firstHead(/** @type {LensHeader} */ (latest), said.kind), ...said };
  };
  const host = { ...hostOf(header, call), selection: start(), link: address.link };
  const lens = mountLens(call.parentElement, latest, host);
  let { edited } = header;
  const unlisten = address.onRestored(() => lens.set({ ...CHOSEN, ...start() }));
  return {
    again(next) {
      const told = receive(next);
      if (!told || !latest) return;
      lens.rebind(hostOf(told, next));
      lens.settle();
      const byHand = told.edited !== edited; // what is edited stays pinned
      edited = told.edited;
      const pin = byHand ? lens.state().pin : pinFrom(latest.pin);
      if (lens.id() !== told.id) lens.update(latest, { ...(address.get("head") ? {} : start()), pin });
      else if (told.scores.size) lens.scores(told.scores);
      else if (told.arrived?.size) lens.layers(told.arrived);
      else lens.theme(); // called again for a new theme, or for nothing
    },
    close() {
      unlisten();
      lens.destroy();
    },
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
 * Where to begin: at the head that Python names, for the kind of attention that the address has or for any.
 * @param {LensHeader} header
 * @param {unknown} kind as the address has it
 * @returns {Record<string, unknown>}
 */
function firstHead({ selection, heads }, kind) {
  const first = heads[/** @type {Kind} */ (kind)];
  return first ? { layer: first[0], head: first[1] } : selection;
}

/**
 * How the lens speaks to its page.
 * @param {LensHeader} header
 * @param {Call<Uint8Array>} given
 */
function hostOf(header, { setStateValue, setTriggerValue }) {
  const edit = (/** @type {string[]} */ items, /** @type {State} */ state) => {
    setTriggerValue("edit", items);
    address.change(addressOf(state), { now: true }); // the pinned cell as well: what comes back is drawn by the address
  };
  return {
    request: (/** @type {{kind: Kind, layer: number, what: string}} */ wanted) => request({ ...wanted, id: header.id }, setStateValue),
    example: header.example,
    onSelect: remember(header, setStateValue),
    compare: header.compare === undefined ? undefined : askFor(setStateValue),
    edit: header.edited === undefined ? undefined : edit,
  };
}

/**
 * Ask for numbers of a block, and again where these are scores that do not come.
 * @param {{kind: Kind, layer: number, what: string, id: string}} wanted
 * @param {Call<Uint8Array>["setStateValue"]} setStateValue
 */
function request(wanted, setStateValue) {
  setStateValue("wanted", { ...wanted, asked });
  clearTimeout(reminder);
  if (wanted.what !== "scores") return;
  reminder = window.setTimeout(() => {
    if (latest?.id !== wanted.id || latest.scores.has(`${wanted.kind}.${wanted.layer}`)) return;
    asked += 1;
    request(wanted, setStateValue);
  }, PATIENCE);
}

/**
 * Have the address kept, without a trip; after a rest have the page drawn anew, if it shows the same head below.
 * @param {LensHeader} header
 * @param {Call<Uint8Array>["setStateValue"]} setStateValue
 * @returns {(state: State, byHand?: boolean) => void}
 */
function remember(header, setStateValue) {
  let timer = 0;
  return (/** @type {State} */ state, push = true) => {
    address.change(addressOf(state), { push });
    if (!header.follow) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => setStateValue("selection", addressOf(state)), 300);
  };
}

/**
 * A second sentence: kept in the address, and run by the page.
 * @param {Call<Uint8Array>["setStateValue"]} setStateValue
 */
function askFor(setStateValue) {
  return (/** @type {string} */ text) => {
    setStateValue("compare", text); // first, as above
    address.change({ compare: text }, { now: true });
  };
}
