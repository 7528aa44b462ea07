// What every page has and nobody sees: the glossary, until a term is pointed at or has the focus, and a way by keys
// to all that scrolls.

import { dress, mountWith, sheetOf } from "../shared/streamlit.js";
import { STYLE, listen } from "../shared/glossary.js";
import { keepInReach } from "./reach.js";

export const mount = mountWith("", () => {
  dress(document, sheetOf(STYLE));
  listen(document);
  if (!document.body.dataset.inReach) keepInReach(document);
  document.body.dataset.inReach = "1";
  return { again() {}, close() {} };
});
