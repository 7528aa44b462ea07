// Text can be read on whatever it stands: 4.5 and more (WCAG 2.2, 1.4.3), also inside the pictures.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { contrast, luminance, ramp, unpack, upward } from "../../viz/web/shared/colour.js";
import { readable } from "../../viz/web/shared/theme.js";

/** @import { Rgb } from "../../viz/web/shared/types.js" */

const LEAST = 4.5;
const at = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
/** @returns {Rgb} */
const rgb = (/** @type {string} */ hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const mix = (/** @type {Rgb} */ a, /** @type {number} */ share, /** @type {Rgb} */ b) => a.map((x, i) => share * x + (1 - share) * b[i]);
/** The share of the first colour in a CSS variable that is a mix. */
const shareOf = (/** @type {string} */ css, /** @type {string} */ name) => Number(new RegExp(`--${name}: color-mix\\([^%]*?(\\d+)%`).exec(css)?.[1]) / 100;

const python = at("viz/theme.py");
const KINDS = [...(/KIND_COLOURS = \{(.*)\}/.exec(python)?.[1] ?? "").matchAll(/"(#\w{6})"/g)].map((found) => rgb(found[1]));
const DIVERGING = [...(/DIVERGING = \((.*)\)/.exec(python)?.[1] ?? "").matchAll(/"(#\w{6})"/g)].map((found) => rgb(found[1]));
const NEUTRAL = rgb(/NEUTRAL = "(#\w{6})"/.exec(python)?.[1] ?? "");
const TINT = Number(/TINT = ([\d.]+)/.exec(python)?.[1]);
const toml = at(".streamlit/config.toml");
const THEMES = ["light", "dark"].map((name) => {
  const part = toml.slice(toml.indexOf(`[theme.${name}]`)).split(/\n\s*\n/)[0];
  const [page, text] = ["backgroundColor", "textColor"].map((key) => rgb(new RegExp(`\\n${key} = "(#\\w{6})"`).exec(part)?.[1] ?? ""));
  return { name, page, text, tint: name === "dark" ? TINT : 0 };
});
/** Lightness from 0 to 100 (CIE L*) of each of the 256 shades of a ramp. */
const lightness = (/** @type {Uint32Array} */ colours) => Array.from(colours, (packed) => {
  const y = luminance(unpack(packed));
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y;
});

/** @param {{what: string, ratio: number}[]} found */
function readableAll(found) {
  const worst = found.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  assert.ok(worst.ratio >= LEAST, `${worst.what}: ${worst.ratio.toFixed(2)}`);
}

test("the colours were found", () => {
  assert.deepEqual([KINDS.length, DIVERGING.length, THEMES.length], [3, 2, 2]);
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
});

test("the number in a cell, on every shade of every ramp", () => {
  readableAll(THEMES.flatMap(({ name, page, tint }) => {
    const [less, more] = DIVERGING.map((colour) => upward(colour, tint));
    const ramps = [...[...KINDS, NEUTRAL].map((colour) => ramp([page, ...upward(colour, tint)])), ramp([...less.reverse(), page, ...more])];
    return ramps.flatMap((colours, i) => Array.from(colours, (ground) => ({ what: `${name}, ramp ${i}`, ratio: contrast(rgb(readable(ground)), unpack(ground)) })));
  }));
});

test("small weights stand out: in the dark twice as much as on a ramp that ends at the full colour", () => {
  for (const { name, page, tint } of THEMES) {
    for (const colour of [...KINDS, NEUTRAL, ...DIVERGING]) {
      const [shades, plain] = [ramp([page, ...upward(colour, tint)]), ramp([page, colour])].map(lightness);
      const away = (/** @type {number[]} */ of, /** @type {number} */ weight) => Math.abs(of[Math.round(255 * weight)] - of[0]);
      for (const weight of [0.1, 0.2, 0.3]) {
        const [seen, before] = [shades, plain].map((of) => away(of, weight));
        assert.ok(seen >= (name === "dark" ? Math.max(7 * 10 * weight, 1.9 * before) : 4 * 10 * weight), `${name}, ${colour}, ${weight}: ${seen}`);
      }
      const hundredths = shades.slice(3).map((l, i) => (name === "dark" ? l - shades[i] : shades[i] - l)); // one step may be lost in eight bits
      assert.ok(Math.min(...hundredths) > 0, "more is always told from less");
    }
  }
});

test("less and more of the same size look alike", () => {
  const [less, more] = DIVERGING.map(luminance);
  assert.ok(Math.abs(less - more) < 0.01, `${less} and ${more}`);
  for (const { page } of THEMES) for (const colour of DIVERGING) assert.ok(contrast(colour, page) >= 3); // bars (WCAG 2.2, 1.4.11)
});

test("captions and names, on the page, on shaded ground and on the tint of what is chosen", () => {
  for (const [path, muted, faint] of [["shared/look.css", "lens-muted", "lens-faint"], ["head_anatomy/head_anatomy.css", "lens-muted", "lens-faint"], ["quiz/quiz.css", "muted", "faint"]]) {
    const css = at(`viz/web/${path}`);
    readableAll(THEMES.flatMap(({ name, page, text }) => {
      const ink = mix(text, shareOf(css, muted), page);
      const grounds = [page, mix(text, shareOf(css, faint), page), ...KINDS.map((kind) => mix(kind, 0.18, page))];
      return grounds.map((ground, i) => ({ what: `${path}, ${name}, ground ${i}`, ratio: contrast(ink, ground) }));
    }));
  }
});

test("the name of a block that is chosen in the map of the stacks", () => {
  readableAll(THEMES.flatMap(({ name, page, text }) => KINDS.map((kind) => ({ what: name, ratio: contrast(text, mix(kind, 0.4, page)) }))));
});
