// The lens in a file from disk or a notebook: data sits in the page as gzip in base64.

import { stateFrom } from "../shared/heads/store.js";
import * as address from "../shared/address.js";
import { parsePayload } from "../shared/payload.js";
import { dress, sheetOf } from "../shared/streamlit.js";
import { mountLens } from "./lens.js";
import css from "../shared/look.css";

async function openPage() {
  const packed = document.getElementById("headlight-data").textContent.trim();
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const payload = parsePayload(new Uint8Array(await new Response(stream).arrayBuffer()));
  const host = { selection: { ...payload.selection, ...stateFrom(address.fragment) } };
  dress(document, sheetOf(css));
  const lens = mountLens(document.getElementById("headlight"), payload, host);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", lens.theme);
}

openPage();
