// The shim for a file from disk or a notebook: data sits in the page as gzip in base64.

async function openPage() {
  const packed = document.getElementById("headlight-data").textContent.trim();
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = new Uint8Array(await new Response(stream).arrayBuffer());
  const asked = new URLSearchParams(location.hash.slice(1));
  const { header } = splitPayload(data);
  const host = {
    selection: { ...header.selection, ...stateFrom((name) => asked.get(name)) },
  };
  const lens = mount(document.getElementById("headlight"), data, host);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", lens.theme);
  return lens;
}

openPage();
