// Colours: from CSS to numbers, and ramps whose lightness is strictly monotone (OKLab).

/** @import { Ramp, Rgb } from "./types.js" */
import { drawOn } from "./dom.js";
import { clamp } from "./format.js";

/**
 * Any CSS colour as [red, green, blue], 0..255.
 * @param {string} text
 */
export function parseColour(text) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = drawOn(canvas, { willReadFrequently: true });
  context.fillStyle = text;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/**
 * @param {Rgb} rgb
 */
export function toLab(rgb) {
  const [r, g, b] = rgb.map(linear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/**
 * How much light a colour sends, 0..1 (relative luminance of WCAG 2.2).
 * @param {Rgb} rgb
 */
export function luminance(rgb) {
  const [r, g, b] = rgb.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * Contrast of two colours, from 1 to 21 (WCAG 2.2).
 * @param {Rgb} one
 * @param {Rgb} other
 */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * @param {number} part 0..255
 */
function linear(part) {
  const x = part / 255;
  return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
}

/**
 * @param {number[]} given
 */
function fromLab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((x) => {
    const c = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
    return clamp(Math.round(c * 255), 0, 255);
  });
}

/**
 * 256 packed colours along stops that are evenly spaced, as ImageData wants them.
 * @param {Rgb[]} stops
 */
export function ramp(stops) {
  const labs = stops.map(toLab);
  const colours = new Uint32Array(256);
  for (let i = 0; i < 256; i += 1) {
    const at = (i / 255) * (labs.length - 1);
    const k = Math.min(labs.length - 2, Math.floor(at));
    const [r, g, b] = fromLab(labs[k].map((x, j) => x + (labs[k + 1][j] - x) * (at - k)));
    colours[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
  return colours;
}

/**
 * What a ramp goes through after the page's background: the full colour, and on a dark page a tint of it, which
 * makes its steps twice as large (as `ramp` of viz/theme.py).
 * @param {Rgb} colour
 * @param {number} tint how much of the far end is white; 0 for none
 */
export function upward(colour, tint) {
  return tint ? [colour, colour.map((part) => Math.round(255 * tint + (1 - tint) * part))] : [colour];
}

/**
 * @param {number} packed
 */
export function unpack(packed) {
  return [packed & 255, (packed >> 8) & 255, (packed >> 16) & 255];
}

/**
 * @param {number} packed
 */
export function cssColour(packed) {
  return `rgb(${unpack(packed).join(", ")})`;
}

/**
 * A CSS gradient through a ramp, for a colour bar.
 * @param {Ramp} colours
 */
export function cssGradient(colours) {
  const stops = Array.from({ length: 17 }, (_, i) => cssColour(colours[Math.round(i * 15.9375)]));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
