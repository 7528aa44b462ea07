// Who this browser was in which class, for a reload: in the browser's own store, the last few classes.

const NAME = "headlight-classes";
const MOST = 5;

/** @typedef {{code?: string, token?: string, secret?: string}} Who */

/** @returns {Who[]} */
function all() {
  try {
    const read = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return Array.isArray(read) ? read : [];
  } catch {
    return []; // storage may be forbidden, or hold anything
  }
}

/** @param {Who[]} list */
function write(list) {
  try {
    localStorage.setItem(NAME, JSON.stringify(list.slice(0, MOST)));
  } catch { /* see above */ }
}

/**
 * @param {string} code
 * @returns {Who}
 */
export function kept(code) {
  return all().find((one) => one.code === code) ?? {};
}

/** @param {Who} who */
export function keep(who) {
  const before = kept(who.code ?? "");
  if (before.token === who.token && before.secret === who.secret) return;
  write([who, ...all().filter((one) => one.code !== who.code)]);
}

/** @param {string} code */
export function forget(code) {
  if (kept(code).code) write(all().filter((one) => one.code !== code));
}
