// Menus that fold out: they close on Escape, and on a press outside, which then does nothing else to a picture.

const PICTURES = ".stage, .strip, .thumb, .block"; // where a press acts on what one was looking at

/**
 * @param {HTMLDetailsElement} menu
 */
export function closeOutside(menu) {
  const outside = (/** @type {Event} */ event) => {
    const path = event.composedPath();
    if (path.includes(menu)) return;
    menu.open = false;
    const onPicture = path.some((one) => one instanceof Element && one.matches(PICTURES));
    if (onPicture) swallowClick();
  };
  menu.addEventListener("toggle", () => {
    if (menu.open) window.addEventListener("pointerdown", outside, true);
    else window.removeEventListener("pointerdown", outside, true);
  });
  return menu;
}

/** The click that follows this press reaches nobody. */
function swallowClick() {
  const stop = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    end();
  };
  const late = () => window.setTimeout(end, 0); // a press that ends without a click
  function end() {
    window.removeEventListener("click", stop, true);
    window.removeEventListener("pointerup", late, true);
  }
  window.addEventListener("click", stop, true);
  window.addEventListener("pointerup", late, true);
}
