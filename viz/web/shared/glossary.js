// One tooltip for all terms of a page, also those within shadow roots: it can be pointed at, and Escape hides it.

import glossary from "../../glossary.json" with { type: "json" };
import { el } from "./dom.js";
import { ANCHOR, slugOf } from "./gloss.js";

const GLOSSES = new Map(glossary.map(({ name, gloss }) => [slugOf(name), { name, gloss }]));
const MARKED = `[data-gloss], a[href^="${ANCHOR}"]`;
const [SHOW, HIDE] = [250, 200]; // milliseconds, so that a pointer that passes by leaves the page alone
const ONCE = Symbol.for("headlight-glosses");
export const STYLE = `
a[href^="${ANCHOR}"] { color: inherit !important; text-decoration: underline dotted 1px !important; text-underline-offset: 0.2em; cursor: help; }
.headlight-gloss { position: fixed; z-index: 1000000; max-width: min(22rem, calc(100vw - 1rem)); padding: 0.5rem 0.75rem; border-radius: 0.35rem;
  font: 400 max(0.875rem, var(--least, 0px))/1.45 inherit; box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
.headlight-gloss b { display: block; }
@media print { .headlight-gloss { display: none; } }
`;

/**
 * Listen on a page, once, however many of its parts ask for it.
 * @param {Document & {[ONCE]?: boolean}} page
 */
export function listen(page) {
  if (page[ONCE]) return;
  page[ONCE] = true;
  const box = el("div", { class: "headlight-gloss", role: "tooltip" });
  box.style.display = "none";
  page.body.append(box);
  let timer = 0;
  /** @type {Element | null} */
  let at = null;

  const later = (/** @type {number} */ wait, /** @type {() => void} */ act) => {
    clearTimeout(timer);
    timer = window.setTimeout(act, wait);
  };
  const hide = () => {
    clearTimeout(timer);
    box.style.display = "none";
    at = null;
  };
  const show = (/** @type {Element} */ marked) => {
    const known = glossFor(marked);
    if (!known) return;
    clearTimeout(timer);
    at = marked;
    box.replaceChildren(el("b", {}, known.name), known.gloss);
    wear(box, page);
    box.style.display = "block";
    stand(box, marked.getBoundingClientRect());
  };

  // Between two places of one shadow root these events stay inside of it, so each root is listened to as well.
  /** @type {WeakSet<Node>} */
  const heard = new WeakSet();
  const hear = (/** @type {Node} */ root) => {
    if (heard.has(root)) return;
    heard.add(root);
    root.addEventListener("pointerover", over, true);
    root.addEventListener("focusin", into, true);
    root.addEventListener("focusout", hide, true);
  };
  const enter = (/** @type {Event} */ event) => event.composedPath().forEach((one) => { if (one instanceof ShadowRoot) hear(one); });
  const over = (/** @type {Event} */ event) => {
    enter(event);
    if (event.composedPath().includes(box)) return clearTimeout(timer);
    const marked = markedOf(event);
    if (marked && /** @type {PointerEvent} */ (event).pointerType !== "touch") later(at ? 0 : SHOW, () => show(marked));
    else if (at) later(HIDE, hide);
    else clearTimeout(timer);
    return undefined;
  };
  const into = (/** @type {Event} */ event) => {
    enter(event);
    const marked = markedOf(event);
    if (!marked) return;
    marked.setAttribute("aria-description", glossFor(marked)?.gloss ?? "");
    if (marked.matches(":focus-visible")) show(marked);
  };
  hear(page);
  page.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); }, true);
  page.addEventListener("scroll", () => { // the focus itself may have scrolled the page
    if (at?.matches(":focus-visible")) stand(box, at.getBoundingClientRect());
    else hide();
  }, true);
  page.addEventListener("click", (event) => {
    const marked = markedOf(event);
    if (marked?.matches("a, .term")) {
      event.preventDefault(); // a link of the markdown leads nowhere
      event.stopPropagation();
      show(marked);
    } else hide();
  }, true);
}

/**
 * The marked element that an event is about.
 * @param {Event} event
 * @returns {Element | undefined}
 */
function markedOf(event) {
  const marked = event.composedPath().find((one) => one instanceof Element && one.matches(MARKED));
  return /** @type {Element | undefined} */ (marked);
}

/**
 * @param {Element} marked
 */
export function glossFor(marked) {
  return GLOSSES.get(marked.getAttribute("data-gloss") ?? decodeURIComponent(marked.getAttribute("href") ?? "").slice(ANCHOR.length));
}

/**
 * The page's colours, the other way round.
 * @param {HTMLElement} box
 * @param {Document} page
 */
function wear(box, page) {
  const { color, backgroundColor, fontFamily } = getComputedStyle(page.querySelector("[data-testid=stApp]") ?? page.body);
  Object.assign(box.style, { color: backgroundColor, backgroundColor: color, fontFamily });
}

/**
 * Below the term where there is room, else above it; always within the window.
 * @param {HTMLElement} box
 * @param {DOMRect} place
 */
function stand(box, place) {
  const { width, height } = box.getBoundingClientRect();
  const below = place.bottom + 6;
  const top = below + height > innerHeight && place.top > height + 6 ? place.top - height - 6 : below;
  const left = Math.max(8, Math.min(place.left, innerWidth - width - 8));
  Object.assign(box.style, { top: `${top}px`, left: `${left}px` });
}
