import { expect, it } from "vitest";
import { copyJson } from "./copy-json.ts";

it("copies and freezes JSON, and refuses what is none or too large", () => {
  const copied = copyJson({ a: [1, { b: undefined, ["__proto__"]: 2 }] });
  expect(JSON.stringify(copied)).toBe('{"value":{"a":[1,{"__proto__":2}]}}');
  expect("value" in copied && Object.isFrozen((copied.value as { a: object }).a)).toBe(true);
  let deep: unknown = 1;
  for (let depth = 0; depth < 500; depth++) deep = [deep];
  let doubled: unknown = "seed";
  for (let step = 0; step < 40; step++) doubled = [doubled, doubled];
  for (const bad of [Number.NaN, 1n, () => 1, undefined, deep, doubled, "x".repeat(5_000_000)])
    expect(copyJson(bad)).toEqual({ fault: expect.any(String) });
});
