// The page's address. No other file touches `location` or `history`.
//
// Parts of the page read it with `get` and say what a person chose with `change`; `viz/web/selection` writes it and tells
// Python. After Back, Forward or a choice that Python made, `onRestored` has them read it again.

const [CHANGE, RESTORED] = ["headlight:change", "headlight:restored"];

/** @typedef {Record<string, string | number | null | undefined>} Values null, undefined and "" take a parameter out */

/**
 * @param {string} name
 * @returns {string | null} the parameter as it stands in the address
 */
export function get(name) {
  return new URLSearchParams(location.search).get(name);
}

/**
 * Have values put into the address.
 * @param {Values} values
 * @param {{push?: boolean, now?: boolean}} [how] push: a person did it, so it is an entry of the history; now: at once,
 *   because Python is told something in the same breath
 */
export function change(values, { push = true, now = false } = {}) {
  if (restoring) return;
  const texts = Object.entries(values).map(([name, value]) => [name, value === undefined || value === "" ? null : value]);
  const changes = Object.fromEntries(texts.map(([name, value]) => [name, value === null ? null : String(value)]));
  window.dispatchEvent(new CustomEvent(CHANGE, { detail: { changes, push, now } }));
}

/**
 * @param {(detail: {changes: Record<string, string | null>, push: boolean, now: boolean}) => void} listener
 */
export function onChange(listener) {
  window.addEventListener(CHANGE, (event) => listener(/** @type {CustomEvent} */ (event).detail));
}

let restoring = false;

/**
 * @param {() => void} listener the address is another one; what follows from that is no change of it
 * @returns {() => void} an end to it
 */
export function onRestored(listener) {
  const quietly = () => {
    restoring = true;
    try {
      listener();
    } finally {
      restoring = false;
    }
  };
  window.addEventListener(RESTORED, quietly);
  return () => window.removeEventListener(RESTORED, quietly);
}

export function restored() {
  window.dispatchEvent(new Event(RESTORED));
}

/** @returns {{query: string, path: string}} what the address says, without the `?` */
export function here() {
  return { query: location.search.slice(1), path: location.pathname };
}

/**
 * Give the page another query.
 * @param {string} query
 * @param {boolean} push as a new entry of the history
 */
export function show(query, push) {
  const url = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
  if (push) history.pushState({}, "", url);
  else history.replaceState(history.state, "", url);
}

/** @returns {string} a link to what is shown now */
export function link() {
  return location.href;
}

/**
 * What stands after the `#` of a file from disk, which has no parameters of its own.
 * @param {string} name
 * @returns {string | null}
 */
export function fragment(name) {
  return new URLSearchParams(location.hash.slice(1)).get(name);
}

/** Take what stands after the `#` out of the address: it was read, and is nobody else's to see. */
export function dropFragment() {
  if (location.hash) history.replaceState(history.state, "", `${location.pathname}${location.search}`);
}
