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
/** @type {Record<keyof Where, string>} */
const NAMES = { kind: "kind", layer: "layer", head: "head", step: "train_step", versus: "train_versus" };

export const mount = mountWith(look + own, ({ parentElement, data }) => {
  let { quiet } = splitPayload(data).header;
  const player = mountPlayer(parentElement, data, {
    onSelect: onSelect(quiet), selection: quiet ? lastHead : fromAddress(),
  });
  const unlisten = address.onRestored(() => { if (!quiet) player.restore(fromAddress()); });
  return {
    again(next) {
      const told = splitPayload(next.data).header;
      quiet = told.quiet;
      player.rebind({ onSelect: onSelect(quiet) });
      if (player.id() === told.id) player.theme();
      else player.update(next.data);
    },
    close() {
      unlisten();
      const { kind, layer, head } = player.address();
      if (quiet) lastHead = { kind, layer, head };
      player.destroy();
    },
  };
});

/**
 * Have the address kept; a training under way has none.
 * @param {boolean} quiet
 * @returns {((where: Where, byHand?: boolean) => void) | undefined}
 */
function onSelect(quiet) {
  if (quiet) return undefined;
  return (where, byHand = true) => address.change(
    Object.fromEntries(Object.entries(NAMES).map(([name, short]) => [short, where[/** @type {keyof Where} */ (name)]])),
    { push: byHand },
  );
}

/** @returns {Start} */
function fromAddress() {
  const entries = Object.entries(NAMES).map(([name, short]) => [name, address.get(short)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== ""));
}
