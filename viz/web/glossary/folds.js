// What a fold's button opens hangs at the page's end: by keys it is as if it stood behind its button.

const OPEN = '[data-testid="stPopoverButton"][aria-expanded="true"]';
const OPENED = '[data-testid="stPopoverBody"]';
const REACHED = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']";

/** @param {Document} page */
export function joinFolds(page) {
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
    const button = /** @type {HTMLElement | null} */ (page.querySelector(OPEN));
    const opened = page.querySelector(OPENED);
    if (!button || !opened) return;
    const inside = [.../** @type {NodeListOf<HTMLElement>} */ (opened.querySelectorAll(REACHED))]
      .filter((one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }));
    const [first, last, now] = [inside[0], inside.at(-1), page.activeElement];
    if (now === button && !event.shiftKey && first) {
      event.preventDefault();
      first.focus();
    } else if (now === first && event.shiftKey) {
      event.preventDefault();
      button.focus();
    } else if (now === last && !event.shiftKey) button.focus(); // from where the browser itself goes on
  }, true);
}
