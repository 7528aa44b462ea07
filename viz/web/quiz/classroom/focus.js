// Where the keyboard goes on, when what had the focus is gone or hidden.

const REACHED = "button, input, select, summary, [tabindex='0']";

/**
 * What has the focus, inside parts of the page as well; null for nothing.
 * @returns {HTMLElement | null}
 */
export function focused() {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found instanceof HTMLElement && found !== document.body ? found : null;
}

/** @param {HTMLElement} node */
export function isSeen(node) {
  return node.isConnected && node.checkVisibility({ visibilityProperty: true });
}

/**
 * What is around an element, from the inside out, as far as `root`; to be asked before it is gone.
 * @param {HTMLElement} node
 * @param {HTMLElement} root
 */
export function around(node, root) {
  const found = [];
  for (let at = node.parentElement; at && root.contains(at); at = at.parentElement) found.push(at);
  return found;
}

/**
 * The first heading in sight that can be read from.
 * @param {HTMLElement} node
 */
export function headingOf(node) {
  return firstSeen(node, "h2[tabindex]");
}

/**
 * Go on in the first of these places that has something for the keyboard: at its heading, or at what comes first.
 * @param {HTMLElement[]} places
 */
export function goOn(places) {
  for (const place of places) {
    const next = headingOf(place) ?? firstSeen(place, REACHED);
    if (next) return next.focus({ preventScroll: true });
  }
}

/**
 * @param {HTMLElement} node
 * @param {string} selector
 */
function firstSeen(node, selector) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll(selector))].find(isSeen);
}
