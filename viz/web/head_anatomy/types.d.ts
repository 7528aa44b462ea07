// Arrays inside a head, as they are drawn.

import type { Kind, Palette, Ramp, Theme } from "../shared/types.js";

/** One array: a number, a strip or a matrix. */
export interface Shown {
  id: string;
  name: string;
  role: string;
  axes: string[];
  /** Its true shape, and that of what is drawn. */
  full: number[];
  shape: number[];
  rows: string[];
  columns: string[];
  /** The index that was chosen on its named axis. */
  at: number | null;
  low: number;
  high: number;
  pooled: boolean;
  values: Float32Array;
  /** 0 where a value is −∞; null where none is. */
  mask: Uint8Array | null;
}

export interface Header {
  view: "step" | "linked" | "pick" | "places";
  palette: Palette;
  parts: Shown[];
  code: { place: string; text: string }[];
  cell: { query: number; key: number };
  note: string;
  kind: Kind;
  norm_first: boolean;
  /** What enters each stack, in words. */
  entry: Record<Side, string>;
  /** What makes a score of q·k, in words. */
  scaling: string;
  layers: Record<Side, number>;
  tokens: Record<Side, number>;
  /** What the encoder's are called: tokens, slices, moments. */
  read: string;
  shapes: Record<Kind, Record<"q" | "k" | "v" | "pattern", string>> &
    Record<"embed" | "mlp", Record<Side, string>> & Record<"memory" | "logits", string>;
}

export type Side = "encoder" | "decoder";

export interface At {
  row: number;
  col: number;
}

/** A cell of one of several matrices. */
export interface NamedAt extends At {
  name: string;
}

/** What is remembered from one drawing to the next. */
export interface Memory {
  pinned?: { query: number; key: number; at: NamedAt };
  scrolled?: number;
}

/** Everything that a picture is drawn with. */
export interface Drawing {
  header: Header;
  theme: Theme;
  memory: Memory;
  choose(value: Record<string, unknown>): void;
}

export interface Labels {
  rows?: boolean;
  columns?: boolean;
  /** Room above the cells, where it is set from outside. */
  top?: number;
}

export interface PanelBox {
  left: number;
  top: number;
  w: number;
  h: number;
  width: number;
  height: number;
  flat: boolean;
  labels: Labels;
}

export interface PanelOptions {
  /** Sides of a cell, in pixels. */
  size: { w: number; h: number };
  labels?: Labels;
  theme: Theme;
  name: string;
  onHover?: (at: At | null) => void;
  onClick?: (at: At | null) => void;
  onKey?: (event: KeyboardEvent) => void;
}

/** A place on the page and what is drawn there. */
export interface Place {
  parent: ShadowRoot;
  node: HTMLElement | null;
  width: number;
  memory: Memory;
  observer: ResizeObserver;
  data: Uint8Array;
  choose(value: Record<string, unknown>): void;
  paint: (() => void) | null;
}

export type { Ramp };
