import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Validator } from "../schema/sections/guardrails.ts";
import type { GuardAction, GuardOptions } from "./guardrail.ts";
import { guardResponse } from "./guard-response.ts";
import { createStreamGuard, type GuardStep } from "./stream-guard.ts";

function run(
  guardrails: readonly Validator[],
  pieces: readonly string[],
  options: GuardOptions = {},
): { steps: GuardStep[]; text: string; last: GuardStep } {
  const guard = createStreamGuard(guardrails, options);
  const steps = pieces.map((piece) => guard.push(piece));
  const last = guard.end();
  return { steps, text: [...steps, last].map((step) => step.text).join(""), last };
}

const banned = (...words: string[]): Validator => ({ type: "banned_words", params: { words } });

describe("createStreamGuard", () => {
  it("holds back only what may become a banned word", () => {
    const { steps, text } = run([banned("wreck")], ["so ", "the wre", "nch and a wre", "n"]);
    expect(steps.map((step) => step.text)).toEqual(["so ", "the ", "wrench and a ", "wren"]);
    expect(text).toBe("so the wrench and a wren");
  });

  it("takes texts and nothing else", () => {
    for (const piece of [5, undefined, ["wreck"], { text: "wreck" }])
      expect(() => createStreamGuard([banned("wreck")]).push(piece as never)).toThrow("a piece of an answer is a text");
  });

  it("never emits a character of a blocked word and gives the message once", () => {
    const { steps, last } = run([{ ...banned("wreck"), message: "No." }], ["a w", "re", "ck ", "more"]);
    expect(steps).toEqual([
      { ok: true, text: "a " },
      { ok: true, text: "" },
      { ok: false, text: "", message: "No." },
      { ok: false, text: "" },
    ]);
    expect(last).toMatchObject({ ok: false, text: "", guarded: { ok: false, violations: [{ type: "banned_words" }] } });
    expect(last.message).toBeUndefined();
  });

  it("takes nothing after the verdict, which nobody would look at", () => {
    const guard = createStreamGuard([banned("wreck")]);
    guard.push("a ship");
    expect(guard.end().ok).toBe(true);
    expect(() => guard.push(" and a wreck")).toThrow(new TypeError("the guard has ended; each answer needs its own"));
  });

  it("emits pairs of surrogates whole", () => {
    const { steps } = run([banned("x")], ["a\ud83d", "\ude00"]);
    expect(steps.map((step) => step.text)).toEqual(["a", "\u{1f600}"]);
  });

  it("lets a text pass up to its greatest length", () => {
    const list = [{ type: "max_length", params: { max_characters: 4 } }];
    expect(run(list, ["ab", "c", "d"]).text).toBe("abcd");
    const { steps, last } = run(list, ["ab", "cde", "f"]);
    expect(steps.map((step) => step.text)).toEqual(["ab", "", ""]);
    expect(last.guarded).toMatchObject({ ok: false, violations: [{ details: { characters: 6, limit: 4 } }] });
    expect(run(list, ["ab", "cde", "f"], { actions: { max_length: "truncate" } }).text).toBe("abcd");
  });

  it.each<[string, Validator, string[], string[]]>([
    [
      "min_length until it is long enough",
      { type: "min_length", params: { min: 4 } },
      ["ab", "cd", "e"],
      ["", "abcd", "e", ""],
    ],
    [
      "pii_detection line by line",
      { type: "pii_detection" },
      ["hi ", "you\nand ", "me"],
      ["", "hi you\n", "", "and me"],
    ],
    ["regex_match to the end", { type: "regex_match", params: { pattern: "^a" } }, ["ab", "c"], ["", "", "abc"]],
    ["json_valid to the end", { type: "json_valid" }, ["{", "}"], ["", "", "{}"]],
  ])("holds back for %s", (_, guardrail, pieces, expected) => {
    const { steps, last } = run([guardrail], pieces);
    expect([...steps, last].map((step) => step.text)).toEqual(expected);
  });

  it("holds nothing back in observe mode, and still reports", () => {
    const { steps, last } = run([banned("wreck"), { type: "json_valid" }], ["a wre", "ck"], { enforcement: "observe" });
    expect(steps.map((step) => step.text)).toEqual(["a wre", "ck"]);
    expect(last.guarded).toMatchObject({ ok: true, violations: [{ type: "banned_words" }, { type: "json_valid" }] });
  });

  it("redacts while it streams", () => {
    const { steps, text } = run([banned("one", "two")], ["x on", "e, t", "wo y"], {
      actions: { banned_words: "redact" },
    });
    expect(steps.map((step) => step.text)).toEqual(["x ", "[removed], ", "[removed] y"]);
    expect(text).toBe("x [removed], [removed] y");
  });

  const piece = fc.constantFrom(
    ..."aabc 1-@.\n",
    "bad",
    "\u200b",
    "é",
    "e\u0301",
    "\u0301",
    "\ud83d",
    "\ude00",
    "ß",
    "ｂ",
    "机",
    "a@b.co",
    "4111 1111 1111 1111",
    "１",
  );
  const text = (maxLength: number): fc.Arbitrary<string> =>
    fc.array(piece, { maxLength }).map((parts) => parts.join(""));
  const guardrail: fc.Arbitrary<Validator> = fc.oneof(
    fc
      .record({ words: fc.array(text(3), { minLength: 1, maxLength: 5 }), match: fc.constantFrom("word", "substring") })
      .map(({ words, match }) => ({
        type: "banned_words",
        params: { words: words.filter((word) => !/^[\u200b]*$/.test(word)), match },
      })),
    fc.nat(30).map((max) => ({ type: "max_length", params: { max } })),
    fc.nat(6).map((max_tokens) => ({ type: "max_length", params: { max_tokens } })),
    fc.nat(30).map((min) => ({ type: "min_length", params: { min } })),
    fc.constant<Validator>({ type: "pii_detection", params: { types: ["email", "credit_card"] } }),
    fc.constant<Validator>({ type: "regex_match", params: { pattern: "b.d", must_match: false } }),
    fc.constant<Validator>({ type: "contains_any", params: { patterns: ["a", "b"] } }),
  );
  const actions = fc.record<Record<string, GuardAction>>({
    banned_words: fc.constantFrom<GuardAction>("block", "redact"),
    max_length: fc.constantFrom<GuardAction>("block", "truncate"),
    pii_detection: fc.constantFrom<GuardAction>("block", "redact"),
  });

  it("gives the verdict of the whole text for every chunking, and emits no more than may be seen", () => {
    fc.assert(
      fc.property(
        fc.array(guardrail, { maxLength: 3 }),
        text(30),
        fc.array(fc.nat(80), { maxLength: 12 }),
        actions,
        (guardrails, whole, cuts, chosen) => {
          const { text: seen, ...expected } = guardResponse(guardrails, whole, { actions: chosen });
          const { text: emitted, last } = run(guardrails, cut(whole, cuts), { actions: chosen });
          expect(last.guarded).toEqual(expected);
          if (expected.ok) expect(emitted).toBe(seen);
          else {
            // What was emitted before the block breaks none of the rules about parts of a text. A replacement changes
            // what stands beside it: a length, and with brackets where a word begins. A letter that no
            // banned word has can only take such places away, so words are looked for beside that.
            const redacted = Object.values(chosen).includes("redact");
            // Only what the whole text violates counts: an end of a stream may look like a word that goes on.
            const violated = new Set(expected.violations.map(({ index }) => index));
            const blocking = guardrails.filter(({ type }, index) => chosen[type] === "block" && violated.has(index));
            const violationsIn = (types: readonly string[], shown: string): readonly unknown[] =>
              guardResponse(
                blocking.filter(({ type }) => types.includes(type)),
                shown,
                { enforcement: "observe" },
              ).violations;
            const { text: beside } = run(guardrails, cut(whole, cuts), { actions: chosen, replacement: "x" });
            // A length may cut a word in two, and the first half may be a banned word that the text does not have.
            const isCut =
              chosen["max_length"] === "truncate" && expected.violations.some(({ type }) => type === "max_length");
            expect(violationsIn(["banned_words"], isCut ? `${beside}x` : beside)).toEqual([]);
            expect(violationsIn(redacted ? ["pii_detection"] : ["max_length", "pii_detection"], emitted)).toEqual([]);
            if (Object.values(chosen).every((action) => action === "block"))
              expect(whole.startsWith(emitted)).toBe(true);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  it("stays linear when a long word keeps everything waiting", () => {
    const guard = createStreamGuard([banned(`${"a".repeat(100_000)}b`)], { actions: { banned_words: "redact" } });
    let emitted = 0;
    for (let count = 0; count < 40_000; count++) emitted += guard.push("aaaaaaaaaaaaaaaaaaaa").text.length;
    expect(emitted + guard.end().text.length).toBe(800_000);
  }, 10_000);
});

describe("redacting a text of nothing but faults", () => {
  const faults = 100_000;
  const options: GuardOptions = { actions: { banned_words: "redact" }, replacement: "-" };

  it("stays linear while another guardrail keeps everything waiting", { timeout: 10_000 }, () => {
    const guard = createStreamGuard([banned("bad"), { type: "json_valid", params: {} }], {
      ...options,
      actions: { ...options.actions, json_valid: "block" },
    });
    for (let count = 0; count < faults; count++) expect(guard.push(count === 0 ? '["' : "bad ").text).toBe("");
    expect(guard.push('"]').text).toBe("");
    expect(guard.end().text).toBe(`["${"- ".repeat(faults - 1)}"]`);
  });

  it("stays linear over the whole text, and where the faults of two guardrails alternate", { timeout: 10_000 }, () => {
    const text = "bad sad ".repeat(faults);
    expect(guardResponse([banned("sad"), banned("bad")], text, options).text).toBe("- - ".repeat(faults));
  });
});

function cut(whole: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.filter((at) => at < whole.length))].sort((left, right) => left - right);
  return [...places, whole.length].map((at, index) => whole.slice(places[index - 1] ?? 0, at));
}
