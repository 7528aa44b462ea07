// The few lines that Streamlit sends with every run: they import a part's program from the app's own server
// and mount it. Python puts the file's name in the place of FILE.

const PATH = "app/static/FILE";

/**
 * @param {{parentElement: ShadowRoot}} component
 */
export default async function load(component) {
  const root = component.parentElement;
  const part = await fromServer();
  root.querySelector(".not-loaded")?.remove();
  if (part) return part.mount(component);
  const said = document.createElement("p");
  said.className = "not-loaded";
  said.textContent = `This part of the page could not be loaded: the server does not hand out ${PATH}.`;
  root.append(said);
  return undefined;
}

/** Streamlit's own program tells where its server is, under a base path or behind a proxy too. */
async function fromServer() {
  const program = performance.getEntriesByType("resource").map(({ name }) => name)
    .find((name) => /\/static\/js\/index\.[^/]+\.js$/.test(name));
  for (const root of [program && new URL("../../", program), document.baseURI]) {
    try {
      return await import(new URL(PATH, root).href);
    } catch { /* there is no such place, no such file, or it is not a program */ }
  }
  return null;
}
