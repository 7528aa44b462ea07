// What the class has sent, as it comes in; then the model's truth over it.

/** @import { Act, Stage, Tally } from "./types.js" */
import { el } from "../../shared/dom.js";
import { number, probability, short } from "../../shared/format.js";

/**
 * @param {Stage} stage
 * @param {Act} act
 */
export function talliedPanel(stage, act) {
  const { question } = stage.board;
  const isMap = question.type === "cells" || question.type === "pick";
  const counted = el("p", { class: "counted", role: "status", "data-testid": "counted" });
  const votes = el("div", { class: "votes", "data-testid": "votes" });
  const result = el("p", { class: "score", "data-testid": "result" });
  const teams = el("p", { class: "teams" });
  const [reveal, close, next, page] = [
    button("Reveal", () => act("stage", { to: "revealed" }), "reveal"),
    button("Close answers", () => act("stage", { to: "closed" })),
    button("Next question", () => act("stage", { to: "next", question: stage.id })),
    button("Back to the page", () => act("stage", { to: "page" })),
  ];
  let painted = "";
  return {
    stage: isMap ? votes : undefined,
    node: el("section", { class: "question" },
      el("p", { class: "lead" }, "The class is asked"), el("h2", { tabindex: -1 }, question.ask), counted, isMap ? "" : votes,
      el("div", { class: "line" }, reveal, close, next, page), result, teams),
    paint() {},
    told(/** @type {Stage} */ now, /** @type {{team: number, points: number}[]} */ scores) {
      const tally = /** @type {Tally} */ (now.tally);
      const revealed = now.state === "revealed";
      counted.textContent = `${tally.n} of ${Math.max(now.of ?? 0, tally.n)} answered${now.state === "closed" ? " · closed" : ""}`;
      reveal.hidden = revealed;
      close.textContent = now.state === "closed" ? "Open again" : "Close answers";
      close.onclick = () => act("stage", { to: now.state === "closed" ? "open" : "closed" });
      close.hidden = revealed;
      next.hidden = !now.game;
      const key = JSON.stringify([tally, revealed]);
      if (key !== painted) {
        painted = key;
        votes.replaceChildren(votesNode(now, tally, revealed));
        result.textContent = revealed ? resultOf(question.type, tally) : "";
      }
      teams.textContent = scores.map(({ team, points }) => `Team ${team}: ${points}`).join("   ");
    },
  };
}

/**
 * @param {string} label
 * @param {() => void} press
 * @param {string} [name]
 */
function button(label, press, name = "") {
  return el("button", { type: "button", class: name, onclick: press }, label);
}

/**
 * @param {string} type
 * @param {Tally} tally
 */
function resultOf(type, { n, distance, best, nearest }) {
  if (distance === undefined || best === undefined) return "";
  if (type === "choice" || type === "word") return `${Math.round((1 - distance) * n)} of ${n} right.`;
  const who = nearest === 1 ? "one answer" : `${nearest} answers`;
  return `Distance of the class ${number(distance)}; best guess ${number(best)} (${who}).`;
}

/**
 * @param {Stage} stage
 * @param {Tally} tally
 * @param {boolean} revealed
 */
function votesNode(stage, tally, revealed) {
  const { question, picture } = /** @type {any} */ (stage.board);
  const most = Math.max(1, tally.n);
  switch (question.type) {
    case "row":
      return el("div", { class: "bars" }, ...question.labels.map((/** @type {string} */ label, /** @type {number} */ i) => line(label, {
        share: tally.mean?.[i] ?? 0, said: tally.n ? number(tally.mean?.[i] ?? 0) : "–",
        dots: /** @type {number[][]} */ (tally.dots ?? []).map((row) => row[i]),
        truth: revealed ? question.truth[i] : null,
      })));
    case "choice": {
      const counts = /** @type {number[]} */ (tally.votes);
      if (picture.type === "gallery") return headsMap(question, counts, picture.perRow, most, revealed);
      return el("div", { class: "bars" }, ...question.labels.map((/** @type {string} */ label, /** @type {number} */ i) => line(label, {
        share: counts[i] / most, said: String(counts[i]), dots: [],
        truth: revealed && question.values.length ? Math.max(0, (question.values[i] - question.low) / ((question.high - question.low) || 1)) : null,
        truthSaid: revealed && question.values.length ? probability(question.values[i]) : "",
        best: revealed && question.best.includes(i),
      })));
    }
    case "cells":
    case "pick":
      return cellsMap(question, /** @type {number[][]} */ (tally.votes), most, revealed);
    case "number":
      return numbers(question, tally, revealed);
    default:
      return el("ul", { class: "words" }, ...(tally.words ?? []).map(([word, n]) => el("li", {
        class: revealed && question.truth && word.toLowerCase() === question.truth.toLowerCase() ? "best" : "",
      }, el("span", {}, word), el("b", {}, ` ${n}`))), revealed && question.truth ? el("li", { class: "truth" }, `Right: ${question.truth}`) : null);
  }
}

/**
 * @param {string} label
 * @param {{share: number, said: string, dots: number[], truth: number | null, truthSaid?: string, best?: boolean}} given
 */
function line(label, { share, said, dots, truth, truthSaid, best }) {
  const track = el("span", { class: "track" }, el("i", { class: "votes-bar", style: `width: ${share * 100}%` }),
    ...dots.map((x, i) => el("i", { class: "dot", style: `left: ${x * 100}%; top: ${20 + ((i * 37) % 60)}%` })),
    truth === null ? null : el("i", { class: "truth-bar", style: `width: ${truth * 100}%` }));
  return el("div", { class: best ? "bar-line best" : "bar-line" }, el("span", { class: "name" }, label), track,
    el("span", { class: "value" }, said), el("span", { class: "value truth" }, truth === null ? "" : truthSaid || probability(truth)));
}

/**
 * How full a cell is of votes, 0 to 1: at most so strong a shade that the page's own ink stays readable on it.
 * @param {HTMLElement} cell
 * @param {number} share
 */
function fill(cell, share) {
  cell.style.setProperty("--w", `${(62.5 * share).toFixed(2)}%`);
}

/**
 * Votes over the heads: layers down, heads to the right.
 * @param {any} question
 * @param {number[]} counts
 * @param {number} perRow
 * @param {number} most
 * @param {boolean} revealed
 */
function headsMap(question, counts, perRow, most, revealed) {
  const cells = question.labels.map((/** @type {string} */ label, /** @type {number} */ i) => {
    const value = revealed && question.values.length ? number(question.values[i]) : "";
    const cell = el("div", { class: revealed && question.best.includes(i) ? "head-votes best" : "head-votes", role: "listitem" },
      el("span", {}, label), el("b", {}, counts[i] ? String(counts[i]) : "0"), el("small", {}, value));
    fill(cell, counts[i] / most);
    return cell;
  });
  const node = el("div", { class: "heads-map", role: "list", "aria-label": "Votes for each head" }, ...cells);
  node.style.setProperty("--columns", String(perRow));
  return node;
}

/**
 * @param {any} question
 * @param {number[][]} votes
 * @param {number} most
 * @param {boolean} revealed
 */
function cellsMap(question, votes, most, revealed) {
  const right = revealed ? rightCells(question) : [];
  const head = el("tr", {}, el("td", {}), ...question.columns.map((/** @type {{label: string}} */ { label }) => el("th", { scope: "col" }, label)));
  const rows = question.rows.map((/** @type {{label: string}} */ { label }, /** @type {number} */ i) => el("tr", {}, el("th", { scope: "row" }, label),
    ...votes[i].map((n, j) => {
      const cell = el("td", { class: right[i]?.[j] ? "right" : "" }, n ? String(n) : "");
      fill(cell, n / most);
      return cell;
    })));
  return el("div", {}, el("table", { class: "cell-votes" }, head, ...rows),
    el("p", { class: "note" }, revealed ? "Numbers: votes. Framed: what is right." : "Numbers: votes."));
}

/**
 * Masked cells, or as many of the heaviest as one may choose.
 * @param {any} question
 */
function rightCells({ type, mask, weights, most }) {
  if (type === "cells") return mask.map((/** @type {number[]} */ row) => row.map((may) => !may));
  const least = weights.flat().sort((/** @type {number} */ a, /** @type {number} */ b) => b - a)[most - 1] ?? 0;
  return weights.map((/** @type {number[]} */ row) => row.map((w) => w > 0 && w >= least));
}

/**
 * @param {any} question
 * @param {Tally} tally
 * @param {boolean} revealed
 */
function numbers(question, tally, revealed) {
  const dots = /** @type {number[]} */ (tally.dots ?? []);
  const truth = revealed && question.truth !== undefined ? question.truth : null;
  const all = [...dots, ...(truth === null ? [] : [truth])];
  const [low, high] = [Math.min(0, ...all), Math.max(question.scale, ...all)];
  const at = (/** @type {number} */ x) => ((x - low) / (high - low || 1)) * 100;
  const said = tally.median === null || tally.median === undefined ? "" : `Middle answer ${short(tally.median)}`;
  return el("div", { class: "numbers" },
    el("span", { class: "track" }, ...dots.map((x, i) => el("i", { class: "dot", style: `left: ${at(x)}%; top: ${20 + ((i * 37) % 60)}%` })),
      truth === null ? null : el("i", { class: "truth-line", style: `left: ${at(truth)}%` })),
    el("p", { class: "ends" }, el("span", {}, short(low)), el("span", {}, short(high))),
    el("p", {}, [said, truth === null ? "" : `right: ${short(truth)}`].filter(Boolean).join("; ")));
}
