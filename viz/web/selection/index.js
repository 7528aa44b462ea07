// The one writer of the page's address: mounted on every page, and nothing to see.
//
// The parts of the page say what was chosen without the server (`address.change`); after a rest it is written and
// reported to Python. Python says which query it wants. Streamlit asks for the page after Back and
// Forward by itself, with the address; the report of it says from where on Python's answers are of that address.

import * as address from "../shared/address.js";
import table from "./parameters.json" with { type: "json" };
import { canonical, overlay } from "./query.js";

const REST = 150; // milliseconds without a change before the address is written: browsers limit how often
const AT_ONCE = 1500; // continuous changes that follow each other within this time are one entry

/**
 * @typedef {object} Report what Python is told: n counts, so that each is taken once
 * @property {string} to the session that it is for; another one, to which Streamlit sends it again, passes it over
 * @property {{query: string, n: number}} [shows] what a page shows that had another session before
 * @property {{query: string, path: string, n: number}} [back]
 * @property {Record<string, [string | null, number]>} changes
 * @property {number} given how much of what Python gave to widgets is on the screen
 */

/** @type {Report} */
let report = { to: "", changes: {}, given: 0 };
let n = 0;
/** @type {(report: Report) => void} */
let tell = () => {};
let untold = false; // Back or Forward is still to be reported
let telling = false; // a report is on its way
let listens = false;
let written = 0; // the number of Python's last query that was obeyed
/** @type {Record<string, string | null>} */
let pending = {};
let push = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let given = 0; // what this page shows of what widgets were given
/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking;
let last = { names: "", at: 0 }; // the last entry that was made

/**
 * @typedef {object} Wanted
 * @property {string} session by name
 * @property {string} query
 * @property {number} write counts
 * @property {boolean} push as a new entry
 * @property {string[]} names what was changed
 * @property {number} seen the last report that Python had taken in
 * @property {number} given counts what widgets were given instead of what they said
 */

/** @param {{parentElement: ShadowRoot, data: Wanted | null, setStateValue: (name: string, value: unknown) => void}} call */
export function mount({ parentElement, data, setStateValue }) {
  hide(parentElement);
  tell = (said) => {
    [telling, untold] = [true, false];
    setStateValue("report", structuredClone(said));
    setTimeout(() => { telling = false; }); // behind Streamlit's own, which sends it
  };
  if (!listens) listen();
  if (!data) return;
  if (report.to && report.to !== data.session) goOn(data);
  report.to = data.session;
  obey(data);
  if (data.given === given) return;
  given = data.given;
  confirmLater(); // the widgets have taken it by then
}

function listen() {
  listens = true;
  address.onChange(({ changes, push: deed, now }) => {
    Object.assign(pending, changes);
    push ||= deed;
    clearTimeout(timer);
    if (now) flush();
    else timer = setTimeout(say, REST);
  });
  // What is pressed next has to know of it.
  document.addEventListener("pointerdown", flush, true);
  document.addEventListener("keydown", ({ key }) => { if (key === "Enter" || key === " ") flush(); }, true);
  document.addEventListener("click", afterReport, true);
  window.addEventListener("popstate", back);
}

/**
 * The page has another session than before, which was told the address as it was when the page was loaded.
 * @param {Wanted} wanted
 */
function goOn({ session, write: count }) {
  flush();
  n += 1;
  written = count;
  report = { to: session, shows: { query: address.here().query, n }, changes: {}, given: 0 };
  given = 0;
  tell(report);
}

/** From now on a widget says what a person chose, and Python's answers are of the address where Back has led. */
function confirm() {
  clearTimeout(looking);
  if (given === report.given && !untold) return;
  report.given = given;
  tell(report);
}

/** Streamlit's own request is under way by then: two in one moment would be one, without the page. */
function confirmLater() {
  clearTimeout(looking);
  looking = setTimeout(confirm, REST);
}

/** What is asked for next has to know of everything. */
function flush() {
  confirm();
  say();
}

/** Write and report what the parts of the page said. */
function say() {
  clearTimeout(timer);
  const [changes, deed] = [pending, push];
  [pending, push] = [{}, false];
  const before = new URLSearchParams(address.here().query);
  const changed = Object.entries(changes).filter(([name, value]) => before.get(name) !== value);
  if (!changed.length) return;
  n += 1;
  for (const [name, value] of changed) report.changes[name] = [value, n];
  write(overlay(address.here().query, changed), deed, changed.map(([name]) => name));
  tell(report);
}

/**
 * The query that Python wants, unless the browser has gone elsewhere since.
 * @param {Wanted} wanted
 */
function obey({ query, write: count, push: deed, names, seen }) {
  if (count === written || (report.back?.n ?? 0) > seen) return;
  written = count;
  say(); // what was chosen a moment ago is newer than what Python knows
  const newer = Object.entries(report.changes).filter(([, [, at]]) => at > seen);
  const kept = [...new URLSearchParams(address.here().query)].filter(([name]) => name.startsWith("embed"));
  const target = overlay(query, [...newer.map(([name, [value]]) => /** @type {[string, string | null]} */ ([name, value])), ...kept]);
  if (target === canonical(address.here().query)) return;
  write(target, deed, names);
  address.restored();
}

/**
 * @param {string} query
 * @param {boolean} deed
 * @param {string[]} names
 */
function write(query, deed, names) {
  const again = names.every((name) => table.continuous.includes(name)) && last.names === names.join()
    && Date.now() - last.at < AT_ONCE;
  address.show(query, deed && !again);
  if (deed) last = { names: names.join(), at: Date.now() };
}

const PRESSED = 'button, [data-testid="stPageLink-NavLink"]';

/**
 * Streamlit sends its state a moment after it is set, and what is asked for in between goes along: a button would have
 * no more drawn than the report has, and a page would be lost.
 * @param {MouseEvent} event
 */
function afterReport(event) {
  const target = /** @type {Element | null} */ (event.target);
  const pressed = target?.closest?.(PRESSED);
  if (!telling || !pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  setTimeout(() => /** @type {HTMLElement} */ (pressed).click());
}

function back() {
  clearTimeout(timer);
  [pending, push] = [{}, false];
  n += 1;
  last = { names: "", at: 0 };
  report = { to: report.to, back: { ...address.here(), n }, changes: {}, given: report.given };
  untold = true;
  confirmLater();
  address.restored();
}

/**
 * It shows nothing, so its place on the page takes no room.
 * @param {ShadowRoot} root
 */
function hide(root) {
  const place = root.host?.closest('[data-testid="stElementContainer"]');
  if (place instanceof HTMLElement) place.style.display = "none";
}
