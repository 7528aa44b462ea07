// What scrolls by itself can be scrolled by keys, too: Streamlit's tables and figures take no focus.

const WIDE = ".st-key-ways-table, .st-key-ways-table *, .st-key-beam_tree, [data-testid=stTable], [data-testid=stTable] *";
const REST = 400; // milliseconds without a change, so that a page being drawn is left alone

/**
 * Keep all of them within reach of Tab, from now on.
 * @param {Document} page
 */
export function keepInReach(page) {
  let timer = 0;
  const look = () => page.querySelectorAll(WIDE).forEach((one) => {
    const scrolls = one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX === "auto";
    if (scrolls) one.setAttribute("tabindex", "0");
    else one.removeAttribute("tabindex");
  });
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(look, REST);
  };
  new MutationObserver(later).observe(page.body, { childList: true, subtree: true });
  window.addEventListener("resize", later);
  later();
}
