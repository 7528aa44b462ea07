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
 * The same without decimals where there are none: a number that somebody gave.
 * @param {number} value
 */
export function short(value) {
  return Number.isInteger(value) ? String(value).replace("-", "−") : number(value);
}

/**
 * A share of 1: three decimals, and of those that are too small for them that they are.
 * @param {number} value
 */
export function probability(value) {
  return value > 0 && value < 0.0005 ? "< 0.001" : number(value);
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

/**
 * Text as a cell of a CSV file, quoted; what a spreadsheet would compute has an apostrophe before it (model/cells.py).
 * @param {string} value
 */
export function csvText(value) {
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
