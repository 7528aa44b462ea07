// The page's theme as numbers: colours, type, and one ramp for each kind of attention.

/** @import { Palette, Theme } from "./types.js" */
import { luminance, parseColour, ramp, toLab, unpack, upward } from "./colour.js";

/**
 * Resolve the theme of an element: colours, fonts and one ramp a kind; whether the page asks for large type.
 * @param {HTMLElement} root
 * @param {Palette} palette
 * @returns {Theme}
 */
export function readTheme(root, palette) {
  const style = getComputedStyle(root);
  const probe = (/** @type {string} */ name) => {
    root.style.setProperty("outline-color", `var(${name})`);
    return getComputedStyle(root).outlineColor;
  };
  const background = parseColour(style.backgroundColor);
  const [muted, border] = [probe("--lens-muted"), probe("--lens-border")];
  root.style.removeProperty("outline-color");
  const dark = toLab(background)[0] < 0.5;
  const up = (/** @type {string} */ colour) => upward(parseColour(colour), dark ? palette.tint : 0);
  const [less, more] = palette.diverging.map(up);
  const [r, g, b] = parseColour(border);
  return {
    background: style.backgroundColor,
    text: style.color,
    muted,
    border,
    family: style.fontFamily,
    size: parseFloat(style.fontSize),
    presenting: Number(style.getPropertyValue("--present")) > 1,
    around: Number(style.getPropertyValue("--around")),
    dark,
    ramps: Object.fromEntries(
      Object.entries(palette.kinds).map(([kind, colour]) => [kind, ramp([background, ...up(colour)])]),
    ),
    diverging: ramp([...less.reverse(), background, ...more]),
    hatch: (255 << 24) | (b << 16) | (g << 8) | r,
    widths: new Map(),
  };
}

/**
 * Black or white, whichever stands out more from a ground, as in viz/theme.py: a contrast of 4.58 or more on any.
 * @param {number} ground a packed colour
 */
export function readable(ground) {
  const light = luminance(unpack(ground));
  return (light + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#ffffff";
}
