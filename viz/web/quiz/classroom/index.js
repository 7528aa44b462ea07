// The class on the page, of the teacher and of a pupil. Python keeps everything; what is done here goes there as
// numbered acts, which are sent until Python has said that they are done: a press is lost by no break in the
// connection, and done once however often it comes.

/** @import { ClassData, Side } from "./types.js" */
/** @import { Call } from "../../shared/streamlit.js" */
import * as address from "../../shared/address.js";
import { el } from "../../shared/dom.js";
import { saveText } from "../../shared/download.js";
import { dress, mountWith, sheetOf } from "../../shared/streamlit.js";
import seenCss from "../../shared/seen.css";
import quizCss from "../quiz.css";
import css from "./class.css";
import { around, focused, goOn, headingOf, isSeen } from "./focus.js";
import { forget, keep, kept } from "./kept.js";
import { pupilSide } from "./pupil.js";
import stageCss from "./stage.css";
import { teacherSide } from "./teacher.js";

const [STAGE, INSIDE] = ["headlight-stage", "headlight-in-class"];
const SECRET = "teach"; // behind the # of the teacher's second link, which no server is sent

const DOOR = '[data-testid="stPopoverBody"]'; // where one starts a class, or joins it

const AGAIN = 3000; // milliseconds after which is said again what Python has not heard
const isConnected = () => document.querySelector('[data-test-connection-state="CONNECTED"]') !== null;

/** @type {[number, string, Record<string, unknown>][]} */
let acts = [];
let n = Date.now(); // larger than any of a page before this one
const page = `${n}-${Math.random().toString(36).slice(2)}`; // whose acts are counted, also by another process
/** @type {{code: string, token: string, secret: string} | null} */
let me = null;
let visit = ""; // the page that is shown, by Python's name
let confirmed = ""; // the one that Python was told of
let met = ""; // the session that was told who this is, and the class
let seated = ""; // the last one that knew it
/** @type {ClassData["keep"]} */
let last = {}; // where the browser's store is closed, as long as the page is open

export const mount = mountWith(quizCss + seenCss + css, (/** @type {Call<ClassData>} */ call) => {
  let { setStateValue } = call;
  let done = 0;
  let saved = "";
  let staged = "";
  /** @type {HTMLElement | null} */
  let onPage = null; // what had the focus on the page, when that made way for the stage
  /** @type {Side | null} */
  let side = null;
  let role = "";
  const place = el("div", {});
  const said = el("p", { role: "status", class: "told" });
  const news = el("p", { role: "status", class: "unseen" });
  const node = el("section", { class: "class", "aria-label": "Class" }, place, said, news);
  call.parentElement.append(node);
  dress(document, sheetOf(stageCss));

  let arrived = ""; // the page that Python has heard of
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tell = () => {
    confirmed = visit;
    setStateValue("hand", { me, page, acts, visit });
    clearTimeout(timer);
    timer = setTimeout(repeat, AGAIN);
  };
  /** A server that has just begun with this page drops what it is told too early. */
  function repeat() {
    if (!acts.length && arrived === visit) return;
    if (isConnected()) tell();
    else timer = setTimeout(repeat, AGAIN);
  }
  /** @type {import("./types.js").Act} */
  const act = (name, details = {}) => {
    acts.push([++n, name, details]);
    tell();
  };

  function paint(/** @type {ClassData} */ data) {
    const had = focused();
    const places = had && node.contains(had) ? around(had, node) : [];
    const was = staged;
    const begins = data.role && !seated && !met; // from this page, not by its address
    draw(data);
    const lost = had && !isSeen(had);
    if (begins && (!had || lost || had.closest(DOOR))) return goOn([node]);
    if (staged && !was) onPage = places.length ? null : had;
    const heading = staged && staged !== was && (lost || data.role === "teacher") ? headingOf(node) : undefined;
    if (heading) heading.focus({ preventScroll: true });
    else if (lost && !staged && onPage && isSeen(onPage)) onPage.focus({ preventScroll: true });
    else if (lost) goOn(places);
  }

  function draw(/** @type {ClassData} */ data) {
    ({ done, visit, arrived } = data);
    acts = acts.filter(([number]) => number > done);
    if (data.keep.code) {
      last = data.keep;
      keep(last);
      me = { code: data.keep.code, token: last.token ?? "", secret: last.secret ?? "" };
    }
    if (data.forget) {
      forget(data.forget);
      acts = acts.filter(([, name]) => name === "dismiss"); // the rest was for that class
    }
    if (!data.code) met = "";
    else if (!data.role && met !== `${data.session}/${data.code}`) introduce(data);
    if (data.role && confirmed !== visit) tell();
    if (side && !data.role && !data.forget && data.session !== seated) return; // in a moment it knows who this is
    if (data.role) seated = data.session;
    if (data.role !== role) {
      ({ role } = data);
      side = role === "teacher" ? teacherSide(act) : role === "pupil" ? pupilSide(act, () => acts.some((one) => one[1] === "answer")) : null;
      place.replaceChildren(...(side ? [side.node] : []));
    }
    side?.paint(data);
    told(data.said);
    node.classList.toggle("present", data.present);
    document.documentElement.classList.toggle(INSIDE, Boolean(data.role));
    toStage(Boolean(side?.onStage(data)), data);
    const { text, type, name } = data.file;
    if (text && type && name && saved !== `${done}`) {
      saved = `${done}`;
      saveText(text, type, name);
    }
  }

  /** What takes the stage is seen from its beginning, and what is new on it is read aloud. */
  function toStage(/** @type {boolean} */ on, /** @type {ClassData} */ { question }) {
    document.documentElement.classList.toggle(STAGE, on);
    const now = on ? `${question?.id ?? 0}` : "";
    if (now && now !== staged) call.parentElement.host.closest('[data-testid="stMain"]')?.scrollTo(0, 0);
    staged = now;
    const found = question?.state === "revealed" ? node.querySelector(".on-stage .score")?.textContent : "";
    const sentence = found || (on && question ? `The class is asked: ${question.board.question.ask}` : "");
    if (news.textContent !== sentence) news.textContent = sentence;
  }

  function told(/** @type {string} */ sentence) {
    if (said.dataset.said === sentence) return;
    said.dataset.said = sentence;
    said.replaceChildren(...(sentence ? [sentence, el("button", { type: "button", onclick: () => act("dismiss") }, "Close")] : []));
  }

  /** Python does not know yet who this is. */
  function introduce(/** @type {ClassData} */ { session, code }) {
    met = `${session}/${code}`;
    const before = last.code === code ? last : kept(code);
    me = { code, token: before.token ?? "", secret: address.fragment(SECRET) ?? before.secret ?? "" };
    address.dropFragment();
    tell();
  }

  paint(call.data);
  return {
    again(next) {
      ({ setStateValue } = next);
      paint(next.data);
    },
    close() {
      clearTimeout(timer);
      document.documentElement.classList.remove(STAGE, INSIDE);
      node.remove();
    },
  };
});
