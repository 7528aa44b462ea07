// Every term that the browser's parts name is in the glossary.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { slugOf } from "../../viz/web/shared/gloss.js";
import glossary from "../../viz/glossary.json" with { type: "json" };
import kinds from "../../viz/kinds.json" with { type: "json" };

const WEB = new URL("../../viz/web/", import.meta.url);
const names = new Set(glossary.map(({ name }) => name));

test("names that are written out are terms", () => {
  const files = readdirSync(WEB, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const found = files.flatMap((file) => [...readFileSync(new URL(file, WEB), "utf8").matchAll(/\b(?:term|glossOf)\("([^"]+)"/g)].map(([, name]) => ({ file, name })));
  assert.ok(found.length > 1);
  for (const { file, name } of found) assert.ok(names.has(name), `${file}: ${name}`);
});

test("the three kinds of attention are terms", () => {
  for (const { name } of Object.values(kinds)) assert.ok(names.has(name), name);
});

test("a term's place in an address is the one that Python gives it", () => {
  assert.equal(slugOf("Kendall's τ"), "kendall-s-τ");
  assert.equal(slugOf("d_model"), "d_model");
  assert.equal(new Set([...names].map(slugOf)).size, names.size);
});
