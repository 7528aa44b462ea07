// The training's curves over time, and the slider below them. A click on the curves moves, too.

/** @import { PlayerCtx, PlayerState, Recording } from "./types.js" */
/** @import { Changed, Theme } from "../shared/types.js" */
import { el, svg } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { errorOf, stepName, timeScale } from "./recording.js";

const PLOT = { left: 44, right: 14, gap: 30, top: 16, foot: 9 }; // room around the curves, for type of 13 pixels
const TALL = { wide: 92, narrow: 64 }; // where the map stands beside the curves, or below them

/** @typedef {{name: string, colour: string, dashed?: boolean, dot?: boolean}} Legend */

/**
 * @param {PlayerCtx} ctx
 * @param {(at: number) => void} go
 */
export function createTimeline(ctx, go) {
  const picture = svg("svg", { class: "curves", role: "img" });
  const slider = el("input", { type: "range", min: "0", max: "1000", step: "any", class: "time", "aria-label": "Training step" });
  const ticks = el("div", { class: "ticks", "aria-hidden": "true" });
  const note = el("p", { class: "note" });
  const node = el("section", { class: "timeline", "aria-label": "Curves of the training" }, picture, slider, ticks, note);
  let plot = PLOT;
  let scale = timeScale(ctx.recording);
  let [width, tall, drawnFor] = [0, TALL.wide, ""];
  /** @type {SVGLineElement[]} */
  let marks = [];
  /** @type {SVGPolylineElement | null} */
  let chosen = null;

  const xOf = (/** @type {number} */ step) => plot.left + scale(step) * (width - plot.left - plot.right);

  function nearest(/** @type {number} */ share) {
    const away = ctx.recording.steps.map((step) => Math.abs(scale(step) - share));
    return away.indexOf(Math.min(...away));
  }

  function draw() {
    const { recording, theme } = ctx;
    width = Math.max(node.clientWidth, 200);
    tall = (node.closest(".lens") ?? node).clientWidth > 1.5 * width ? TALL.wide : TALL.narrow;
    scale = timeScale(recording);
    const most = Math.max(...recording.loss, ...recording.curve.loss, 0.001);
    plot = plotFor(theme, number(most));
    const height = 2 * tall + plot.gap + plot.top + plot.foot;
    const [one, two] = [plot.top, plot.top + tall + plot.gap];
    const green = recording.palette.kinds.cross;
    /** @type {{steps: number[], values: number[], name: string, colour: string}[]} */
    const lines = [];
    const name = (/** @type {string} */ long, /** @type {string} */ short) => (width < 480 ? short : long);
    const quality = recording.curve.share;
    if (quality.step.length) lines.push({ steps: quality.step, values: quality.values, name: name(quality.name, quality.short), colour: theme.muted });
    if (recording.errors) {
      lines.push({ steps: recording.steps, values: recording.bestErrors, name: name("alignment error, best head", "error: best head"), colour: green });
    }
    chosen = recording.errors ? svg("polyline", { class: "curve dashed", stroke: green }) : null;
    /** @type {Legend[]} */
    const legend = [...lines];
    if (chosen) legend.push({ name: name("chosen head", "chosen"), colour: green, dashed: true });
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute("width", String(width));
    picture.setAttribute("height", String(height));
    picture.setAttribute("aria-label", "Loss, quality and alignment error over the steps of the training");
    /** @type {Legend[]} */
    const loss = [{ name: name("training loss, nats per token", "loss, nats per token"), colour: theme.text }, { name: `on this ${recording.noun}`, colour: theme.text, dot: true }];
    picture.replaceChildren(
      ...frame(one, [0, most], recording.curve.step.length ? loss : loss.slice(1)),
      ...frame(two, [0, 1], legend),
      polyline(recording.curve.step, recording.curve.loss, one, most, theme.text),
      ...(recording.steps.length < 60 ? recording.steps.map((step, i) => svg("circle", {
        class: "dot", cx: xOf(step), cy: yOf(recording.loss[i], one, most), r: 2.5,
      })) : [polyline(recording.steps, recording.loss, one, most, theme.text)]),
      ...lines.map(({ steps, values, colour }) => polyline(steps, values, two, 1, colour)),
      ...(chosen ? [chosen] : []),
      ...(marks = [svg("line", { class: "mark" }), svg("line", { class: "mark second" })]),
    );
    for (const mark of marks) {
      mark.setAttribute("y1", String(one - 6));
      mark.setAttribute("y2", String(two + tall));
    }
    slider.style.marginLeft = `${plot.left - 8}px`;
    slider.style.width = `${width - plot.left - plot.right + 16}px`;
    drawTicks(recording);
    note.textContent = recording.even ? "Training step; the kept steps stand at equal distances." : "Training step.";
    drawnFor = recording.id;
  }

  const yOf = (/** @type {number} */ value, /** @type {number} */ top, /** @type {number} */ most) => top + tall * (1 - value / most);

  function points(/** @type {number[]} */ steps, /** @type {number[]} */ values, /** @type {number} */ top, /** @type {number} */ most) {
    return steps.map((step, i) => `${xOf(step).toFixed(1)},${yOf(values[i], top, most).toFixed(1)}`).join(" ");
  }

  function polyline(/** @type {number[]} */ steps, /** @type {number[]} */ values, /** @type {number} */ top, /** @type {number} */ most, /** @type {string} */ colour) {
    return svg("polyline", { class: "curve", stroke: colour, points: points(steps, values, top, most) });
  }

  /** Axis, its ends, and what the lines are. */
  function frame(/** @type {number} */ top, /** @type {number[]} */ [low, high], /** @type {Legend[]} */ legend) {
    const right = width - plot.right;
    /** @type {SVGElement[]} */
    const parts = [0, 0.5, 1].map((share) =>
      svg("line", { class: "grid", x1: plot.left, x2: right, y1: top + tall * share, y2: top + tall * share }));
    for (const [value, share] of [[high, 0], [low, 1]]) {
      parts.push(svg("text", { class: "end", x: plot.left - 6, y: top + tall * share }, number(value)));
    }
    let x = plot.left + 2;
    for (const { name, colour, dashed, dot } of legend) {
      parts.push(dot
        ? svg("circle", { class: "dot", cx: x + 7, cy: top - plot.top / 2, r: 2.5 })
        : svg("line", { class: dashed ? "key dashed" : "key", stroke: colour, x1: x, x2: x + 14, y1: top - plot.top / 2, y2: top - plot.top / 2 }));
      const text = svg("text", { class: "name", x: x + 18, y: top - plot.top / 2 }, name);
      parts.push(text);
      x += 30 + name.length * 0.43 * ctx.theme.size;
    }
    return parts;
  }

  /** The steps' numbers, as many as there is room for, the last one always. */
  function drawTicks(/** @type {Recording} */ recording) {
    const all = recording.steps.map((step) => ({ step, x: xOf(step) }));
    const kept = [];
    let next = Infinity;
    for (const tick of all.reverse()) {
      const room = stepName(tick.step).length * 0.54 * ctx.theme.size + 10;
      if (next - tick.x < room && kept.length) continue;
      kept.push(tick);
      next = tick.x;
    }
    ticks.replaceChildren(...kept.map(({ step, x }) => {
      const tick = el("span", {}, stepName(step));
      tick.style.left = `${x}px`;
      return tick;
    }));
  }

  function place(/** @type {PlayerState} */ state) {
    const { recording } = ctx;
    [state.at, state.other].forEach((at, i) => {
      marks[i].style.display = at === null ? "none" : "";
      if (at === null) return;
      marks[i].setAttribute("x1", String(xOf(recording.steps[at])));
      marks[i].setAttribute("x2", String(xOf(recording.steps[at])));
    });
    slider.value = String(1000 * scale(recording.steps[state.at]));
    slider.setAttribute("aria-valuetext", `step ${stepName(recording.steps[state.at])}`);
    if (!chosen) return;
    const top = plot.top + tall + plot.gap;
    const values = state.kind === "cross" ? recording.steps.map((_, i) => errorOf(recording, i, state.layer, state.head)) : [];
    chosen.setAttribute("points", values.length ? points(recording.steps, values, top, 1) : "");
  }

  slider.addEventListener("input", () => go(nearest(Number(slider.value) / 1000)));
  slider.addEventListener("keydown", (event) => {
    const { at } = ctx.store.get();
    const to = {
      ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
      PageDown: at - 3, PageUp: at + 3, Home: 0, End: ctx.recording.last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  const drag = (/** @type {PointerEvent} */ event) => {
    if (event.type === "pointermove" && !(event.buttons & 1)) return;
    const x = event.clientX - picture.getBoundingClientRect().left;
    go(nearest((x - plot.left) / (width - plot.left - plot.right)));
  };
  picture.addEventListener("pointerdown", drag);
  picture.addEventListener("pointermove", drag);

  return {
    node,
    paint(/** @type {Changed} */ changed) {
      if (drawnFor !== ctx.recording.id || ["theme", "size"].some((name) => changed.has(name))) draw();
      place(ctx.store.get());
    },
  };
}

/**
 * Room for the type that is used, and for the longest number at the axis.
 * @param {Theme} theme
 * @param {string} longest
 */
function plotFor({ size }, longest) {
  const times = Math.max(1, size / 13);
  const { left, right, gap, top, foot } = PLOT;
  return { left: Math.max(left, longest.length * 0.58 * size + 12), right, gap: gap * times, top: top * times, foot: foot * times };
}
