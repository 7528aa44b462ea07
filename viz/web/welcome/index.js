// The first visit: one line that says what this is, and a tour of the live page. Once closed, never again.

import { driver } from "driver.js";
import { el } from "../shared/dom.js";
import { dress, mountWith, sheetOf } from "../shared/streamlit.js";
import { deepest, stepsOf } from "./tour.js";
import css from "./welcome.css";
import words from "./words.json" with { type: "json" };
import tourCss from "driver.js/dist/driver.css";
import ownTourCss from "./tour.css";

const KEPT = "headlight-welcome"; // in the browser's own store; its value means that the line was closed

/** @typedef {{reads: "text" | "picture" | "sound"}} Greeted what the chosen model reads */

export const mount = mountWith(css, (/** @type {import("../shared/streamlit.js").Call<Greeted>} */ call) => {
  let { reads } = call.data;
  const place = /** @type {HTMLElement | null} */ (call.parentElement.host.closest(".st-key-welcome"));
  const show = (/** @type {boolean} */ on) => { if (place) place.style.display = on ? "flex" : "none"; };
  const close = () => {
    remember();
    show(false);
  };
  const begin = () => {
    const tour = driver({
      steps: stepsOf([words.begins[reads], ...words.stops], deepest), showProgress: true, doneBtnText: words.done, allowClose: true,
      animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      onDestroyed: close,
    });
    dress(document, sheetOf(tourCss + ownTourCss));
    tour.drive();
  };
  const line = el("p", {}, words.lines[reads]);
  const node = el("div", { class: "welcome", role: "region", "aria-label": "Welcome" },
    line,
    el("button", { type: "button", class: "main", "data-testid": "tour", onclick: begin }, words.tour),
    el("button", { type: "button", "data-testid": "close-welcome", onclick: close }, words.close));
  call.parentElement.append(node);
  show(!closedBefore());
  return {
    again({ data }) {
      ({ reads } = data);
      line.textContent = words.lines[reads];
    },
    close: () => node.remove(),
  };
});

/** Storage may be forbidden; then the line is there at every visit. */
function closedBefore() {
  try {
    return localStorage.getItem(KEPT) !== null;
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(KEPT, "closed");
  } catch { /* see above */ }
}
