// How a part of the page lives in Streamlit: opened once at its place, told of every later call, and closed.


/**
 * What Streamlit hands over at each call (components v2).
 * @template Data
 * @typedef {object} Call
 * @property {ShadowRoot} parentElement the place on the page
 * @property {Data} data what Python sent
 * @property {(name: string, value: unknown) => void} setStateValue kept by Python, with a rerun
 * @property {(name: string, value: unknown) => void} setTriggerValue told to Python once, with a rerun
 */

/**
 * @template Data
 * @typedef {object} Part
 * @property {(call: Call<Data>) => void} again new data, or the same under a new theme
 * @property {() => void} close
 */

/**
 * The function that a component's module exports as `mount`.
 *
 * Streamlit may call again before an earlier call's answer has reached it, and then ends the earlier call:
 * only the latest call's end closes the part.
 * @template Data
 * @param {string} css style of the part, put into its shadow root
 * @param {(call: Call<Data>) => Part<Data> | null} open null where there is nothing to show yet
 * @returns {(call: Call<Data | null>) => (() => void) | undefined}
 */
export function mountWith(css, open) {
  /** @type {Map<ShadowRoot, {part: Part<Data>, calls: number}>} */
  const places = new Map();
  const sheet = sheetOf(css);
  return (given) => {
    if (!given.data) return undefined;
    const call = /** @type {Call<Data>} */ (given);
    const root = call.parentElement;
    dress(root, sheet);
    const known = places.get(root);
    const part = known ? known.part : open(call);
    if (!part) return undefined;
    if (known) part.again(call);
    const place = known ?? { part, calls: 0 };
    places.set(root, place);
    place.calls += 1;
    const { calls } = place;
    return () => {
      if (places.get(root) !== place || place.calls !== calls) return;
      place.part.close();
      places.delete(root);
    };
  };
}

/**
 * @param {string} css
 * @returns {CSSStyleSheet}
 */
export function sheetOf(css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

/**
 * Give a shadow root, or a whole page, its style.
 * @param {ShadowRoot | Document} root
 * @param {CSSStyleSheet} sheet
 */
export function dress(root, sheet) {
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
