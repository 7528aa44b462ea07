// The glossary on the page: nothing to see until a term is pointed at or has the focus.

import { dress, mountWith, sheetOf } from "../shared/streamlit.js";
import { STYLE, listen } from "../shared/glossary.js";

export const mount = mountWith("", () => {
  dress(document, sheetOf(STYLE));
  listen(document);
  return { again() {}, close() {} };
});
