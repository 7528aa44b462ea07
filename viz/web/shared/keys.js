// Keys that more than one picture listens to.

/**
 * Rows down, columns right.
 * @type {Record<string, [number, number]>}
 */
export const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const LETTERS = "headlight-letters";

/** Whether keys of one letter or digit act; who speaks to the machine, or slips easily, switches them off. */
export function lettersOn() {
  try {
    return localStorage.getItem(LETTERS) !== "off";
  } catch {
    return true; // a frame that may keep nothing
  }
}

/**
 * @param {boolean} on
 */
export function switchLetters(on) {
  try {
    localStorage.setItem(LETTERS, on ? "on" : "off");
  } catch {
    // nothing is kept there
  }
}

/**
 * Whether a key is one letter, digit or sign that is switched off.
 * @param {KeyboardEvent} event
 */
export function isOff(event) {
  return event.key.length === 1 && event.key !== " " && !lettersOn();
}

/**
 * Keys that are switched off reach nobody, not even the buttons of Streamlit that have a letter of their own.
 * @param {Window} page
 */
export function hushLetters(page) {
  page.addEventListener("keydown", (event) => {
    const target = /** @type {Element} */ (event.composedPath()[0]);
    const typing = target.matches?.("input:not([type=range]), textarea, select, [contenteditable]");
    if (isOff(event) && !withModifier(event) && !typing) event.stopImmediatePropagation();
  }, true);
}

/**
 * @param {KeyboardEvent} event
 */
export function withModifier(event) {
  return event.ctrlKey || event.metaKey || event.altKey;
}
