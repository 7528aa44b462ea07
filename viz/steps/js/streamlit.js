// The shim between the step view and Streamlit's components v2.

const PLACES = new WeakMap(); // shadow root -> {view, writer}
const LEFT = {}; // id of the numbers -> where their view was left, for the way back to it
const SETTLE = 200; // milliseconds of rest before the address is written: browsers limit how often

export default function ({ parentElement, data, setTriggerValue }) {
  if (!data) return undefined;
  const { header } = splitPayload(data);
  const act = (what) => setTriggerValue("act", what);
  const known = PLACES.get(parentElement);
  const writer = known?.writer ?? createAddressWriter();
  writer.also = header.address || {};
  if (!known) {
    const host = { act, start: startOf(LEFT.id === header.id ? LEFT.state : {}), onMove: writer.write };
    PLACES.set(parentElement, { view: mountSteps(parentElement, data, host), writer });
  } else {
    known.view.rebind({ act });
    if (known.view.id() === header.id) known.view.theme(); // for a new theme, or for nothing
    else known.view.update(data);
  }
  writer.write(PLACES.get(parentElement).view.state());
  return () => {
    writer.stop();
    const view = PLACES.get(parentElement)?.view;
    if (view) Object.assign(LEFT, { id: view.id(), state: { ...view.state(), playing: false } });
    PLACES.get(parentElement)?.view.destroy();
    PLACES.delete(parentElement);
  };
}

/** Where to start: the address wins; a link that names a head shows this head. */
function startOf(start) {
  const asked = new URLSearchParams(location.search);
  const found = { ...start };
  for (const name of ["step", "over", "layer", "head"]) {
    if (asked.get(name)) found[name] = asked.get(name);
  }
  if (!asked.get("over") && asked.get("head")) found.over = "head";
  return found;
}

/** Keeps the page's address: step and heads are ours, `also` is what the page adds. */
function createAddressWriter() {
  let timer = 0;
  const now = ({ step, over, layer, head }) => {
    const url = new URL(location.href);
    const values = {
      ...writer.also, step: step || null, over: over === "all" ? null : over,
      layer: over === "all" ? null : layer, head: over === "head" ? head : null, kind: null,
    };
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === "") url.searchParams.delete(name);
      else url.searchParams.set(name, String(value));
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };
  const writer = {
    also: {},
    write(state) {
      clearTimeout(timer);
      timer = setTimeout(() => now(state), SETTLE);
    },
    stop: () => clearTimeout(timer),
  };
  return writer;
}
