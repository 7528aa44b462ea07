// Keys that more than one picture listens to.

/**
 * Rows down and columns right.
 * @type {Record<string, [number, number]>}
 */
/**
 * Rows down, columns right.
 * @type {Record<string, [number, number]>}
 */
export const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {KeyboardEvent} event
 */
export function withModifier(event) {
  return event.ctrlKey || event.metaKey || event.altKey;
}
