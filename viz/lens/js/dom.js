// Making elements. Text always becomes a text node, never markup.

const SVG = "http://www.w3.org/2000/svg";

function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Give a canvas a size in CSS pixels, backed by as many device pixels; returns its context. */
function sizeCanvas(canvas, width, height, ratio = window.devicePixelRatio || 1) {
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Cut a text so that it fits, with an ellipsis. */
function fitText(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let n = text.length;
  while (n > 1 && context.measureText(`${text.slice(0, n)}…`).width > width) n -= 1;
  return `${text.slice(0, n)}…`;
}

/** Three decimals, with a true minus sign; what rounds to zero has none. */
function number(value) {
  if (value === -Infinity) return "−∞";
  return value.toFixed(3).replace(/^-0\.000$/, "0.000").replace("-", "−");
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

const KIND_NAMES = {
  encoder_self: "encoder self-attention",
  decoder_self: "decoder self-attention",
  cross: "cross-attention",
};

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
