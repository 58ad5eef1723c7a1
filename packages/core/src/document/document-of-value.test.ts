import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { documentOfValue } from "./document-of-value.ts";

const found = (value: unknown, limits = {}) =>
  documentOfValue(value, { limits }).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);

describe("documentOfValue", () => {
  it("copies and freezes, so that the caller's object stays the caller's", () => {
    const value = { a: [{ b: 1 }], skipped: undefined };
    const { data } = documentOfValue(value) as unknown as { data: { a: [object] } };
    expect(data).toEqual({ a: [{ b: 1 }] });
    expect([data, data.a, data.a[0]].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(value.a)).toBe(false);
  });

  it("has no text and no spans", () => {
    const document = documentOfValue({ a: 1 });
    expect([document.text, document.locate("/a")]).toEqual(["", undefined]);
  });

  it("takes objects without a prototype and of another realm", () => {
    expect(documentOfValue(vm.runInNewContext("({a: [1, {b: null}]})")).data).toEqual({ a: [1, { b: null }] });
    expect(documentOfValue(Object.assign(Object.create(null), { a: 1 })).data).toEqual({ a: 1 });
  });

  it.each([
    ["a date", { a: new Date(0) }, "INVALID_JSON /a"],
    ["a map", { a: new Map() }, "INVALID_JSON /a"],
    ["an instance of a class", [new Error("m")], "INVALID_JSON /0"],
    ["a function", { a: () => 1 }, "INVALID_JSON /a"],
    ["a symbol", { a: Symbol("s") }, "INVALID_JSON /a"],
    ["a bigint", { a: 1n }, "INVALID_JSON /a"],
    ["undefined in a list", [undefined], "INVALID_JSON /0"],
    ["undefined", undefined, "INVALID_JSON "],
    ["a number that is none", { a: [Number.NaN] }, "INEXACT_NUMBER /a/0"],
    ["an infinite number", Number.POSITIVE_INFINITY, "INEXACT_NUMBER "],
    ["half of a surrogate pair", { a: "\ud800" }, "LONE_SURROGATE /a"],
    ["an own __proto__", JSON.parse('{"a":{"__proto__":1}}'), "FORBIDDEN_KEY /a"],
  ])("refuses %s", (_, value, diagnostic) => {
    expect(documentOfValue(value).data).toBeUndefined();
    expect(found(value)).toEqual([diagnostic]);
  });

  it("never runs a getter", () => {
    let ran = false;
    expect(
      found({
        get a() {
          ran = true;
          return 1;
        },
      }),
    ).toEqual(["INVALID_JSON /a"]);
    expect(ran).toBe(false);
  });

  it("ends at a value that contains itself, and at one without end", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(found(cycle)).toEqual([expect.stringMatching(/^LIMIT_EXCEEDED (?:\/self){128}$/)]);
    expect(found({ a: [1, 2, 3] }, { maxNodes: 3 })).toEqual(["LIMIT_EXCEEDED /a/1"]);
    expect(found({ abc: 1 }, { maxKeyLength: 2 })).toEqual(["LIMIT_EXCEEDED "]);
  });

  it.each([
    [undefined, "found undefined"],
    [() => 1, "found function"],
    [1n, "found bigint"],
    [new Date(0), "found a class instance"],
  ])("says what it found: %o", (value, found) => {
    expect(documentOfValue({ a: [value] }).diagnostics[0]?.message).toBe(`${found}, which JSON does not have`);
  });

  it("reads a hole in a list as what it is: nothing that JSON has", () => {
    expect(found(Array(1))).toEqual(["INVALID_JSON /0"]);
  });
});
