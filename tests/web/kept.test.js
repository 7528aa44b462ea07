// Who a browser was in which class: found again after a reload, the oldest forgotten, no store no harm.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { forget, keep, kept } from "../../viz/web/quiz/classroom/kept.js";

/** @type {Map<string, string>} */
let store;
beforeEach(() => {
  store = new Map();
  Object.assign(globalThis, {
    localStorage: { getItem: (/** @type {string} */ name) => store.get(name) ?? null, setItem: (/** @type {string} */ name, /** @type {string} */ value) => store.set(name, value) },
  });
});

test("a pupil's token and a teacher's secret are found again by the class's code", () => {
  keep({ code: "BCDF", token: "pupil", secret: "" });
  keep({ code: "GHJK", token: "", secret: "teacher" });
  assert.equal(kept("BCDF").token, "pupil");
  assert.equal(kept("GHJK").secret, "teacher");
  assert.deepEqual(kept("XXXX"), {});
});

test("a class that has ended is forgotten, and of many the oldest", () => {
  for (const code of ["A", "B", "C", "D", "E", "F"]) keep({ code, token: code, secret: "" });
  assert.deepEqual(kept("A"), {});
  assert.equal(kept("F").token, "F");
  forget("F");
  assert.deepEqual(kept("F"), {});
  assert.equal(kept("E").token, "E");
});

test("a store that is forbidden or holds nonsense does no harm", () => {
  store.set("headlight-classes", "{nonsense");
  assert.deepEqual(kept("A"), {});
  Object.assign(globalThis, { localStorage: { getItem() { throw new Error("no"); }, setItem() { throw new Error("no"); } } });
  keep({ code: "A", token: "t", secret: "" });
  assert.deepEqual(kept("A"), {});
});
