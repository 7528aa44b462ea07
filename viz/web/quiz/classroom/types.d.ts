// What Python tells a teacher's or a pupil's browser (viz/page/classroom/shown.py).

import type { BoardData, QuestionData } from "../types.js";

export interface Entry {
  id: number;
  name: string;
  kind: "text" | "picture" | "sound";
  body: string;
}

export interface Tally {
  n: number;
  votes?: number[] | number[][];
  mean?: number[];
  dots?: number[] | number[][];
  median?: number | null;
  words?: [string, number][];
  best?: number;
  nearest?: number;
  distance?: number;
}

export interface Stage {
  id: number;
  state: "open" | "closed" | "revealed";
  board: Omit<BoardData, "question"> & { question: QuestionData & Record<string, any> };
  game: boolean;
  tally?: Tally;
  of?: number;
  mine?: any;
  own?: string;
}

export interface Training {
  title: string;
  status: "waiting" | "running" | "paused" | "done" | "failed";
  said: string;
  /** Of the model, once there is one. */
  name: string;
}

export interface ClassData {
  /** Of the server: another one where a page came back to another process. */
  session: string;
  /** The page as it was opened now. */
  visit: string;
  /** The one that the browser has said it shows. */
  arrived: string;
  role: "" | "teacher" | "pupil";
  code: string;
  keep: { code?: string; token?: string; secret?: string };
  forget: string;
  done: number;
  said: string;
  present: boolean;
  file: { name?: string; type?: string; text?: string };
  wallOpen?: boolean;
  entry?: Entry | null;
  question?: Stage | null;
  /** The training that has the stage. */
  training?: Training | null;
  /** Whether the class has begun one. */
  trains?: boolean;
  teams?: number;
  scores?: { team: number; points: number }[];
  here: number;
  link: string;
  qr: string;
  local: boolean;
  addresses: string[];
  base: string;
  second: string;
  forms: { form: string; label: string; says: string }[];
  wall: Entry[];
  name: string;
  team?: number;
  following: boolean;
  /** A drawing or a sound of the pupil's own is on the page. */
  source: boolean;
}

export type Act = (name: string, details?: Record<string, unknown>) => void;

/** One side of the class: its place on the page, and what it is told. */
export interface Side {
  node: HTMLElement;
  paint(data: ClassData): void;
  /** Whether it has taken the whole page. */
  onStage(data: ClassData): boolean;
}
