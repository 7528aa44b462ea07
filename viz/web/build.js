// Bundles each part of the page into one file of static/, named by its content: `npm run build`.
// `npm run check` fails when the committed files are not what the sources give.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Every part of the page, and the module that it begins with. */
const PARTS = {
  lens: "lens/index.js",
  page: "lens/page.js", // the lens as a file or in a notebook
  steps: "steps/index.js",
  head_anatomy: "head_anatomy/index.js",
  quiz: "quiz/index.js",
  classroom: "quiz/classroom/index.js", // the same questions, put to a class
  training_player: "training_player/index.js",
  chart_buttons: "chart_buttons/index.js",
  selection: "selection/index.js",
  pad: "pad/index.js",
  welcome: "welcome/index.js",
  glossary: "glossary/index.js",
};

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const [WEB, STATIC] = [join(ROOT, "viz/web"), join(ROOT, "static")];

/** Style sheets of the page itself, which Streamlit sends with every run: they are only made small. */
const STYLES = (await Promise.all(["page", "views"].map((room) => filesIn(join(ROOT, "viz", room))))).flat()
  .filter((path) => path.endsWith(".css"));

/**
 * A style sheet is imported as its text, made small.
 * @type {import("esbuild").Plugin}
 */
const styles = {
  name: "styles",
  setup(bundler) {
    bundler.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const made = await build({ entryPoints: [path], bundle: true, minify: true, write: false, charset: "utf8" });
      return { contents: made.outputFiles[0].text, loader: "text" };
    });
  },
};

/** File name -> text, the manifest included. */
async function bundles() {
  const { outputFiles } = await build({
    entryPoints: Object.entries(PARTS).map(([out, path]) => ({ in: join(WEB, path), out })),
    bundle: true, minify: true, write: false, format: "esm", target: "es2022", charset: "utf8",
    outdir: STATIC, entryNames: "[name]-[hash]", plugins: [styles],
    preserveSymlinks: true, // names of modules are in the hash: it is the same where node_modules is a link
  });
  const files = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const loader = await build({ // of several lines: one line would be taken for the name of a file
    entryPoints: [join(WEB, "loader.js")], minify: true, write: false, format: "esm", banner: { js: "//" },
  });
  files.set("loader.js", loader.outputFiles[0].text);
  for (const path of STYLES) {
    const made = await build({ entryPoints: [path], minify: true, write: false, charset: "utf8" });
    files.set(basename(path), made.outputFiles[0].text);
  }
  const named = Object.keys(PARTS).map((part) => [part, [...files.keys()].find((file) => file.startsWith(`${part}-`))]);
  const manifest = { sources: await sourcesHash(), parts: Object.fromEntries(named) };
  return files.set("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
}

/** One hash of everything that the bundles are made of; `tests/components/test_static.py` computes it, too. */
async function sourcesHash() {
  const named = [...(await filesIn(WEB)), ...STYLES, join(ROOT, "viz/kinds.json"), join(ROOT, "viz/glossary.json"), join(ROOT, "package-lock.json")].map((path) => [relative(ROOT, path).replaceAll("\\", "/"), path]);
  const hash = createHash("sha256");
  for (const [name, path] of named.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\n${(await readFile(path, "utf8")).replaceAll("\r\n", "\n")}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Every file in a folder, and in those in it.
 * @param {string} folder
 */
async function filesIn(folder) {
  const inside = await readdir(folder, { recursive: true, withFileTypes: true });
  return inside.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
}

async function filesThere() {
  const names = await readdir(STATIC).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(STATIC, name), "utf8")));
  return new Map(names.map((name, i) => [name, texts[i]]));
}

const [made, there] = [await bundles(), await filesThere()];
const stale = [...made].filter(([name, text]) => there.get(name) !== text).map(([name]) => name);
const left = [...there.keys()].filter((name) => !made.has(name));
if (process.argv.includes("--check")) {
  if (stale.length || left.length) {
    console.error(`static/ is stale (${[...stale, ...left].join(", ")}): run \`npm run build\` and commit it.`);
    process.exitCode = 1;
  }
} else {
  await mkdir(STATIC, { recursive: true });
  await Promise.all(left.map((name) => rm(join(STATIC, name))));
  await Promise.all(stale.map((name) => writeFile(join(STATIC, name), made.get(name) ?? "")));
  for (const [name, text] of made) console.log(`${name.padEnd(36)}${(text.length / 1000).toFixed(1).padStart(7)} kB`);
}
