// The wall: what pupils sent. Text is a text node, nothing else.

/** @import { Act, ClassData, Entry } from "./types.js" */
import { el } from "../../shared/dom.js";

/**
 * One entry, large, for the projector and for all who follow.
 * @param {Entry} entry
 */
export function entryNode(entry) {
  return el("figure", { class: "entry" }, content(entry), el("figcaption", {}, entry.name));
}

/** @param {Entry} entry */
function content({ kind, body, name }) {
  if (kind === "text") return el("p", {}, body);
  if (!body) return el("p", { class: "note" }, kind === "picture" ? "A drawing: show it to see it." : "A sound: show it to hear it.");
  if (kind === "picture") return el("img", { src: body, alt: `Drawing of ${name}` });
  return el("audio", { src: body, controls: true, "aria-label": `Sound of ${name}` });
}

/**
 * The teacher's list.
 * @param {Act} act
 */
export function wallList(act) {
  const list = el("ul", { class: "wall" });
  let shown = "";
  return {
    node: list,
    paint(/** @type {ClassData} */ { wall, entry }) {
      const name = `${wall.map(({ id }) => id)}/${entry?.id}`;
      if (name === shown) return;
      shown = name;
      list.replaceChildren(...wall.map((one) => el("li", {}, el("b", {}, one.name), content(one),
        el("button", { type: "button", onclick: () => act("show", { entry: entry?.id === one.id ? 0 : one.id }) },
          entry?.id === one.id ? "Put away" : "Show to all"),
        el("button", { type: "button", onclick: () => act("try", { entry: one.id }) }, "Let the model read it"),
        el("button", { type: "button", class: "quiet", "aria-label": `Remove what ${one.name} sent`, onclick: () => act("remove", { entry: one.id }) }, "Remove"))));
      if (!wall.length) list.append(el("li", {}, "Nothing has been sent yet."));
    },
  };
}
