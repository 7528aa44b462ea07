// The shapes of what the parts of the page hand to each other.

export type Kind = "encoder_self" | "decoder_self" | "cross";

/** Tokens as Python sends them, with the labels that are drawn. */
export interface Tokens {
  ids: number[];
  pieces: string[];
  /** The word of each token, from zero; -1 for control tokens. */
  words: number[];
  special: boolean[];
  /** The characters that each token stands for. */
  surfaces: string[];
  labels: string[];
}

/** All heads of one kind of attention. */
export interface Block {
  layers: number;
  heads: number;
  rows: number;
  columns: number;
  /** Cells of one head. */
  size: number;
  /** [layers, heads, rows, columns], a weight of 1 being `FULL`; null where layers come one by one. */
  pattern: Uint16Array | null;
  /** Whether only the cells were sent in which a row may attend; `pattern` is whole again. */
  open?: boolean;
  /** Layers that came one by one, each [heads, rows, columns]. */
  arrived?: Map<number, Uint16Array>;
  /** Where layers come one by one: every head as a thumbnail [layers, heads, h, w]. */
  small?: { h: number; w: number; cells: Uint16Array } | null;
  /** And what is known of it [layers, heads, MEASURED]. */
  measures?: Float32Array | null;
  /** [layers, heads, columns]; null where they are not known. */
  valueNorm: Float32Array | null;
  /** [rows, columns], 1 where a row may attend; null where it may everywhere. */
  mask: Uint8Array | null;
}

/** A picture or a sound that was read. */
export interface Scene {
  kind: "picture" | "sound";
  width: number;
  height: number;
  /** [height, width], ink or loudness up to 255. */
  pixels: Uint8Array;
  /** Columns (from, to) of each position of the encoder. */
  columns: [number, number][];
  samples: Int16Array | null;
  rate?: number;
  seconds?: number;
  /** (frequency, row from the top). */
  hertz?: [number, number][];
}

export interface ShownTrace {
  model: string;
  source: string;
  output: string;
  src: Tokens;
  tgt_in: Tokens;
  tgt_out: Tokens;
  /** Of each token of tgt_out, where it is known. */
  probability?: number[];
  attention: Record<Kind, Block>;
  /** What was read, where it is no text. */
  scene?: Scene | null;
  edits?: Edited | null;
  /** Places of tgt_out with tokens that the run without these edits has not; and whether it did not stop by itself. */
  new?: number[];
  cut_off?: boolean;
  /** Several positions of a sound are one row or column. */
  pooled?: boolean;
  /** [layer, head] of cross-attention that are known to follow a sound. */
  followers?: [number, number][];
}

/** Edits of a run that its maps mark; null in place of a layer, head, row or column means all. */
export interface Edited {
  /** [kind, layer, head, row, column] */
  cut: [Kind, ...(number | null)[]][];
  /** [kind, layer, head, row] */
  set: [Kind, ...number[]][];
  said: string;
}

export interface Palette {
  kinds: Record<string, string>;
  /** Less and more than zero. */
  diverging: [string, string];
  /** How much of the far end of a dark page's ramp is white. */
  tint: number;
}

/** "kind.layer" -> raw scores [heads, rows, columns], one array for each trace. */
export type Scores = Map<string, Float32Array[]>;

export interface Payload {
  id: string;
  palette: Palette;
  traces: ShownTrace[];
  kinds: Kind[];
  scores: Scores;
  /** "kind.layer" -> weights that were asked for, one array for each trace. */
  arrived?: Map<string, Uint16Array[]>;
}

export interface Shape {
  rows: number;
  cols: number;
}

export type Rgb = number[];
/** 256 packed colours, as ImageData wants them. */
export type Ramp = Uint32Array;

export interface Theme {
  background: string;
  text: string;
  muted: string;
  border: string;
  family: string;
  size: number;
  presenting: boolean;
  /** Pixels of a presented page that stand above and below the cells of a map. */
  around: number;
  dark: boolean;
  ramps: Record<string, Ramp>;
  diverging: Ramp;
  /** The border's colour, packed. */
  hatch: number;
  /** "font label" -> width in pixels. */
  widths: Map<string, number>;
}

/** Names of what changed, such as "data", "theme", "kind". */
export type Changed = Set<string>;

/** A piece of the page that draws itself anew when it is told what changed. */
export interface Painted {
  node: Element;
  paint(changed: Changed): void;
}

export type Draw2D = CanvasRenderingContext2D;
