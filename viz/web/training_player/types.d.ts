// A training seen again: one sentence at every kept step.

import type { Ctx, Patch, State, Store } from "../shared/heads/types.js";
import type { Block, Kind, Palette, Payload, ShownTrace, Tokens } from "../shared/types.js";

/** The sentence at one step, as the pictures of the lens take it. */
export interface Frame extends ShownTrace {
  step: number;
}

interface Line {
  name: string;
  short: string;
  step: number[];
  values: number[];
}

export interface Recording {
  id: string;
  palette: Palette;
  source: string;
  target: string;
  src: Tokens;
  tgt_in: Tokens;
  tgt_out: Tokens;
  steps: number[];
  outputs: string[];
  attention: Record<Kind, Block>;
  loss: number[];
  /** Alignment error of each head of cross-attention at each step; null where it is not known. */
  errors: Float32Array[] | null;
  bestErrors: number[];
  measured: string;
  /** What the history is of, in a word. */
  noun: string;
  /** The rows that the error is about: "reads" or "writes". */
  row: string | null;
  links: [row: number, col: number, sure: boolean][];
  curve: { step: number[]; loss: number[]; share: Line };
  even: boolean;
  quiet: boolean;
  frames: Frame[];
  kinds: Kind[];
  /** Index of the last step. */
  last: number;
}

export interface PlayerState extends State {
  /** Index of the step that is shown, and of the one beside it. */
  at: number;
  other: number | null;
  truth: boolean;
  playing: boolean;
}

export interface PlayerPayload extends Payload {
  traces: Frame[];
}

/** Where the player is, for an address. */
export interface Where {
  kind: Kind;
  layer: number;
  head: number;
  /** null: the last step. */
  step: number | null;
  versus: number | null;
}

/** Where to start; what comes from an address is text. */
export interface Start {
  kind?: Kind;
  layer?: number | string;
  head?: number | string;
  step?: number | string | null;
  versus?: number | string | null;
}

export interface PlayerHost {
  selection?: Start;
  /** After each change that an address should carry. */
  onSelect?: ((where: Where, byHand?: boolean) => void) | null;
}

export interface PlayerCtx extends Ctx<PlayerState> {
  payload: PlayerPayload;
  /** The step that the slider is at, alone. */
  single: PlayerPayload;
  recording: Recording;
  host: PlayerHost;
}

export type PlayerPatch = Patch<PlayerState>;
export type PlayerStore = Store<PlayerState>;
