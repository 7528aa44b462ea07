// The pupil's side: a line that says where one is, the question when there is one, a sentence to the wall.

/** @import { Act, ClassData, Side, Stage } from "./types.js" */
import { el } from "../../shared/dom.js";
import { stageBoard } from "./board.js";
import { goOn } from "./focus.js";
import { trainingPanel } from "./training.js";
import { entryPlace } from "./wall.js";

/**
 * @param {Act} act
 * @param {() => boolean} sending whether an answer is still on its way
 * @returns {Side}
 */
export function pupilSide(act, sending) {
  let opened = 0; // the question that one who looks around has opened
  /** @type {ClassData} */
  let data;
  const who = el("p", { class: "who" });
  const look = el("button", { type: "button", onclick: () => act("look", { on: data.following }) });
  const open = el("button", { type: "button", class: "main", onclick: () => { opened = data.question?.id ?? 0; paint(data); goOn([board.node]); } }, "Answer the question");
  const leave = el("button", { type: "button", class: "quiet", onclick: () => act("leave") }, "Leave");
  const wall = sentenceForm(act);
  const source = el("button", { type: "button", onclick: () => act("send", { kind: "source" }) }, "Send what I drew or said");
  wall.append(source);
  const entry = entryPlace();
  const training = trainingPanel();
  /** @type {ReturnType<typeof answerPanel> | null} */
  let panel = null;
  const board = stageBoard((stage) => (_data, game, build) => {
    panel = answerPanel(stage, game, build, act);
    return panel;
  });

  /** @param {ClassData} given */
  function paint(given) {
    data = given;
    const stage = data.question;
    who.replaceChildren("Class ", el("b", {}, data.code), ` · you are ${data.name}${data.team ? `, team ${data.team}` : ""}`);
    look.textContent = data.following ? "Look around by myself" : "Back to the class";
    open.hidden = !stage || data.following || opened === stage.id;
    board.paint(stage && onStage(data) ? stage : null, data.present);
    if (stage && onStage(data)) panel?.told(stage, sending());
    wall.hidden = !data.wallOpen;
    source.hidden = !data.source;
    entry.paint(data.following ? data.entry : null);
    training.paint(data.training);
    document.documentElement.classList.toggle("headlight-stage", onStage(data));
  }
  /** @param {ClassData} given */
  function onStage({ question, following, entry: one, training: learns }) {
    return Boolean((question && (following || opened === question.id)) || (one && following) || learns);
  }
  return {
    node: el("div", {}, el("div", { class: "line" }, who, look, open, leave), wall, entry.node, training.node, board.node),
    paint,
    onStage,
  };
}

/**
 * @param {Stage} stage
 * @param {import("../types.js").Game} game
 * @param {import("../types.js").Build<any>} build
 * @param {Act} act
 */
function answerPanel(stage, game, build, act) {
  const question = build(stage.board.question, game);
  const { type } = stage.board.question;
  const button = el("button", { type: "button", class: "reveal", "data-testid": "send", onclick: send }, "Send");
  const state = el("p", { class: "score", role: "status", "data-testid": "answer-state" });
  let sent = "";
  function send() {
    const value = question.answer();
    if (value === null) {
      state.textContent = "Answer first, then send.";
      return;
    }
    if (JSON.stringify(value) === sent) return; // pressed twice
    sent = JSON.stringify(value);
    act("answer", { question: stage.id, value });
    state.textContent = navigator.onLine ? "Sending …" : "No connection: it is sent as soon as there is one.";
  }
  return {
    stage: question.stage,
    node: el("section", { class: "question" },
      el("p", { class: "lead" }, "The class is asked"), el("h2", { tabindex: -1 }, stage.board.question.ask),
      stage.board.question.help ? el("p", { class: "note" }, stage.board.question.help) : null,
      question.node ?? "", el("div", { class: "act" }, button, state)),
    paint: () => question.paint(),
    told(/** @type {Stage} */ now, /** @type {boolean} */ sending) {
      const there = now.mine !== null && now.mine !== undefined;
      button.hidden = now.state !== "open";
      button.textContent = there ? "Send another answer" : "Send";
      if (now.state === "revealed") {
        state.textContent = there ? resultOf(now, question.score()) : `You sent no answer. ${SAYS.includes(type) ? question.score() : ""}`;
      } else if (now.state === "closed") state.textContent = there ? "Closed. Your answer is in." : "Closed.";
      else if (!sending) {
        state.textContent = there ? "Sent. You can change it until answers are closed." : "";
        if (!there) sent = "";
      }
    },
  };
}

const SAYS = ["number", "word"]; // what is right is no picture

/**
 * @param {Stage} stage
 * @param {string} score what the board says of the guess
 */
function resultOf({ own, board }, score) {
  const { type } = board.question;
  if (type === "choice") return score || own || "";
  return SAYS.includes(type) ? `${own} ${score}` : own ?? "";
}

/** @param {Act} act */
function sentenceForm(act) {
  const input = el("input", { type: "text", "aria-label": "A sentence for the wall", placeholder: "A sentence for the class", autocomplete: "off" });
  return el("form", { class: "line", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    act("send", { kind: "text", body: input.value });
    input.value = "";
  } }, input, el("button", { type: "submit" }, "Send to the wall"));
}
