// The one writer of the page's address. Components say what changed ("headlight:change"), the server says what the
// address is to be (`data`), and Back and Forward are told to both.

const NAMES = __NAMES__;
const REST = 150; // milliseconds without a change before the address is written: browsers limit how often

/** Kept on the window: this module may be loaded twice. */
const here = (window.headlightAddress ??= {
  n: 0, report: { changes: {} }, write: 0, merged: "", pending: {}, push: false, timer: 0, tell: () => {}, listens: false,
});

export default function ({ parentElement, data, setStateValue }) {
  hide(parentElement);
  here.tell = () => setStateValue("report", structuredClone(here.report));
  if (!here.listens) listen();
  if (data) obey(data);
}

function listen() {
  here.listens = true;
  window.addEventListener("headlight:change", ({ detail }) => {
    Object.assign(here.pending, detail.changes);
    here.push ||= detail.push;
    clearTimeout(here.timer);
    here.timer = setTimeout(flush, REST);
  });
  // What is pressed next has to know of it.
  document.addEventListener("pointerdown", flush, true);
  document.addEventListener("keydown", ({ key }) => { if (key === "Enter" || key === " ") flush(); }, true);
  window.addEventListener("popstate", back, true); // before Streamlit asks for the page
}

/** Write and report what the components said. */
function flush() {
  clearTimeout(here.timer);
  const { pending, push } = here;
  here.pending = {};
  here.push = false;
  const before = new URLSearchParams(location.search);
  const changed = Object.entries(pending).filter(([name, value]) => before.get(name) !== value);
  if (!changed.length) return;
  here.n += 1;
  for (const [name, value] of changed) here.report.changes[name] = [value, here.n];
  show(overlay(location.search, changed), push);
  here.merged = "";
  here.tell();
}

/** The query that the server wants, unless the browser has since gone elsewhere. */
function obey({ query, write, push, merge, seen }) {
  if (write === here.write) return;
  here.write = write;
  if ((here.report.back?.n ?? 0) > seen) return;
  const foreign = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("embed"));
  const newer = Object.entries(here.report.changes).filter(([, [, n]]) => n > seen);
  const target = overlay(query, [...newer.map(([name, [value]]) => [name, value]), ...foreign]);
  if (target === canonical(new URLSearchParams(location.search))) return;
  const again = merge && here.merged === location.search && Date.now() - here.mergedAt < 1500;
  show(target, push && !again);
  here.merged = merge ? location.search : "";
  here.mergedAt = Date.now();
  window.dispatchEvent(new CustomEvent("headlight:restored"));
}

function back() {
  clearTimeout(here.timer);
  here.pending = {};
  here.push = false;
  here.n += 1;
  here.report = { back: { query: location.search.slice(1), path: location.pathname, n: here.n }, changes: {} };
  here.tell();
  window.dispatchEvent(new CustomEvent("headlight:restored"));
}

function show(query, push) {
  const url = `${location.pathname}${query ? `?${query}` : ""}${location.hash}`;
  if (push) history.pushState({}, "", url);
  else history.replaceState(history.state, "", url);
}

function overlay(query, changes) {
  const params = new URLSearchParams(query);
  for (const [name, value] of changes) {
    if (value === null) params.delete(name);
    else params.set(name, value);
  }
  return canonical(params);
}

/** As Python writes it: in the table's order, what is not in the table (such as `embed`) behind it. */
function canonical(params) {
  const rank = (name) => (NAMES.includes(name) ? NAMES.indexOf(name) : NAMES.length);
  const sorted = [...params].sort(([a], [b]) => rank(a) - rank(b));
  return String(new URLSearchParams(sorted)).replaceAll("*", "%2A").replaceAll("%7E", "~");
}

/** It shows nothing, so its place on the page takes no room. */
function hide(parentElement) {
  const place = parentElement.host?.closest('[data-testid="stElementContainer"]');
  if (place) place.style.display = "none";
}
