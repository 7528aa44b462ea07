// The stops of the tour, as driver.js takes them; a stop whose place is not on the page is left out.

/**
 * @typedef {object} Stop
 * @property {string} at a selector, of the page or within one of its parts
 * @property {string} title
 * @property {string} text
 */

/**
 * @param {Stop[]} stops
 * @param {(selector: string) => Element | null} find
 * @returns {import("driver.js").DriveStep[]}
 */
export function stepsOf(stops, find) {
  return stops.flatMap(({ at, title, text }) => {
    const element = find(at);
    return element ? [{ element, popover: { title, description: text } }] : [];
  });
}

/**
 * The first element in sight that fits, also within the shadow roots of the page's parts.
 * @param {string} selector
 * @param {Document | ShadowRoot} root
 * @returns {Element | null}
 */
export function deepest(selector, root = document) {
  const here = [...root.querySelectorAll(selector)].find((one) => one.checkVisibility());
  if (here) return here;
  for (const one of root.querySelectorAll("*")) {
    const within = one.shadowRoot && deepest(selector, one.shadowRoot);
    if (within) return within;
  }
  return null;
}
