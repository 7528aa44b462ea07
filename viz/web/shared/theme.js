// The page's theme as numbers: colours, type, and one ramp for each kind of attention.

/** @import { Palette } from "./types.js" */
import { parseColour, ramp, toLab } from "./colour.js";

/**
 * Resolve the theme of an element: colours, fonts and one ramp a kind; whether the page asks for large type.
 * @param {HTMLElement | ShadowRoot} root
 * @param {Palette} palette
 */
export function readTheme(root, palette) {
  const style = getComputedStyle(root);
  const probe = (/** @type {string} */ name) => {
    root.style.setProperty("outline-color", `var(${name})`);
    return getComputedStyle(root).outlineColor;
  };
  const background = parseColour(style.backgroundColor);
  const theme = {
    background: style.backgroundColor,
    text: style.color,
    muted: probe("--lens-muted"),
    border: probe("--lens-border"),
    family: style.fontFamily,
    size: parseFloat(style.fontSize),
    presenting: Number(style.getPropertyValue("--present")) > 1,
    widths: new Map(),
    ramps: {},
    kinds: palette.kinds,
  };
  root.style.removeProperty("outline-color");
  theme.dark = toLab(background)[0] < 0.5;
  for (const [kind, colour] of Object.entries(palette.kinds)) {
    theme.ramps[kind] = ramp([background, parseColour(colour)]);
  }
  const [negative, positive] = palette.diverging.map(parseColour);
  theme.diverging = ramp([negative, background, positive]);
  const border = parseColour(theme.border);
  theme.hatch = (255 << 24) | (border[2] << 16) | (border[1] << 8) | border[0];
  return theme;
}
