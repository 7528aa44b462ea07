// The wall: what pupils sent. Text is a text node, nothing else.

/** @import { Act, ClassData, Entry } from "./types.js" */
import { el } from "../../shared/dom.js";

/**
 * One entry, large, for the projector and for all who follow; made once, so that a sound plays to its end.
 * @param {...HTMLElement} beside what stands below it
 */
export function entryPlace(...beside) {
  const node = el("div", {});
  let shown = 0;
  return {
    node,
    paint(/** @type {Entry | null | undefined} */ entry) {
      const id = entry?.id ?? 0;
      if (id === shown) return;
      shown = id;
      node.replaceChildren(...(entry ? [el("figure", { class: "entry" }, content(entry), el("figcaption", {}, entry.name)), ...beside] : []));
    },
  };
}

/** @param {Entry} entry */
function content({ kind, body, name }) {
  if (kind === "text") return el("p", {}, body);
  if (!body) return el("p", { class: "note" }, kind === "picture" ? "A drawing: show it to see it." : "A sound: show it to hear it.");
  if (kind === "picture") return el("img", { src: body, alt: `Drawing of ${name}` });
  return el("audio", { src: body, controls: true, "aria-label": `Sound of ${name}` });
}

/**
 * The teacher's list, the newest first. An entry stays what it is when others come, so that a press or the keyboard's
 * place is not lost.
 * @param {Act} act
 */
export function wallList(act) {
  const none = el("li", {}, "Nothing has been sent yet.");
  const list = el("ul", { class: "wall" }, none);
  /** @type {Map<number, ReturnType<typeof wallItem>>} */
  let items = new Map();
  return {
    node: list,
    paint(/** @type {ClassData} */ { wall, entry }) {
      const before = items;
      items = new Map(wall.map((one) => [one.id, before.get(one.id) ?? wallItem(one, act)]));
      for (const [id, { node }] of before) if (!items.has(id)) node.remove();
      [...items.values()].forEach(({ node }, i) => { if (list.children[i] !== node) list.insertBefore(node, list.children[i]); });
      for (const [id, item] of items) item.paint(entry?.id === id);
      if (wall.length) none.remove();
      else list.append(none);
    },
  };
}

/**
 * @param {Entry} one
 * @param {Act} act
 */
function wallItem(one, act) {
  let shown = false;
  const show = el("button", { type: "button", onclick: () => act("show", { entry: shown ? 0 : one.id }) });
  return {
    node: el("li", {}, el("b", {}, one.name), content(one), show,
      el("button", { type: "button", onclick: () => act("try", { entry: one.id }) }, "Let the model read it"),
      el("button", { type: "button", class: "quiet", "aria-label": `Remove what ${one.name} sent`, onclick: () => act("remove", { entry: one.id }) }, "Remove")),
    paint(/** @type {boolean} */ now) {
      shown = now;
      show.textContent = shown ? "Put away" : "Show to all";
    },
  };
}
