// The one writer of the page's address: mounted on every page, and nothing to see.
//
// The parts of the page say what was chosen without the server (`address.change`); after a rest it is written and
// reported to Python. Python says which query it wants. Streamlit asks for the page after Back and
// Forward by itself, with the address; the report of it says from where on Python's answers are of that address.
// Who leaves a page in the moment of a choice leaves its entry of the history as it was before that: Python is told what
// the entry says, and knows better when Back leads there.

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
 * @property {{page: string, query: string, n: number}} [late] the page before, whose entry says less than was selected
 * @property {number} given how much of what Python gave to widgets is on the screen
 */

/** @type {Report} */
let report = { to: "", changes: {}, given: 0 };
let n = 0;
/** @type {(report: Report) => void} */
let tell = () => {};
let untold = false; // more than what is on the screen is still to be reported
let telling = false; // a report is on its way
let listens = false;
let heard = 0; // the number of the last query that the bridge was told
let written = 0; // that of the last one that was obeyed
/** @type {Record<string, string | null>} */
let pending = {};
let push = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let given = 0; // what this page shows of what widgets were given
/** @type {ReturnType<typeof setTimeout> | undefined} */
let looking;
let entry = address.here(); // of the history, as it was last seen
let last = { names: "", at: 0 }; // the last entry that was made
let opening = { path: "", at: 0 }; // the page whose link was pressed last

/**
 * @typedef {object} Wanted
 * @property {string} session by name
 * @property {string} page of which the rest is said
 * @property {string[]} pages all there are, the first one first
 * @property {string} query
 * @property {number} write counts
 * @property {boolean} push as a new entry
 * @property {string[]} names what was changed
 * @property {number} seen the last report that Python had taken in
 * @property {number} given counts what widgets were given instead of what they said
 * @property {Record<string, string>} left what was selected on each page when it was left
 * @property {boolean} [announced] said when the page begins, where nobody reads a report
 */

/** @param {{parentElement: ShadowRoot, data: Wanted | null, setStateValue: (name: string, value: unknown) => void}} call */
export function mount({ parentElement, data, setStateValue }) {
  hide(parentElement);
  if (!listens) listen();
  if (data?.announced && data.session === report.to && data.write <= heard) return; // mounted behind the bridge
  const page = data && pageOf(address.here(), data.pages);
  const gone = data && data.page !== page; // said of a page that the browser has left since
  tell = gone || data?.announced ? () => { untold = true; } : (said) => {
    [telling, untold] = [true, false];
    setStateValue("report", structuredClone(said));
    setTimeout(() => { telling = false; }); // behind Streamlit's own, which sends it
  };
  if (!data) return;
  if (report.to && report.to !== data.session) goOn(data);
  report.to = data.session;
  if (gone) return;
  if (!data.announced) heard = data.write;
  const before = pageOf(entry, data.pages);
  if (before !== page) lookBack(data.left, before);
  entry = address.here();
  obey(data);
  if (data.announced || (data.given === given && !untold)) return;
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
  // What is pressed next has to know of it. A link leaves the widgets, and two requests in one moment may be taken for one.
  document.addEventListener("pointerdown", ({ target }) => {
    if (untold || !(/** @type {Element | null} */ (target)?.closest?.(LINK))) flush();
    else say();
  }, true);
  document.addEventListener("keydown", ({ key }) => { if (key === "Enter" || key === " ") flush(); }, true);
  document.addEventListener("click", inTurn, true);
  window.addEventListener("popstate", back);
}

/**
 * @param {{path: string}} place
 * @param {string[]} pages
 */
function pageOf({ path }, pages) {
  const name = path.replace(/\/+$/, "").replace(/.*\//, "");
  return pages.includes(name) ? name : pages[0];
}

/**
 * Whether the entry of the page before says what was selected there.
 * @param {Record<string, string>} left
 * @param {string} page the one before
 */
function lookBack(left, page) {
  if (left[page] === undefined || overlay(left[page], embedding(entry.query)) === canonical(entry.query)) return;
  n += 1;
  report.late = { page, query: entry.query, n };
  untold = true;
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
  const chosen = newer.map(([name, [value]]) => /** @type {[string, string | null]} */ ([name, value]));
  const target = overlay(query, [...chosen, ...embedding(address.here().query)]);
  if (target === canonical(address.here().query)) return;
  write(target, deed, names);
  address.restored();
}

/**
 * @param {string} query
 * @returns {[string, string][]} how the page is put into another one, of which Python does not know
 */
function embedding(query) {
  return [...new URLSearchParams(query)].filter(([name]) => name.startsWith("embed"));
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
  entry = address.here();
  if (deed) last = { names: names.join(), at: Date.now() };
}

const LINK = '[data-testid="stPageLink-NavLink"]';
const PRESSED = `button, ${LINK}`;
const OPENING = 3000; // milliseconds after which a page that has not come will not

/**
 * Streamlit sends its state a moment after it is set, and what is asked for in between goes along: a button would have
 * no more drawn than the report has, and a page would be lost. It would be, too, by a button that is pressed before the
 * page has begun, for that asks for the page before it: so one comes after the other.
 * @param {MouseEvent} event
 */
function inTurn(event) {
  const path = /** @type {Element[]} */ (event.composedPath());
  const pressed = /** @type {HTMLElement | undefined} */ (path.find((one) => one.matches?.(PRESSED)));
  if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = /** @type {HTMLAnchorElement} */ (pressed).pathname ?? "";
  if (telling || (!link && isOpening())) {
    event.preventDefault();
    event.stopPropagation();
    setTimeout(() => { if (pressed.isConnected) pressed.click(); }, telling ? 0 : 30);
  } else if (link) {
    opening = { path: link, at: Date.now() };
  }
}

function isOpening() {
  return opening.path !== address.here().path && Date.now() - opening.at < OPENING;
}

function back() {
  clearTimeout(timer);
  [pending, push] = [{}, false];
  n += 1;
  last = { names: "", at: 0 };
  entry = address.here();
  report = { to: report.to, late: report.late, back: { ...entry, n }, changes: {}, given: report.given };
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
