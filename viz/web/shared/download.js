// Texts and pictures to the clipboard or into files.

import { el, sizeCanvas } from "./dom.js";

/**
 * To the clipboard; where the page is not secure (a class's plain http), by the older way.
 * @param {string} text_
 * @param {HTMLElement} beside
 */
export async function copyText(text_, beside) {
  try {
    await navigator.clipboard.writeText(text_);
    return true;
  } catch {
    const field = el("textarea", { style: "position: fixed; opacity: 0" });
    field.value = text_;
    beside.after(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    beside.focus();
    return done;
  }
}

/**
 * @param {string} content
 * @param {string} type
 * @param {string} name
 */
export function saveText(content, type, name) {
  saveBlob(new Blob([content], { type }), name);
}

/**
 * @param {{text: string, width: number, height: number}} given
 * @param {string} name
 */
export function savePng({ text: source, width, height }, name) {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    const context = sizeCanvas(canvas, width, height, 2);
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, width, height);
    canvas.toBlob((blob) => { if (blob) saveBlob(blob, name); }, "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function saveBlob(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(address), 1000);
}
