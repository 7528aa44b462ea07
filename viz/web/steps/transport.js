// Play, pause, step and scrub; and whose attention is shaded.

/** @import { StepsCtx } from "./types.js" */
import { el } from "../shared/dom.js";
import { isOff } from "../shared/keys.js";
import { OVERS, stepCount } from "./player.js";

/**
 * @param {StepsCtx} ctx
 * @param {Element} save
 */
export function createTransport(ctx, save) {
  const { player } = ctx;
  const press = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {string} */ hint, /** @type {() => void} */ onclick) =>
    el("button", { type: "button", class: "move", "aria-label": name, title: `${name} (${hint})`, onclick }, sign);
  const first = press("First step", "|◀", "Home", () => player.go(0));
  const back = press("Step back", "◀", "←", () => player.go(player.get().step - 1));
  const play = press("Play", "▶ Play", "space", () => player.toggle());
  const on = press("Step on", "▶", "→", () => player.go(player.get().step + 1));
  const last = press("Last step", "▶|", "End", () => player.go(Infinity));
  play.classList.add("play");
  const slider = el("input", { type: "range", min: "0", step: "1", "aria-label": "Step", oninput: () => { player.go(Number(slider.value)); } });
  const where = el("output", { class: "where" });
  const over = el("select", { "aria-label": "Whose attention is shaded", onchange: () => { player.set({ over: over.value }); } },
    ...Object.entries(OVERS).map(([value, name]) => el("option", { value }, name)));
  const layer = picker("Layer", (value) => player.set({ layer: value }));
  const head = picker("Head", (value) => player.set({ head: value }));
  const node = el("div", { class: "transport", role: "toolbar", "aria-label": "Steps" },
    el("span", { class: "moves" }, first, back, play, on, last), slider, where,
    el("span", { class: "whose" }, el("span", { class: "note" }, "Attention of"), over, layer.node, head.node), save);

  return {
    node,
    paint() {
      const state = player.get();
      const count = stepCount(ctx.payload);
      const block = ctx.trace().attention.cross;
      slider.max = String(count - 1);
      slider.value = String(state.step);
      slider.disabled = count === 1;
      where.textContent = `step ${state.step} / ${count - 1}`;
      first.disabled = back.disabled = state.step === 0;
      on.disabled = last.disabled = state.step === count - 1;
      play.textContent = state.playing ? "❚❚ Pause" : "▶ Play";
      play.setAttribute("aria-label", state.playing ? "Pause" : "Play");
      over.value = state.over;
      layer.show(state.layer, block.layers, state.over !== "all");
      head.show(state.head, block.heads, state.over === "head");
    },
  };
}

/**
 * A number to choose, from 0; hidden where it does not count.
 * @param {string} name
 * @param {(value: number) => void} onpick
 */
function picker(name, onpick) {
  const input = el("select", { "aria-label": name, onchange: () => { onpick(Number(input.value)); } });
  const node = el("label", { class: "field" }, el("span", {}, name), input);
  return {
    node,
    show(/** @type {number} */ value, /** @type {number} */ count, /** @type {boolean} */ shown) {
      if (input.length !== count) {
        input.replaceChildren(...Array.from({ length: count }, (_, i) => el("option", { value: String(i) }, String(i))));
      }
      input.value = String(value);
      node.hidden = !shown;
    },
  };
}

/** @type {Record<string, (ctx: StepsCtx) => void>} */
const STEP_KEYS = {
  ArrowLeft: ({ player }) => player.go(player.get().step - 1),
  ArrowRight: ({ player }) => player.go(player.get().step + 1),
  Home: ({ player }) => player.go(0),
  End: ({ player }) => player.go(Infinity),
  " ": ({ player }) => player.toggle(),
};

/**
 * Keys count in the view, and on the page as long as nothing else has the focus.
 * @param {StepsCtx} ctx
 * @param {HTMLElement} root
 * @param {(i: number) => void} force
 */
export function listenToSteps(ctx, root, force) {
  const act = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isOff(event)) return;
    const target = /** @type {Element} */ (event.composedPath()[0]);
    if (target.matches?.("input:not([type=range]), textarea, select")) return;
    if (event.key === " " && target.matches?.("button:not(.play), summary")) return;
    const digit = /^[1-8]$/.test(event.key) ? Number(event.key) - 1 : null;
    if (digit === null && !(event.key in STEP_KEYS)) return;
    event.preventDefault();
    event.stopPropagation();
    if (digit === null) STEP_KEYS[event.key](ctx);
    else force(digit);
  };
  const fromPage = (/** @type {KeyboardEvent} */ event) => {
    const { activeElement: active } = document;
    if (!active || active === document.body) act(event);
  };
  root.addEventListener("keydown", act);
  document.addEventListener("keydown", fromPage, true);
  return () => document.removeEventListener("keydown", fromPage, true);
}
