// Buttons that save a Plotly chart of the page as it is drawn: its layers of SVG, put into one.

import { el } from "../shared/dom.js";
import { savePng, saveText } from "../shared/download.js";
import { mountWith } from "../shared/streamlit.js";
import css from "../shared/look.css";

export const mount = mountWith(css, (call) => {
  let { data } = call;
  const save = (/** @type {(picture: {text: string, width: number, height: number}) => void} */ make) => () => {
    const plot = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
    if (plot) make(chartSvg(plot));
  };
  const item = (/** @type {string} */ label, /** @type {(picture: {text: string, width: number, height: number}) => void} */ make) => el("button", { type: "button", onclick: save(make) }, label);
  const node = el("div", { class: "lens" }, el("div", { class: "row" },
    item("Save as PNG", (picture) => savePng(picture, `${data.name}.png`)),
    item("Save as SVG", (picture) => saveText(picture.text, "image/svg+xml", `${data.name}.svg`))));
  call.parentElement.append(node);
  return {
    again(next) { ({ data } = next); },
    close: () => node.remove(),
  };
});

/**
 * @param {Element} plot
 */
function chartSvg(plot) {
  const layers = [...plot.querySelectorAll(".main-svg")];
  const { width, height } = layers[0].getBoundingClientRect();
  const drawn = layers.map((layer) => {
    const copy = /** @type {Element} */ (layer.cloneNode(true));
    copy.querySelector(".hoverlayer")?.remove();
    return new XMLSerializer().serializeToString(copy);
  });
  const page = getComputedStyle(document.querySelector("[data-testid=stApp]") || document.body);
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><rect width="100%" height="100%" fill="${page.backgroundColor}"/>` +
    `${drawn.join("")}</svg>`;
  return { text, width, height };
}
