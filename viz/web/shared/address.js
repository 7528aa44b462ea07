// The page's address. No other file touches `location` or `history`.

/**
 * @param {string} name
 * @returns {string | null} the parameter as it stands in the address
 */
export function get(name) {
  return new URLSearchParams(location.search).get(name);
}

/**
 * Put values into the address, in place; null takes a parameter out.
 * @param {Record<string, string | number | null | undefined>} values
 */
export function change(values) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, String(value));
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
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
