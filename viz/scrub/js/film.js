// Reading a film: every frame becomes what the lens calls a trace. Patterns stay where they are.

function parseFilm(bytes) {
  const { header: film, buffer, start } = splitPayload(bytes);
  for (const name of ["src", "tgt_in", "tgt_out"]) film[name].labels = drawnLabels(film[name]);
  const n = film.steps.length;
  const blocks = Object.entries(film.attention).map(([kind, block]) => {
    const size = block.rows * block.columns;
    const all = block.layers * block.heads * size;
    const mask = block.mask === null ? null : unpackBits(buffer, start + block.mask, size);
    const frames = Array.from({ length: n }, (_, i) =>
      new Uint16Array(buffer, start + block.pattern + 2 * i * all, all));
    return { kind, block: { ...block, size, mask, valueNorm: null }, frames };
  });
  film.frames = film.steps.map((step, i) => ({
    step,
    src: film.src, tgt_in: film.tgt_in, tgt_out: film.tgt_out,
    source: film.source, output: film.outputs[i],
    attention: Object.fromEntries(
      blocks.map(({ kind, block, frames }) => [kind, { ...block, pattern: frames[i] }]),
    ),
  }));
  film.kinds = blocks.map(({ kind }) => kind);
  if (film.errors !== null) {
    const { layers, heads } = film.attention.cross;
    const size = layers * heads;
    film.errors = film.steps.map((_, i) =>
      new Float32Array(buffer, start + film.errors + 4 * i * size, size));
    film.bestErrors = film.errors.map((heads_) => Math.min(...heads_));
  }
  film.last = n - 1;
  return film;
}

/** What the parts of the lens read: one frame, or two that are compared, the earlier one first. */
function payloadOf(film, at, other) {
  const shown = other === null ? [at] : [Math.min(at, other), Math.max(at, other)];
  const traces = shown.map((i) => film.frames[i]);
  return { id: film.id, kinds: film.kinds, palette: film.palette, traces, scores: new Map() };
}

/** Whether an address names a step: a number, whatever else it may be. */
function isStep(said) {
  return said !== undefined && said !== null && said !== "" && Number.isFinite(Number(said));
}

/** The frame of a training step, or the nearest one. */
function frameOf(film, step) {
  const away = film.steps.map((one) => Math.abs(one - step));
  return away.indexOf(Math.min(...away));
}

/** The error of one head at a frame. */
function errorOf(film, at, layer, head) {
  return film.errors[at][layer * film.attention.cross.heads + head];
}

/** The head with the least error at a frame; of several the one with the most weight on true links. */
function bestHead(film, at) {
  const { heads, columns, pattern, size } = film.frames[at].attention.cross;
  const onLinks = (i) => film.links.reduce((sum, [row, col]) => sum + pattern[i * size + row * columns + col], 0);
  const best = [...film.errors[at].keys()].filter((i) => film.errors[at][i] === film.bestErrors[at]);
  const i = best.reduce((a, b) => (onLinks(b) > onLinks(a) ? b : a));
  return { layer: Math.floor(i / heads), head: i % heads };
}

function stepName(step) {
  return step.toLocaleString("en");
}

/** Where a step stands on the time axis, 0..1: between its neighbours among the frames. */
function timeScale(film) {
  const { steps, curve } = film;
  const most = Math.max(1, steps[film.last], ...curve.step.slice(-1));
  if (!film.even || film.last < 1) return (step) => step / most;
  return (step) => {
    const right = clamp(steps.findIndex((one) => one >= step), 1, film.last);
    if (step > steps[film.last]) return 1;
    const [a, b] = [steps[right - 1], steps[right]];
    return (right - 1 + (step - a) / (b - a)) / film.last;
  };
}
