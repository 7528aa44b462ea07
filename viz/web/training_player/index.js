// The player of a training in Streamlit.

/** @import { Start, Where } from "./types.js" */
import * as address from "../shared/address.js";
import { splitPayload } from "../shared/payload.js";
import { mountWith } from "../shared/streamlit.js";
import { mountPlayer } from "./player.js";
import look from "../shared/look.css";
import own from "./training_player.css";

/** @type {Start} */
let lastHead = {}; // of a training under way: it is mounted anew when it has ended
/** @type {Record<string, Start>} */
const leftAt = {}; // id of a recording -> where it was left, for the way back from another page
/** @type {Record<keyof Where, string>} */
const NAMES = { kind: "kind", layer: "layer", head: "head", step: "train_step", versus: "train_versus" };

export const mount = mountWith(look + own, ({ parentElement, data }) => {
  const { header } = splitPayload(data);
  const onSelect = (/** @type {boolean} */ quiet) => (quiet ? null : keepAddress);
  const player = mountPlayer(parentElement, data, {
    onSelect: onSelect(header.quiet),
    selection: header.quiet ? lastHead : { ...leftAt[header.id], ...fromAddress() },
  });
  let { quiet } = header;
  if (!quiet) keepAddress(player.address());
  return {
    again(next) {
      const told = splitPayload(next.data).header;
      quiet = told.quiet;
      player.rebind({ onSelect: onSelect(quiet) });
      if (player.id() === told.id) player.theme();
      else player.update(next.data);
    },
    close() {
      const { kind, layer, head, step, versus } = player.address();
      if (quiet) lastHead = { kind, layer, head };
      else leftAt[player.id()] = { kind, layer, head, step, versus };
      player.destroy();
    },
  };
});

/**
 * @param {Where} where
 */
function keepAddress(where) {
  address.change(Object.fromEntries(Object.entries(NAMES).map(([name, short]) => [short, where[/** @type {keyof Where} */ (name)]])));
}

/** @returns {Start} */
function fromAddress() {
  const entries = Object.entries(NAMES).map(([name, short]) => [name, address.get(short)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== ""));
}
