import { describe, expect, it } from "vitest";
import { compileEcmaPattern } from "./ecma-pattern.ts";
import { isPatternFault } from "./pattern.ts";

describe("patterns of JSON Schema", () => {
  it.each([
    ["\\u0041", "A", "B"],
    ["^\\u{1F600}$", "😀", "x"],
    ["^\\p{Letter}+$", "é", "1"],
    ["^\\p{Script=Greek}$", "λ", "a"],
    ["^\\p{Lu}$", "É", "é"],
    ["^\\P{L}$", "1", "a"],
    ["^\\\\p$", "\\p", "p"],
    ["^\\d$", "1", "١"],
  ])("%s finds %j and not %j", (source, found, other) => {
    const pattern = compileEcmaPattern(source);
    if (isPatternFault(pattern)) throw new Error(pattern.fault);
    expect([pattern.test(found), pattern.test(other)]).toEqual([true, false]);
  });

  it.each(["(?=a)", "(?<!a)", "(a)\\1", "(", "[z-a]", "a{1001}", "\\p{Nothing}"])(
    "%s is refused with a reason",
    (source) => {
      const pattern = compileEcmaPattern(source);
      expect(isPatternFault(pattern) && pattern.fault.length > 5).toBe(true);
    },
  );

  it("stay linear where others explode", () => {
    const pattern = compileEcmaPattern("^(a+)+$");
    expect(!isPatternFault(pattern) && pattern.test(`${"a".repeat(50_000)}!`)).toBe(false);
  });
});
