// The teacher's side: the code, what can be asked, the votes as they come in, the wall, the end.

/** @import { Act, ClassData, Side } from "./types.js" */
import { el } from "../../shared/dom.js";
import { copyText } from "../../shared/download.js";
import { stageBoard } from "./board.js";
import { codePanel } from "./code.js";
import { freePanel } from "./free.js";
import { talliedPanel } from "./tally.js";
import { trainingPanel } from "./training.js";
import { entryPlace, wallList } from "./wall.js";

/**
 * @param {Act} act
 * @returns {Side}
 */
export function teacherSide(act) {
  let fold = "code"; // what is open below the line
  /** @type {ClassData} */
  let data;
  const who = el("p", { class: "who", "data-testid": "class-line" });
  /** @type {Record<string, HTMLElement>} */
  const tabs = {};
  const tab = (/** @type {string} */ name, /** @type {string} */ label) => {
    tabs[name] = el("button", { type: "button", onclick: () => { fold = fold === name ? "" : name; paint(data); } }, label);
    return tabs[name];
  };
  const [code, free, wall] = [codePanel(act), freePanel(act, () => { fold = ""; }), wallList(act)];
  const wallPanel = el("div", { class: "fold" }, wallSwitch(act), wall.node);
  const more = morePanel(act, () => data);
  /** @type {Record<string, HTMLElement>} */
  const folds = { code: code.node, ask: free.node, wall: wallPanel, more: more.node };
  const entry = entryPlace(el("button", { type: "button", onclick: () => act("show", { entry: 0 }) }, "Put away"));
  const training = trainingPanel(act);
  const train = el("button", { type: "button", onclick: () => act("train", { to: data.training ? "page" : "show" }) }, "Training");
  /** @type {ReturnType<typeof talliedPanel> | null} */
  let panel = null;
  const board = stageBoard((stage) => () => {
    panel = talliedPanel(stage, act);
    return panel;
  });
  const node = el("div", {},
    el("div", { class: "line" }, who, tab("code", "Code"), tab("ask", "Ask"), tab("wall", "Wall"),
      el("button", { type: "button", onclick: () => act("eyes") }, "All eyes here"), train, tab("more", "More")),
    entry.node, ...Object.values(folds), training.node, board.node);

  /** @param {ClassData} given */
  function paint(given) {
    if (given.question && given.question.id !== data?.question?.id) fold = "";
    if (given.training && !data?.training) fold = "";
    data = given;
    who.replaceChildren("Class ", el("b", {}, data.code), ` · ${data.here} here`);
    tabs.wall.textContent = data.wall.length ? `Wall (${data.wall.length})` : "Wall";
    for (const [name, panelNode] of Object.entries(folds)) {
      panelNode.hidden = fold !== name;
      tabs[name].setAttribute("aria-expanded", String(fold === name));
    }
    code.paint(data);
    free.paint(data);
    wall.paint(data);
    more.paint(data);
    /** @type {HTMLInputElement} */ (wallPanel.querySelector("input")).checked = Boolean(data.wallOpen);
    entry.paint(data.entry);
    training.paint(data.training);
    train.hidden = !data.trains;
    train.setAttribute("aria-pressed", String(Boolean(data.training)));
    board.paint(data.question, data.present);
    if (data.question) panel?.told(data.question, data.scores ?? []);
  }
  return { node, paint, onStage: ({ question, entry: one, training: learns }) => Boolean(question || one || learns) };
}

/** @param {Act} act */
function wallSwitch(act) {
  const box = el("input", { type: "checkbox", onchange: (/** @type {Event} */ event) =>
    act("set", { wall: /** @type {HTMLInputElement} */ (event.target).checked }) });
  return el("label", { class: "switch" }, box, "Pupils may send to the wall");
}

/**
 * @param {Act} act
 * @param {() => ClassData} now
 */
function morePanel(act, now) {
  const teams = el("select", { "aria-label": "Teams", onchange: (/** @type {Event} */ event) =>
    act("set", { teams: Number(/** @type {HTMLSelectElement} */ (event.target).value) }) },
    ...[["0", "No teams"], ["2", "2 teams"], ["3", "3 teams"], ["4", "4 teams"]].map(([value, label]) => el("option", { value }, label)));
  const second = el("button", { type: "button", onclick: async () => {
    const copied = await copyText(now().second, second); // it is never shown: the projector shows this screen
    second.textContent = copied ? "Copied: open it there, and keep it to yourself" : "This browser does not let a page copy";
  } }, "Copy the link for my second device");
  const sure = el("button", { type: "button", onclick: () => act("end") }, "Yes, end the class and delete everything");
  const end = el("details", {}, el("summary", {}, "End the class"), sure);
  return {
    node: el("div", { class: "fold" },
      el("div", { class: "line" }, teams,
        el("button", { type: "button", onclick: () => act("export", { as: "csv" }) }, "Save as a table (CSV)"),
        el("button", { type: "button", onclick: () => act("export", { as: "page" }) }, "Save as a page to print"), second),
      end),
    paint(/** @type {ClassData} */ data) {
      teams.value = String(data.teams ?? 0);
    },
  };
}
