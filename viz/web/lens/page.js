// The lens in a file from disk or a notebook: data sits in the page as gzip in base64.

/** @import { Payload } from "../shared/types.js" */
import { stateFrom } from "../shared/heads/store.js";
import * as address from "../shared/address.js";
import { parsePayload } from "../shared/payload.js";
import { STYLE, listen } from "../shared/glossary.js";
import { dress, sheetOf } from "../shared/streamlit.js";
import { mountLens } from "./lens.js";
import css from "../shared/look.css";

async function openPage() {
  const [data, root] = ["headlight-data", "headlight"].map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
  const packed = (data.textContent ?? "").trim();
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const payload = /** @type {Payload & {selection: Record<string, unknown>}} */ (parsePayload(new Uint8Array(await new Response(stream).arrayBuffer())));
  const host = { selection: { ...payload.selection, ...stateFrom(address.fragment) } };
  dress(document, sheetOf(css + STYLE));
  listen(document);
  const lens = mountLens(root, payload, host);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", lens.theme);
}

openPage();
