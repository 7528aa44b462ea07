// The transformer as a map: both stacks as in the paper; pressing a block goes there.

/** @import { LensCtx } from "./types.js" */
/** @import { Changed, Kind } from "../shared/types.js" */
import { svg } from "../shared/dom.js";
import { capital } from "../shared/format.js";
import { KIND_BLOCKS, KIND_NAMES, KIND_SHORT } from "../shared/kinds.js";
import { positionsOf } from "../shared/scene.js";

/**
 * A block of one of the stacks; `kind` is null for feed-forward.
 * @typedef {{side: "encoder" | "decoder", kind: Kind | null, layer: number, x: number, y: number, w: number, h: number}} MapBlock
 */

/**
 * Stacked blocks of both sides, from the bottom up: {kind | null, layer, side, x, y, w, h}.
 * @param {{encoder: number, decoder: number}} layers
 * @param {number} width
 * @param {boolean} presenting
 */
function mapLayout(layers, width, presenting) {
  const [w, gap] = [(width - 48) / 2, presenting ? 5 : 4];
  const h = presenting ? 26 : layers.decoder > 3 ? 15 : 19;
  /** @type {MapBlock[]} */
  const blocks = [];
  const stack = (/** @type {"encoder" | "decoder"} */ side, /** @type {number} */ x, /** @type {Kind[]} */ kinds, /** @type {number} */ n) => {
    let y = 0;
    for (let layer = 0; layer < n; layer += 1) {
      for (const kind of [...kinds, null]) {
        const height = kind ? h : h - 5;
        y -= height + gap;
        blocks.push({ side, kind, layer, x, y, w, h: height });
      }
      y -= 5;
    }
    return y;
  };
  const tops = [
    stack("encoder", 14, ["encoder_self"], layers.encoder),
    stack("decoder", 14 + w + 20, ["decoder_self", "cross"], layers.decoder),
  ];
  return { blocks, tops, w, height: -Math.min(...tops) };
}

/**
 * @param {LensCtx} ctx
 */
export function createMap(ctx) {
  const drawing = svg("svg", { class: "map", role: "group", "aria-label": "Map of both stacks" });
  /** @type {{node: SVGElement, kind: Kind, layer: number}[]} */
  let buttons = [];

  function draw() {
    const first = ctx.payload.traces[0].attention;
    const layers = {
      encoder: first.encoder_self?.layers ?? 0,
      decoder: first.decoder_self?.layers ?? first.cross?.layers ?? 0,
    };
    const width = 288;
    const { blocks, tops, w, height } = mapLayout(layers, width, ctx.theme.presenting);
    const known = blocks.filter((block) => block.kind === null || first[block.kind]);
    const [foot, head] = [22, 20];
    const base = height + head;
    drawing.setAttribute("viewBox", `0 0 ${width} ${base + foot}`);
    drawing.replaceChildren(...wires(layers, known, tops, base, w), ...ends(tops, base, w));
    buttons = known.flatMap((block) => (block.kind ? [button(block, block.kind, base)] : []));
    drawing.append(...known.filter((block) => !block.kind).map((b) => plain(b, base)));
    drawing.append(...buttons.map((b) => b.node));
  }

  function button(/** @type {MapBlock} */ block, /** @type {Kind} */ kind, /** @type {number} */ base) {
    const { layer, x, y, w, h } = block;
    const name = kind === "decoder_self" ? `Decoder: ${KIND_BLOCKS[kind]}, layer ${layer}` : `${capital(KIND_NAMES[kind])}, layer ${layer}`;
    const select = () => ctx.store.set({ kind, layer });
    const node = svg(
      "g",
      {
        class: "block", role: "button", tabindex: "-1", "aria-label": name,
        style: `--kind: ${ctx.palette.kinds[kind]}`, onclick: select,
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          event.stopPropagation();
          select();
        },
      },
      svg("title", {}, name),
      svg("rect", { x, y: base + y, width: w, height: h, rx: 3 }),
      svg("text", { x: x + w / 2, y: base + y + h / 2 }, ctx.theme.presenting ? KIND_SHORT[kind] : KIND_BLOCKS[kind]),
    );
    return { node, kind, layer };
  }

  function plain(/** @type {MapBlock} */ { x, y, w, h }, /** @type {number} */ base) {
    return svg(
      "g",
      { class: "block plain", "aria-hidden": "true" },
      svg("rect", { x, y: base + y, width: w, height: h, rx: 3 }),
      svg("text", { x: x + w / 2, y: base + y + h / 2 }, "feed-forward"),
    );
  }

  /** Layer numbers, the two streams, and the memory's way into each cross-attention block. */
  function wires(/** @type {{encoder: number, decoder: number}} */ layers, /** @type {MapBlock[]} */ blocks, /** @type {number[]} */ tops, /** @type {number} */ base, /** @type {number} */ w) {
    const [left, right] = [14 + w / 2, 14 + w + 20 + w / 2];
    /** @type {SVGElement[]} */
    const parts = [left, right].map((x, i) =>
      svg("path", { class: "wire", d: `M${x} ${base} V${base + tops[i] + 3}` }),
    );
    const crossings = blocks.filter((block) => block.kind === "cross");
    if (crossings.length && layers.encoder) {
      const turn = 14 + w + 10;
      const lowest = Math.max(...crossings.map((b) => b.y + b.h / 2));
      const top = tops[0] - 2;
      const ends_ = crossings.map((b) => `M${turn} ${base + b.y + b.h / 2} H${turn + 9}`).join(" ");
      const from = Math.min(top, ...crossings.map((b) => b.y + b.h / 2));
      parts.push(svg("path", {
        class: "wire memory",
        d: `M${left} ${base + top + 4} V${base + top} H${turn} M${turn} ${base + from} V${base + lowest} ${ends_}`,
      }));
    }
    for (let layer = 0; layer < Math.max(layers.encoder, layers.decoder); layer += 1) {
      const own = blocks.filter((b) => b.layer === layer && b.side === "encoder");
      const deco = blocks.filter((b) => b.layer === layer && b.side === "decoder");
      for (const { side, x } of [{ side: own, x: 5 }, { side: deco, x: 14 + 2 * w + 27 }]) {
        if (!side.length) continue;
        const middle = (side[0].y + side[0].h + side[side.length - 1].y) / 2;
        parts.push(svg("text", { class: "layer", x, y: base + middle }, String(layer)));
      }
    }
    return parts;
  }

  function ends(/** @type {number[]} */ tops, /** @type {number} */ base, /** @type {number} */ w) {
    const [left, right] = [14 + w / 2, 14 + w + 20 + w / 2];
    const label = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ text) => svg("text", { class: "end", x, y }, text);
    return [
      label(left, base + 12, positionsOf(ctx.payload.traces[0]).source),
      label(right, base + 12, "target so far"),
      label(left, Math.max(base + tops[0] - 12, 8), "memory"),
      label(right, Math.max(base + tops[1] - 10, 8), "next token"),
    ];
  }

  return {
    node: drawing,
    paint(/** @type {Changed} */ changed) {
      if (changed.has("data") || changed.has("theme")) draw();
      const { kind, layer } = ctx.store.get();
      for (const one of buttons) {
        const here = one.kind === kind && one.layer === layer;
        one.node.setAttribute("aria-pressed", String(here));
        one.node.setAttribute("tabindex", here ? "0" : "-1");
      }
    },
  };
}
