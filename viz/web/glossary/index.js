// What every page has and nobody sees: the glossary, until a term is pointed at or has the focus, a way by keys to all
// that scrolls and into what is folded, and rest from keys of one letter for who has switched them off.

import { dress, mountWith, sheetOf } from "../shared/streamlit.js";
import { STYLE, listen } from "../shared/glossary.js";
import { hushLetters } from "../shared/keys.js";
import { joinFolds } from "./folds.js";
import { keepInReach } from "./reach.js";

export const mount = mountWith("", () => {
  dress(document, sheetOf(STYLE));
  listen(document);
  if (!document.body.dataset.inReach) {
    keepInReach(document);
    hushLetters(window);
    joinFolds(document);
  }
  document.body.dataset.inReach = "1";
  return { again() {}, close() {} };
});
