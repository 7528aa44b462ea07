// The shim between the lens and Streamlit's components v2. The same module is mounted twice: once
// with the traces, and once, unseen, with raw scores that the lens asked for.

const INSTANCES = new Map(); // shadow root -> lens
const FOLLOWED = new WeakMap(); // shadow root -> whether the page followed the selection
let latestScores = null; // kept for a lens that gets its traces after its scores
let latestState = {}; // where the lens was left, for the way back from another page

export default function ({ parentElement, data, setStateValue }) {
  if (!data) return hide(parentElement);
  const { header } = splitPayload(data);
  if (!header.traces) {
    hide(parentElement);
    latestScores = data;
    INSTANCES.forEach((lens) => lens.scores(data));
    return undefined;
  }
  const host = {
    request: (wanted) => setStateValue("wanted", { ...wanted, id: header.id }),
    onSelect: remember(header, setStateValue),
    compare: header.compare === undefined ? undefined : askFor(setStateValue),
  };
  const lens = INSTANCES.get(parentElement);
  if (!lens) {
    const left = header.remember && addressParameter("head") === null ? latestState : {};
    host.selection = { ...header.selection, ...left, ...stateFrom(addressParameter) };
    host.link = () => location.href;
    INSTANCES.set(parentElement, mount(parentElement, data, host));
    remember(header, null)(INSTANCES.get(parentElement).state());
  } else {
    const begins = header.follow && !FOLLOWED.get(parentElement);
    lens.rebind(host);
    if (begins) host.onSelect(lens.state()); // the page knows no head, or one of before
    if (lens.id() === header.id) lens.theme(); // called again for a new theme, or for nothing
    else lens.update(data);
  }
  FOLLOWED.set(parentElement, Boolean(header.follow));
  if (latestScores) INSTANCES.get(parentElement).scores(latestScores);
  return () => {
    INSTANCES.get(parentElement)?.destroy();
    INSTANCES.delete(parentElement);
  };
}

/** Keep the page's address, without a trip; tell Python after a rest, if it wants to know. */
function remember(header, setStateValue) {
  let timer = 0;
  return (state) => {
    latestState = { ...state, pin: null, hover: null, help: false };
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(addressOf(state))) {
      if (value === null) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    if (!header.follow || !setStateValue) return;
    clearTimeout(timer);
    const { kind, layer, head, pin } = state;
    timer = setTimeout(() => setStateValue("selection", { kind, layer, head, pin }), 300);
  };
}

/** A second sentence: kept in the address, and run by the page. */
function askFor(setStateValue) {
  return (text_) => {
    const address = new URL(location.href);
    if (text_) address.searchParams.set("compare", text_);
    else address.searchParams.delete("compare");
    history.replaceState(history.state, "", address);
    setStateValue("compare", text_);
  };
}

function addressParameter(name) {
  return new URLSearchParams(location.search).get(name);
}

/** The second mount shows nothing, so its place on the page takes no room. */
function hide(parentElement) {
  const place_ = parentElement.host?.closest('[data-testid="stElementContainer"]');
  if (place_) place_.style.display = "none";
}
