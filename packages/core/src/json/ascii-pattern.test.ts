import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { compileAsciiPattern } from "./ascii-pattern.ts";

describe("a pattern that is a sequence of ASCII classes", () => {
  it.each([
    "^[a-z]{2}$",
    "^[a-zA-Z_][a-zA-Z0-9_]*$",
    "^[a-z][a-z0-9-]*$",
    "^ab-[0-9]{2,4}$",
    "^[x-]{0,}$",
    "^[0-9]+$",
    "^$",
    "^a{0}b$",
  ])("needs no engine: %s", (source) => {
    expect(compileAsciiPattern(source)).toBeDefined();
  });

  it.each([
    "[a-z]",
    "^[a-z]",
    "^[^a]$",
    "^a*b$",
    "^a?$",
    "^a|b$",
    "^(a)$",
    "^.$",
    "^\\d$",
    "^[z-a]$",
    "^a{3,2}$",
    "^[a-z]*[0-9]$",
    "^a+?$",
    "^a**$",
    "^é$",
    "^[[:alpha:]]$",
    "^[]$",
    "^a{,2}$",
    "^a\\$",
  ])("leaves to the engine: %s", (source) => {
    expect(compileAsciiPattern(source)).toBeUndefined();
  });

  it("answers as RE2 and as JavaScript do", () => {
    const atom = fc.constantFrom(
      "a",
      "b",
      "-",
      "_",
      " ",
      "[a-c]",
      "[a-]",
      "[-b]",
      "[a-c-]",
      "[0-9_]",
      "[ab]",
      "[A-Z:.@/]",
      "[a-b-d]",
    );
    const repeat = fc.constantFrom("", "{1}", "{2}", "{0}", "{1,2}", "{0,}", "*", "+");
    const pattern = fc
      .array(
        fc.tuple(atom, repeat).map(([left, right]) => left + right),
        { maxLength: 4 },
      )
      .map((parts) => `^${parts.join("")}$`);
    const text = fc.string({
      unit: fc.constantFrom("a", "b", "c", "d", "-", "_", " ", "0", "9", "A", ":", "\n", "é", "😀"),
      maxLength: 6,
    });
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 1, maxLength: 8 }), (source, texts) => {
        const compiled = compileAsciiPattern(source);
        fc.pre(compiled !== undefined);
        const [engine, native] = [RE2JS.compile(source), new RegExp(source)];
        for (const one of texts) {
          expect(compiled?.test(one)).toBe(engine.test(one));
          expect(compiled?.test(one)).toBe(native.test(one));
        }
      }),
      { numRuns: 500 },
    );
  });
});
