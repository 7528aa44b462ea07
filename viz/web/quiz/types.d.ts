// Pictures and questions as Python makes them (viz/lessons).

export interface Named {
  label: string;
  special: boolean;
}

interface Noted {
  note?: string;
}

export interface MapData extends Noted {
  title: string;
  rows: Named[];
  columns: Named[];
  mask: number[][];
  weights: number[][];
  hidden: number[];
}

export interface GalleryData extends Noted {
  rows: Named[];
  columns: Named[];
  mask: number[][];
  heads: { title: string; weights: number[][] }[];
  perRow: number;
}

export interface DotData extends Noted {
  rows: Named[];
  columns: Named[];
  q: number[][];
  k: number[][];
  scores: number[][];
  hidden: number[];
  /** Scores are divided by the root of the width. */
  divided: boolean;
}

export interface SoftmaxData extends Noted {
  columns: Named[];
  scores: number[];
  weights: number[];
}

export interface MixData extends Noted {
  rows: Named[];
  columns: Named[];
  weights: number[][];
  v: number[][];
  z: number[][];
  start: number;
}

export interface OutputsData extends Noted {
  rows: { label: string; hidden: boolean; tokens: string[] }[];
}

interface Stack {
  title: string;
  in: string;
  out: string;
  blocks: { layer: number; name: string; kind: string | null; adds: number; says: string }[];
}

export interface StacksData extends Noted {
  encoder: Stack;
  decoder: Stack;
}

export interface StepsData extends Noted {
  steps: { reads: string; writes: string; guess: string; p: number; loss: number; same: boolean }[];
  hidden: number;
  mean: number;
}

/** Places are shares of the width, in [0, 1]. */
export interface SourceData extends Noted {
  what: "picture" | "sound";
  height: number;
  width: number;
  /** [height, width] bytes, base64. */
  pixels: string;
  slices: [number, number][];
  labels: string[];
  places: [number, number][];
  /** One weight a place. */
  row: number[];
}

export interface QuestionData extends Noted {
  type: "row" | "choice" | "cells" | "pick" | "number" | "word";
  ask: string;
  help?: string;
  said?: string;
  /** The picture shows the options itself. */
  inPicture: boolean;
  values?: number[];
  best?: number[];
}

export interface RowData extends QuestionData {
  why?: string;
  labels: string[];
  truth: number[];
}

export interface ChoiceData extends QuestionData {
  why?: (string | null)[];
  labels: string[];
  values: number[];
  best: number[];
  what: string;
  unit: string;
  low: number;
  high: number;
}

export interface CellsData extends QuestionData {
  rows: Named[];
  columns: Named[];
  mask: number[][];
  weights: number[][];
}

export interface BoardData {
  id: string;
  present: boolean;
  colour: string;
  kinds: Record<string, string>;
  diverging: [string, string];
  tint: number;
  picture: Noted & { type: string };
  question: QuestionData;
  /** Whether the answer is on the screen from the start. */
  shown?: boolean;
  /** A guess that was made before. */
  mine?: any;
}

export interface PickData extends QuestionData {
  rows: Named[];
  columns: Named[];
  may: number[][];
  weights: number[][];
  most: number;
}

export interface NumberData extends QuestionData {
  truth?: number;
  scale: number;
}

export interface WordData extends QuestionData {
  truth?: string;
}

/** What picture and question share. */
export interface Game {
  /** Whether the answer is on the screen. */
  shown: boolean;
  /** Index of the chosen option. */
  chosen: number | null;
  values: number[] | null;
  best: number[];
  /** A guess that was made before, to begin with. */
  mine: any;
  set(patch: Partial<Pick<Game, "shown" | "chosen">>): void;
}

export interface Picture {
  node: HTMLElement;
  paint(): void;
}

export interface Question {
  node?: HTMLElement;
  /** A question that is a picture itself. */
  stage?: HTMLElement;
  paint(): void;
  /** What was guessed; null for nothing yet. */
  answer(): unknown;
  /** The result in words. */
  score(): string;
  /** What the score means. */
  says?: () => string;
  /** Why the answer is what it is. */
  why?: () => string;
}

export type Build<Data> = (data: Data, game: Game) => Question;
