// The shim between the film and Streamlit's components v2.

const FILMS = new Map(); // shadow root -> film
let lastHead = {}; // of a training under way: it is mounted anew when it has ended
const leftAt = {}; // id of a film -> where it was left, for the way back from another page
const NAMES = { kind: "kind", layer: "layer", head: "head", step: "train_step", versus: "train_versus" };

export default function ({ parentElement, data }) {
  if (!data) return undefined;
  const { header } = splitPayload(data);
  const host = { onSelect: header.quiet ? null : keepAddress };
  const film = FILMS.get(parentElement);
  if (!film) {
    host.selection = header.quiet ? lastHead : { ...leftAt[header.id], ...fromAddress() };
    FILMS.set(parentElement, mountScrub(parentElement, data, host));
    if (!header.quiet) keepAddress(FILMS.get(parentElement).address());
  } else {
    film.rebind(host);
    if (film.id() === header.id) film.theme();
    else film.update(data);
  }
  return () => {
    const left = FILMS.get(parentElement);
    const { kind, layer, head, step, versus } = left.address();
    if (header.quiet) lastHead = { kind, layer, head };
    else leftAt[left.id()] = { kind, layer, head, step, versus };
    left.destroy();
    FILMS.delete(parentElement);
  };
}

function keepAddress(state) {
  const address = new URL(location.href);
  for (const [name, short] of Object.entries(NAMES)) {
    if (state[name] === null) address.searchParams.delete(short);
    else address.searchParams.set(short, String(state[name]));
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

function fromAddress() {
  const found = new URLSearchParams(location.search);
  const entries = Object.entries(NAMES).map(([name, short]) => [name, found.get(short)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== ""));
}
