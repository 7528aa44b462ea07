// The paper's drawing (Vaswani et al. 2017, figure 1), with the shapes that this run really had.

/** @import { Drawing, Memory, Side } from "./types.js" */
/** @import { Kind } from "../shared/types.js" */
import { KIND_BLOCKS } from "../shared/kinds.js";
import { el, svg } from "../shared/dom.js";

/**
 * @param {Drawing} ctx
 * @param {HTMLElement} root
 */
export function createPlaces(ctx, root) {
  const { header } = ctx;
  const drawing = svg("svg", { class: "places", viewBox: "0 0 860 700", role: "group", "aria-label": "The transformer, with the shapes of this run" });
  const [frames, wires] = [svg("g"), svg("g")]; // in this order under the boxes
  drawing.append(frames, wires);
  const say = header.shapes;
  /** @type {{kind: Kind, x: number, y: number, h: number}[]} */
  const blocks = [];
  const [left, right, wide] = [215, 645, 190];

  /** A column of boxes from the bottom up; returns where its stream ends. */
  function tower(/** @type {number} */ x, /** @type {Side} */ side, /** @type {Kind[]} */ kinds, /** @type {number} */ n) {
    /** @type {[what: string, name: string][]} */
    const rows = [];
    for (const kind of [...kinds, "mlp"]) {
      if (header.norm_first) rows.push(["norm", "norm"]);
      rows.push(["block", kind], ["norm", header.norm_first ? "+ add" : "+ add, norm"]);
    }
    let y = 590;
    const bottom = y + 6;
    for (const [what, name] of rows) {
      const h = what === "norm" ? 22 : 40;
      y -= h + (what === "norm" ? 7 : 12);
      if (what === "norm") box(x, y, wide * 0.72, h, name, "small");
      else if (name === "mlp") box(x, y, wide, h, "feed-forward", "plain", say.mlp[side]);
      else attention(x, y, h, /** @type {Kind} */ (name));
    }
    const top = y - 12;
    frames.append(svg("rect", { class: "frame", x: x - wide / 2 - 22, y: top, width: wide + 44, height: bottom - top, rx: 10 }));
    text(x + (side === "encoder" ? -wide / 2 - 30 : wide / 2 + 30), (top + bottom) / 2, `${n} ×`, side === "encoder" ? "times end" : "times start");
    return top;
  }

  function box(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ w, /** @type {number} */ h, /** @type {string} */ name, /** @type {string} */ kind, shape = "") {
    drawing.append(svg("rect", { class: `box ${kind}`, x: x - w / 2, y, width: w, height: h, rx: 4 }));
    text(x, y + h / 2 - (shape ? 7 : 0), name, kind);
    if (shape) text(x, y + h / 2 + 9, shape, "shape");
  }

  function attention(/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ h, /** @type {Kind} */ kind) {
    const chosen = kind === header.kind;
    const pick = () => ctx.choose({ kind });
    const node = svg("g", { class: "box attention", role: "button", tabindex: "0", "aria-pressed": String(chosen),
      "aria-label": `${KIND_BLOCKS[kind]} weights ${say[kind].pattern}`, style: `--kind: ${header.palette.kinds[kind]}`, onclick: pick,
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(); } } },
    svg("rect", { x: x - wide / 2, y, width: wide, height: h, rx: 4 }));
    drawing.append(node);
    node.append(label(x, y + h / 2 - 7, KIND_BLOCKS[kind], "name"), label(x, y + h / 2 + 9, `weights ${say[kind].pattern}`, "shape"));
    blocks.push({ kind, x, y, h });
  }

  function label(/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ content, /** @type {string} */ kind) { return svg("text", { class: kind, x, y }, content); }
  function text(/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ content, /** @type {string} */ kind) { drawing.append(label(x, y, content, kind)); }
  function wire(/** @type {string} */ d, kind = "") { wires.append(svg("path", { class: `wire ${kind}`, d })); }

  const tops = [tower(left, "encoder", ["encoder_self"], header.layers.encoder), tower(right, "decoder", ["decoder_self", "cross"], header.layers.decoder)];
  wire(`M${left} 680 V${tops[0] - 34}`);
  wire(`M${right} 680 V${tops[1] - 62}`);
  for (const { x, side } of /** @type {{x: number, side: Side}[]} */ ([{ x: left, side: "encoder" }, { x: right, side: "decoder" }])) {
    box(x, 634, wide, 34, header.entry[side], "plain", say.embed[side]);
    text(x, 690, side === "encoder" ? `source: ${header.tokens.encoder} ${header.read}` : `target so far: ${header.tokens.decoder} tokens`, "end");
  }
  const [cross] = blocks.filter((block) => block.kind === "cross");
  const [turn, level, memory] = [(left + right) / 2, cross.y + cross.h / 2, tops[0] - 34];
  wire(`M${left} ${memory} H${turn} V${level} H${cross.x - wide / 2}`, "memory");
  text(left, memory - 12, `memory ${say.memory}`, "end");
  text(turn + 6, level - 10, "k, v", "shape start");
  for (const block of blocks) {
    const said = block.kind === "cross" ? "q" : "q, k, v";
    text(block.x + 8, block.y + block.h + 7, said, "shape start");
  }
  if (header.norm_first) {
    box(right, tops[1] - 34, wide * 0.72, 22, "last norm", "small");
    box(left, tops[0] - 30, wide * 0.72, 20, "last norm", "small");
  }
  box(right, tops[1] - 84, wide, 38, "linear, softmax", "plain", `logits ${say.logits}`);
  text(right, tops[1] - 98, "next token", "end");
  const top = Math.min(tops[0] - 60, tops[1] - 112);
  drawing.setAttribute("viewBox", `20 ${top} 820 ${702 - top}`);
  root.append(sides(root), drawing);
  showChosen(root, ctx.memory);
}

/**
 * Where the window is too narrow for both stacks: which one is out of sight, and the way there.
 * @param {HTMLElement} root
 */
function sides(root) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const way = (/** @type {string} */ name, /** @type {number} */ left) => el("button", { type: "button",
    onclick: () => root.scrollTo({ left, behavior: still ? "auto" : "smooth" }) }, name);
  const [encoder, decoder] = [way("← encoder", 0), way("decoder →", 9999)];
  const node = el("div", { class: "beyond" }, encoder, decoder);
  root.addEventListener("scroll", () => {
    const most = root.scrollWidth - root.clientWidth;
    node.hidden = most < 2;
    encoder.disabled = root.scrollLeft < 2;
    decoder.disabled = root.scrollLeft > most - 2;
  });
  return node;
}

/**
 * A narrow window scrolls to the chosen block; what is in view already stays where it is.
 * @param {HTMLElement} root
 * @param {Memory} memory
 */
function showChosen(root, memory) {
  root.scrollLeft = memory.scrolled || 0;
  const [block, room] = [root.querySelector("[aria-pressed=true]") ?? root, root].map((node) => node.getBoundingClientRect());
  if (block.left < room.left || block.right > room.right) {
    root.scrollLeft += (block.left + block.right - room.left - room.right) / 2;
  }
  root.addEventListener("scroll", () => { memory.scrolled = root.scrollLeft; });
  root.dispatchEvent(new Event("scroll")); // also where nothing moved
}
