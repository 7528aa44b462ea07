// The lens and the page that it is on.

import type { Ctx, Place, State, View } from "../shared/heads/types.js";
import type { Changed, Kind, Painted, Payload } from "../shared/types.js";

/** How the lens speaks to its page; what is absent cannot be done there. */
export interface Host {
  /** Where to start, by the names of a state or of the address. */
  selection?: Record<string, unknown>;
  /** After each change of the selection or of a switch. */
  onSelect?: ((state: State, byHand?: boolean) => void) | null;
  /** The weights ("pattern") or the raw scores of a layer are wanted. */
  request?: (wanted: { kind: Kind; layer: number; what: "pattern" | "scores" }) => void;
  /** Put a second source beside the first; "" for none. */
  compare?: (text: string) => void;
  /** Something was cut or painted, as items of the text of edits, while this was selected. */
  edit?: (items: string[], state: State) => void;
  /** The address of what is shown. */
  link?: () => string;
  /** The head that shows what the text's example is about, and what that is. */
  example?: { kind: Kind; layer: number; head: number; note: string } | null;
}

/** What cuts and paints. */
export interface Hand extends Painted {
  /** What came of an act, and what is held; it stands in the readout. */
  note: HTMLElement;
  /** Takes a key; true when it was one of its own. */
  key(event: KeyboardEvent): boolean;
  /** Let the heatmap of a trace be painted on. */
  attach(stage: HTMLElement, placeAt: (event: MouseEvent) => Place | null, trace: number): void;
  /** The model has written again, or will not: what was painted is no draft any longer. */
  clear(): void;
  /** Put the row under the hand into the views, before they are drawn. */
  overlay(views: View[], state: State): void;
  paint(changed: Changed): void;
}

export interface LensCtx extends Ctx {
  payload: Payload & { compare?: string; seconds?: string[] };
  host: Host;
  hand: Hand;
  /** Draw the pictures anew, with a row as the hand has it. */
  repaint(): void;
}
