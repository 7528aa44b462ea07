// A picture or a spectrogram in the place of tokens: its image, and slices of it as labels.

/** @import { Draw2D, Scene, Theme } from "./types.js" */
/** @import { Group } from "./heads/types.js" */

/** What a source, and each of its positions, is called, by what was read. */
const POSITIONS = {
  text: { source: "source tokens", position: "source token" },
  picture: { source: "picture", position: "slice of the picture" },
  sound: { source: "sound", position: "moment of the sound" },
};

/** @param {{scene?: Scene | null}} trace */
export const positionsOf = ({ scene }) => POSITIONS[scene?.kind ?? "text"];

/**
 * Where a position stands, as a sentence says it; the silence behind a sound is named "after" its end.
 * @param {Scene} scene
 * @param {string} label
 */
export function whereOn({ kind }, label) {
  if (kind === "sound") return label.startsWith("after") ? label : `at ${label}`;
  return label === "margin" ? "in the margin" : `at columns ${label}`;
}

/** @type {WeakMap<Scene, {ink: string, canvas: HTMLCanvasElement}>} */
const images = new WeakMap();

/**
 * The image in the page's own ink, on nothing.
 * @param {Scene} scene
 * @param {Theme} theme
 * @returns {HTMLCanvasElement}
 */
export function imageOf(scene, theme) {
  const known = images.get(scene);
  if (known?.ink === theme.text) return known.canvas;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [scene.width, scene.height];
  const context = /** @type {Draw2D} */ (canvas.getContext("2d"));
  context.fillStyle = theme.text;
  context.fillRect(0, 0, scene.width, scene.height);
  const image = context.getImageData(0, 0, scene.width, scene.height);
  for (let i = 0; i < scene.pixels.length; i += 1) image.data[4 * i + 3] = scene.pixels[i];
  context.putImageData(image, 0, 0);
  images.set(scene, { ink: theme.text, canvas });
  return canvas;
}

/**
 * Parse what viz/components/scene.py wrote.
 * @param {any} told
 * @param {ArrayBufferLike} buffer
 * @param {number} start
 * @returns {Scene | null}
 */
export function parseScene(told, buffer, start) {
  if (!told) return null;
  const pixels = new Uint8Array(buffer, start + told.pixels, told.width * told.height);
  const samples = told.kind === "sound" ? new Int16Array(buffer, start + told.samples, told.n) : null;
  return { ...told, pixels, samples };
}

/**
 * Slices of the image above the columns of a map, as high as there is room.
 * @param {Draw2D} context
 * @param {Group[]} groups the columns
 * @param {Scene} scene
 * @param {{left: number, top: number, w: number}} box
 * @param {number} height
 * @param {Theme} theme
 */
export function paintSlices(context, groups, scene, { left, top, w }, height, theme) {
  const image = imageOf(scene, theme);
  context.imageSmoothingEnabled = scene.kind === "sound";
  groups.forEach((group, j) => {
    const from = scene.columns[group.tokens[0]][0];
    const to = scene.columns[group.tokens[group.tokens.length - 1]][1];
    context.drawImage(image, from, 0, to - from, scene.height, left + j * w, top - height - 3, w, height);
  });
}
