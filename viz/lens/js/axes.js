// Labels of rows and columns: how much room they take, and which ones are drawn.

/** Every how many labels one is drawn so that none overlaps the next. */
function labelStep(pitch, needed) {
  return Math.max(1, Math.ceil(needed / Math.max(pitch, 1e-6)));
}

/** Width of the widest label; measuring text is slow, so each is measured once a font. */
function widestLabel(context, groups_, widths) {
  let most = 0;
  for (const { label } of groups_) {
    const key = `${context.font} ${label}`;
    if (!widths.has(key)) widths.set(key, context.measureText(label).width);
    most = Math.max(most, widths.get(key));
  }
  return most;
}

/** Room for labels, and the size of a cell, for a picture as wide as `width`. */
function heatmapGeometry(context, view, theme, width, counts, tallest) {
  const size = theme.size;
  context.font = `${size}px ${theme.family}`;
  const widest = (groups_) => widestLabel(context, groups_, theme.widths);
  const room = clamp(width * 0.24, 40, 130);
  const left = Math.ceil(Math.min(room, widest(view.rows))) + size + 14;
  const labelHeight = Math.min(room, widest(view.cols));
  const most = theme.presenter ? 76 : 50;
  const right = Math.min(24, labelHeight * 0.5) + 4;
  const cell = Math.min(most, (width - left - right) / counts.cols, tallest / counts.rows);
  const shrunk = labelSizes(cell, theme).wide / size;
  const top = Math.ceil(labelHeight * shrunk * 0.72 + size) + size + 6;
  return { left, top, cell, size, room };
}

/** Sizes of row and column names: closer cells first get smaller names, then fewer. */
function labelSizes(cell, { size }) {
  const [tall, wide] = [1.2, 1.35].map((need) => clamp(cell / need, size * 0.78, size));
  return { tall, wide };
}

/** Column names lean to the right above the cells, row names stand on their left. */
function paintLabels(context, view, box, theme) {
  const { left, top, cell, room } = box;
  const { tall, wide } = labelSizes(cell, theme);
  context.font = `${tall}px ${theme.family}`;
  context.textBaseline = "middle";
  const step = labelStep(cell, tall * 1.12);
  context.textAlign = "right";
  for (let i = 0; i < view.rows.length; i += step) {
    context.fillStyle = view.rows[i].special ? theme.muted : theme.text;
    context.fillText(fitText(context, view.rows[i].label, room), left - 7, top + (i + 0.5) * cell);
  }
  context.font = `${wide}px ${theme.family}`;
  const across = labelStep(cell, wide * 1.5);
  context.textAlign = "left";
  for (let j = 0; j < view.cols.length; j += across) {
    context.save();
    context.translate(left + (j + 0.5) * cell, top - 6);
    context.rotate(-Math.PI / 4);
    context.fillStyle = view.cols[j].special ? theme.muted : theme.text;
    context.fillText(fitText(context, view.cols[j].label, room), 0, 0);
    context.restore();
  }
  paintAxisNames(context, view, box, theme);
}

function paintAxisNames(context, view, { left, top, cell, size }, theme) {
  context.font = `${size * 0.86}px ${theme.family}`;
  context.fillStyle = theme.muted;
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText("to (columns: keys) →", 2, 1);
  context.save();
  context.translate(size * 0.55, top + (view.rows.length * cell));
  context.rotate(-Math.PI / 2);
  context.textBaseline = "middle";
  context.textAlign = "right";
  const room = view.rows.length * cell;
  const whole = "← from (rows: queries)";
  context.fillText(context.measureText(whole).width <= room ? whole : "← from", room, 0);
  context.restore();
}
