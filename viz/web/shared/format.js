// Numbers and words as they are written everywhere.

/**
 * Three decimals, with a true minus sign; what rounds to zero has none.
 * @param {number} value
 */
export function number(value) {
  if (value === -Infinity) return "−∞";
  return value.toFixed(3).replace(/^-0\.000$/, "0.000").replace("-", "−");
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

/**
 * @param {string} text
 */
export function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
