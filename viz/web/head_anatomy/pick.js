// One head's weights, to choose a cell from: a click, or arrows and Enter, tells Python.

/** @import { At, Drawing } from "./types.js" */
import { SHORTEST, cellSides } from "../shared/axes.js";
import { el } from "../shared/dom.js";
import { clamp, probability } from "../shared/format.js";
import { ARROWS } from "../shared/keys.js";
import { colourBar, createPanel, indexName, partColumns, partRows, shapeText, widestRow } from "./panel.js";

/**
 * @param {Drawing} ctx
 * @param {HTMLElement} root
 */
export function createPicker(ctx, root) {
  const { header, theme } = ctx;
  const part = header.parts[0];
  const readout = el("p", { class: "readout", "aria-live": "polite" });
  const stage = el("div", { class: "scroll" });
  root.append(stage, readout);
  let chosen = { row: header.cell.query, col: header.cell.key };
  const room = Math.max(120, (root.clientWidth || 360) - widestRow(part, theme) - 20);
  const shape = { rows: partRows(part), cols: partColumns(part) };
  const [tallest, most] = [theme.size * 26, theme.size * 2.7];
  const square = clamp(Math.min(room / shape.cols, tallest / shape.rows), 2, most);
  const limits = { name: theme.size, least: tallest * SHORTEST, most };
  const panel = createPanel(part, {
    size: cellSides(shape, square, { w: room, h: tallest }, limits), labels: { rows: true, columns: true }, theme,
    name: `${part.name}, ${shapeText(part)}: choose a cell`,
    onHover: (at) => show(at || chosen),
    onClick: (at) => { if (at) choose(at); },
    onKey: move,
  });
  stage.append(panel.node);
  const foot = el("div", { class: "head" }, colourBar(part, theme), el("span", { class: "note" }, header.note));
  root.append(foot);
  let hand = chosen;
  show(chosen);

  function move(/** @type {KeyboardEvent} */ event) {
    if (event.key === "Enter") return choose(hand);
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return undefined;
    event.preventDefault();
    return show({ row: clamp(hand.row + step[0], 0, partRows(part) - 1), col: clamp(hand.col + step[1], 0, partColumns(part) - 1) });
  }

  function choose(/** @type {At} */ at) {
    chosen = at;
    show(at);
    ctx.choose({ query: at.row, key: at.col });
  }

  function show(/** @type {At} */ at) {
    hand = at;
    panel.light(at.row, at.col);
    const i = at.row * partColumns(part) + at.col;
    const value = part.mask && !part.mask[i] ? "masked" : probability(part.values[i]);
    readout.textContent = `row ${indexName(part, 0, at.row)} reads column ${indexName(part, 1, at.col)}: ${value}`;
  }
}
