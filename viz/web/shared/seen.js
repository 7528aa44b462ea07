// The image of a picture or a sound as an element in the page's own ink, with weights laid over it.
//
// Places are shares of the width, in [0, 1]. The look is in `seen.css`.

import { el } from "./dom.js";

/** @typedef {[number, number]} Place where something begins and ends */

/**
 * @param {{kind: "picture" | "sound", width: number, height: number, pixels: ArrayLike<number>}} image
 * @param {Place[]} places of the weights
 */
export function createSeen({ kind, width, height, pixels }, places) {
  const image = el("div", { class: `image ${kind}`, style: `aspect-ratio: ${width} / ${height}` });
  image.style.setProperty("--image", `url(${inkOf(width, height, pixels)})`);
  const cover = places.map((place) => el("i", { class: "weight", style: at(place) }));
  const bars = places.map((place) => el("i", { style: at(place) }));
  const frame = el("div", { class: "frame" }, image, ...cover);
  return {
    frame,
    node: el("div", { class: "seen" }, el("div", { class: "bars", "aria-hidden": "true" }, ...bars), frame),
    /**
     * Weights as colour over the image, and bars above it: each with its largest at full height; null for none.
     * @param {ArrayLike<number> | null} weights
     * @param {ArrayLike<number> | null} above
     */
    lay(weights, above = weights) {
      const [most, highest] = [largest(weights), largest(above)];
      places.forEach((_, i) => {
        cover[i].style.setProperty("--w", `${weights ? (60 * weights[i]) / most : 0}%`);
        bars[i].style.height = `${above ? (100 * above[i]) / highest : 0}%`;
      });
    },
  };
}

/** @param {Place} place */
export function at([from, to]) {
  return `left: ${from * 100}%; width: ${(to - from) * 100}%`;
}

/**
 * The pixels as a mask: what is bright is filled with the page's own ink.
 * @param {number} width
 * @param {number} height
 * @param {ArrayLike<number>} pixels
 */
function inkOf(width, height, pixels) {
  const canvas = el("canvas", { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i += 1) image.data[4 * i + 3] = pixels[i];
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

/** @param {ArrayLike<number> | null} values */
function largest(values) {
  return Math.max(...Array.from(values ?? []), 1e-9);
}
