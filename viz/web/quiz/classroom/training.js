// The training that the class watches: where it stands, and for the teacher the keys. Its pictures are the training
// player's, which stands below.

/** @import { Act, ClassData } from "./types.js" */
import { el } from "../../shared/dom.js";

const SAYS = { waiting: "is about to train one model", running: "trains one model", paused: "trains one model: paused", done: "has trained a model", failed: "was training a model" };

/**
 * @param {Act} [act] the teacher's
 */
export function trainingPanel(act) {
  const what = el("span", {});
  const head = el("h2", { role: "status", tabindex: -1 }, what);
  const said = el("p", { class: "note", "data-testid": "class-training" }); // too lively to be read aloud
  const key = (/** @type {string} */ label, /** @type {string} */ to, /** @type {string} */ name = "") =>
    el("button", { type: "button", class: name, onclick: () => act?.("train", { to }) }, label);
  const [pause, go, stop] = [key("Pause", "pause"), key("Resume", "go"), key("Stop", "stop")];
  const [open, page] = [key("Explore its heads together", "open", "main"), key("Back to the page", "page")];
  const node = el("section", { class: "training", "aria-label": "Training of the class" }, head, said,
    act ? el("div", { class: "line" }, pause, go, stop, open, page) : null);
  return {
    node,
    paint(/** @type {ClassData["training"]} */ training) {
      node.hidden = !training;
      if (!training) return;
      const { status, title, name } = training;
      const sentence = `The class ${SAYS[status]}${title ? `: ${title}` : ""}`;
      if (what.textContent !== sentence) what.textContent = sentence;
      said.textContent = training.said + (name ? ` It is called ${name}, and everybody here has it among the models.` : "");
      pause.hidden = status !== "running";
      go.hidden = status !== "paused";
      stop.hidden = !["waiting", "running", "paused"].includes(status);
      open.hidden = !name;
    },
  };
}
