// The lens and the page that it is on.

import type { Ctx, State } from "../shared/heads/types.js";
import type { Kind, Payload } from "../shared/types.js";

/** How the lens speaks to its page; what is absent cannot be done there. */
export interface Host {
  /** Where to start, by the names of a state or of the address. */
  selection?: Record<string, unknown>;
  /** After each change of the selection or of a switch. */
  onSelect?: ((state: State, byHand?: boolean) => void) | null;
  /** Raw scores are wanted. */
  request?: (wanted: { kind: Kind; layer: number }) => void;
  /** Put a second sentence beside the first; "" for none. */
  compare?: (text: string) => void;
  /** Edges are to be cut, as items of the text of edits. */
  cut?: (items: string[]) => void;
  /** The address of what is shown. */
  link?: () => string;
  /** The head that shows what the text's example is about, and what that is. */
  example?: { kind: Kind; layer: number; head: number; note: string } | null;
}

export interface LensCtx extends Ctx {
  payload: Payload & { compare?: string };
  host: Host;
}
