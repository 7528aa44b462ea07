// What a decoding is made of, step by step.

import type { Changed, Palette, Payload, ShownTrace, Theme } from "../shared/types.js";

export type Over = "all" | "layer" | "head";

/** Which step is shown, and whose attention. */
export interface PlayState {
  step: number;
  over: Over;
  layer: number;
  head: number;
  playing: boolean;
}

export type PlayPatch = { [Name in keyof PlayState]?: PlayState[Name] | string };

export interface Player {
  get(): PlayState;
  set(patch: PlayPatch): void;
  go(step: number): void;
  hear(step: number): void;
  toggle(): void;
  subscribe(listener: (changed: Changed, byHand: boolean) => void): void;
  replaceData(payload: StepsPayload, patch?: PlayPatch): void;
  stop(): void;
}

export interface Candidate {
  id: number;
  label: string;
  p: number;
  rank: number;
  /** The probability that the strategy draws from, where it is not the model's own. */
  drawn?: number;
  /** No strategy writes it. */
  never?: boolean;
}

/** One entry a step. */
export interface StepNumbers {
  probability: number[];
  log_prob: number[];
  rank: number[];
  entropy: number[];
  source_share: number[];
  candidates: Candidate[][];
  d_vocab: number;
  reshaped: boolean;
  finished: boolean;
  /** The steps that were forced. */
  forced: number[];
}

export interface Branch {
  prefix: number[];
  /** The steps that were forced. */
  forced: number[];
  depth: number;
  step: number;
  tokens: { labels: string[]; special: boolean[] };
  text: string;
  log_prob: number;
  finished: boolean;
  current: boolean;
}

export interface Comparison {
  other: number[];
  step: number | null;
  heads: [kind: "decoder_self" | "cross", layer: number, head: number, distance: number][];
}

export interface StepsPayload extends Payload {
  palette: Palette;
  steps: StepNumbers;
  branches: Branch[];
  comparison: Comparison | null;
  address?: Record<string, string | number | null>;
  go?: { step: number; count: number };
  said?: string;
  strategy?: unknown;
}

/** The weights that are shaded, and the sums behind the coverage bars. */
export interface Shaded {
  cross: Float64Array;
  self: Float64Array;
  covered: Float64Array;
  top: number;
}

export interface StepsHost {
  /** Where to start. */
  start: PlayPatch;
  /** After each change. */
  onMove(state: PlayState, byHand?: boolean): void;
  /** Something that needs the model. */
  act(what: Record<string, unknown>): void;
}

export interface StepsCtx {
  payload: StepsPayload;
  theme: Theme;
  attention: Shaded;
  player: Player;
  trace(): ShownTrace;
  act(what: Record<string, unknown>): void;
}
