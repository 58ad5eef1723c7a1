import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ANY } from "../json/shape.ts";
import { fillLimits } from "./limits.ts";
import { parseDocument } from "./parse-document.ts";
import { parseStrict } from "./parse-strict.ts";
import { readClean } from "./read-clean.ts";
import { createLineMap } from "./text/line-map.ts";

const limits = fillLimits();
const strictly = (text: string): ReturnType<typeof parseStrict> => parseStrict(text, limits, createLineMap(text));

/** Texts that are JSON, nearly JSON, or JSON that parsers disagree on. */
const key = fc.constantFrom(
  '"a"',
  '"\\u0061"',
  '"b"',
  '"a b"',
  '"\\""',
  '"a\\\\"',
  '"__proto__"',
  '"\\u005f_proto__"',
  '"constructor"',
  '"x:"',
  '":"',
  '"\\":"',
  '"\\ud800"',
);
const space = fc.constantFrom("", " ", "\n", "\t\r\n ");
const text: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      "1",
      "-0",
      "1.5e3",
      "9007199254740993",
      "1e400",
      "true",
      "null",
      '"x"',
      '"\\":1"',
      '"\\\\"',
      '"\\ud83d\\ude00"',
      '"\\ud83d"',
      '"\\u0000"',
      "01",
      "nul",
      '"',
    ),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(key, space, tie("value"), space), { maxLength: 4 })
      .map(
        (members) =>
          `{${members.map(([name, before, value, after]) => `${name}${before}:${after}${value}`).join(",")}}`,
      ),
  ),
})).value;
const mutated = fc
  .tuple(text, fc.nat(), fc.constantFrom("", "", "", ",", ":", '"', "\\", "{", "]", "\u0000", "é", "0"))
  .map(([whole, at, insert]) => {
    const place = at % (whole.length + 1);
    return whole.slice(0, place) + insert + whole.slice(place);
  });

describe("the two parsers", () => {
  it("never disagree: what the fast path accepts, the strict parser reads as the same value without a complaint", () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutated, (hostile) => {
        const clean = readClean(hostile, limits, ANY);
        if (clean === undefined) return;
        accepted++;
        const { value, diagnostics } = strictly(hostile);
        expect(diagnostics).toEqual([]);
        expect(value).toEqual(clean);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it("never disagree on a run of tokens: what the fast path accepts has no fault", () => {
    const tokens = fc.array(
      fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        '"a"',
        '"b"',
        '"a:"',
        '"\\""',
        '"\\ud800"',
        '"__proto__"',
        "1",
        "1e999",
        "9007199254740993",
        " ",
        "\n",
        "null",
      ),
      { maxLength: 12 },
    );
    let clean = 0;
    fc.assert(
      fc.property(tokens, (parts) => {
        if (readClean(parts.join(""), limits, ANY) === undefined) return;
        clean++;
        expect(parseDocument(` ${parts.join("")}`).diagnostics).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(clean).toBeGreaterThan(50);
  });

  it("never disagree with JSON.parse on what is JSON", () => {
    fc.assert(
      fc.property(mutated, (hostile) => {
        let isJson = true;
        try {
          JSON.parse(hostile);
        } catch {
          isJson = false;
        }
        expect(strictly(hostile).diagnostics.some(({ code }) => code === "INVALID_JSON")).toBe(!isJson);
      }),
      { numRuns: 3000 },
    );
  });

  it("let most plain values take the fast path", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,5}$/),
          fc.oneof(fc.stringMatching(/^[a-z .]*$/), fc.integer(), fc.boolean(), fc.constant(null)),
        ),
        (value) => {
          expect(readClean(JSON.stringify(value), limits, ANY)).toEqual({ ...value });
        },
      ),
    );
  });
});
