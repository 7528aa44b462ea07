// What may be selected, and how an address says it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, addressOf, createStore, pointerOf, stateFrom } from "../../viz/web/shared/heads/store.js";
import { payload } from "./made.js";

test("what does not exist is brought inside", () => {
  const store = createStore(payload(), { kind: "nonsense", layer: "77", head: -3, measure: "guess", threshold: 9 });
  const { kind, layer, head, measure, threshold } = store.get();
  assert.deepEqual([kind, layer, head, measure, threshold], ["cross", 0, 0, "weights", 1]);
});

test("a listener is told the names of what changed, and nothing where nothing did", () => {
  const store = createStore(payload());
  /** @type {string[][]} */
  const told = [];
  store.subscribe((changed) => told.push([...changed]));
  store.set({ head: 1 });
  store.set({ head: 1 });
  store.set({ pin: { row: 0, col: 1 } });
  store.set({ pin: { row: 0, col: 1 } });
  assert.deepEqual(told, [["head"], ["pin"]]);
});

test("a pinned place goes when rows and columns become others, and stays with a head", () => {
  const store = createStore(payload());
  store.set({ pin: { row: 1, col: 1 } });
  store.set({ head: 1 });
  assert.deepEqual(store.get().pin, { row: 1, col: 1 });
  store.set({ kind: "decoder_self" });
  assert.equal(store.get().pin, null);
});

test("words and hidden tokens are for weights", () => {
  const store = createStore(payload(), { unit: "words", special: "hidden" });
  store.set({ measure: "norm" });
  assert.deepEqual([store.get().unit, store.get().special], ["pieces", "shown"]);
});

test("a state and its address are each other's inverse", () => {
  const store = createStore(payload(), { kind: "encoder_self", head: 1, measure: "norm", scale: "head" });
  store.set({ pin: { row: 2, col: null } });
  const said = addressOf(store.get());
  const back = createStore(payload(), stateFrom((name) => said[name]));
  assert.deepEqual(back.get(), store.get());
});

test("only what differs from the default is said, and the head always", () => {
  const said = Object.entries(addressOf(DEFAULTS)).filter(([, value]) => value !== null);
  assert.deepEqual(Object.fromEntries(said), { kind: "cross", layer: "0", head: "0" });
});

test("the pin wins over the hand", () => {
  const [pin, hover] = [{ row: 1, col: 2 }, { row: 0, col: 0 }];
  assert.equal(pointerOf({ pin, hover }), pin);
  assert.equal(pointerOf({ pin: null, hover }), hover);
  assert.deepEqual(pointerOf({ pin: null, hover: null }), { row: null, col: null });
});
