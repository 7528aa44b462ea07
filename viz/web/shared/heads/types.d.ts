// What is selected, and what a picture of one head is made of.

import type { Block, Changed, Kind, Palette, Payload, Scene, Scores, Shape, ShownTrace, Theme, Tokens } from "../types.js";

export type Measure = "weights" | "raw" | "masked" | "norm";
export type Heads = "one" | "mean" | "max";
export type Sort = "layer" | "entropy" | "diagonal" | "first";

/** A cell, a row or a column. */
export interface Place {
  row: number | null;
  col: number | null;
}

export interface State {
  kind: Kind;
  layer: number;
  head: number;
  measure: Measure;
  heads: Heads;
  unit: "pieces" | "words";
  special: "shown" | "hidden";
  rows: "both" | "reads" | "writes";
  scale: "fixed" | "head";
  sort: Sort;
  threshold: number;
  pin: Place | null;
  hover: Place | null;
  help: boolean;
}

export type Patch<S = State> = { [Name in keyof S]?: S[Name] | string };

export interface Store<S extends State = State> {
  get(): S;
  set(patch: Patch<S>): void;
  subscribe(listener: (changed: Changed) => void): void;
  replaceData(payload: Payload, patch?: Patch): void;
}

/** Tokens that are one row or one column. */
export interface Group {
  tokens: number[];
  word: number;
  label: string;
  piece: string;
  /** Of a row: how a sentence about it begins. */
  phrase: string;
  special: boolean;
  hide: boolean;
  side: "row" | "column";
}

/** Everything that one picture needs. */
export interface View {
  /** The numbers are not here; everything else is empty. */
  missing: boolean;
  rows: Group[];
  cols: Group[];
  values: Float32Array;
  mask: Uint8Array | null;
  marks: Marks | null;
  measure: Measure;
  /** Ends of the colour scale. */
  low: number;
  high: number;
  diverging: boolean;
  fixed: boolean;
  scaleName: string;
  /** The most rows and columns of any kind. */
  most: Shape;
  /** Weight that hidden columns took. */
  hidden: { mean: number; max: number } | null;
  /** What is taken from what; "" for a map of its own. */
  difference: string;
  /** What the columns are parts of, where that is no text. */
  seen: Scene | null;
  /** Weights that stay as they are while others of their row are painted. */
  held?: { row: number; cols: number[] };
}

/** What edits did to a map: 1 where a cell was cut, and the rows that were set by hand. */
export interface Marks {
  cut: Uint8Array;
  byHand: boolean[];
}

/** Where a heatmap stands in its canvas. */
export interface Box {
  left: number;
  top: number;
  w: number;
  h: number;
  size: number;
  room: number;
  rowRoom: number;
  tall: number;
  pooled?: boolean;
}

export interface HeadStats {
  entropy: number;
  diagonal: number;
  first: number;
  peak: number;
  best: { row: number; col: number; weight: number };
}

/** What the pictures of one page share. */
export interface Ctx<S extends State = State> {
  payload: Payload;
  palette: Palette;
  theme: Theme;
  views: View[];
  difference: View | null;
  store: Store<S>;
  content(changed: Changed): boolean;
  shapes(): Record<string, Shape>;
  largest(): Shape;
  scoresNote(): string;
  stats(kind: Kind, layer: number, head: number): HeadStats | null;
}

export type { Block, Changed, Kind, Palette, Payload, Scores, Shape, ShownTrace, Theme, Tokens };
