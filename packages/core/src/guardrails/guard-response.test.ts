import { describe, expect, it } from "vitest";
import { GuardrailError, PackError } from "../diagnostics/errors.ts";
import type { Validator } from "../schema/sections/guardrails.ts";
import { guardrailError, guardResponse } from "./guard-response.ts";
import { compileGuardrails, NEUTRAL_MESSAGE } from "./guardrail.ts";

const banned = (...words: string[]): Validator => ({ type: "banned_words", params: { words } });

describe("guardResponse", () => {
  it("does the strictest thing for a word that is misspelt", () => {
    const list = [{ type: "banned_words", params: { words: ["wreck"] } }];
    for (const options of [{ enforcement: "observ" }, { actions: { banned_words: "redcat" } }])
      expect(guardResponse(list, "a wreck", options as object)).toMatchObject({ ok: false, text: NEUTRAL_MESSAGE });
  });

  it("passes a clean text on", () => {
    expect(guardResponse([banned("wreck")], "All quiet.")).toEqual({
      ok: true,
      text: "All quiet.",
      violations: [],
      verdicts: [{ type: "banned_words", index: 0, status: "passed", blocks: false }],
    });
    expect(guardResponse(undefined, "x")).toEqual({ ok: true, text: "x", violations: [], verdicts: [] });
  });

  it("enforces every enabled guardrail by default and never reads fail_on_violation", () => {
    for (const declared of [{}, { fail_on_violation: false }, { fail_on_violation: true }]) {
      const { ok, text, violations } = guardResponse([{ ...banned("wreck"), ...declared, id: "v" }], "a WRECK");
      expect(ok).toBe(false);
      expect(text).toBe(NEUTRAL_MESSAGE);
      expect(violations).toEqual([
        {
          type: "banned_words",
          id: "v",
          index: 0,
          status: "violated",
          blocks: true,
          message: "it has a word that is not allowed",
          details: { word: 0 },
        },
      ]);
    }
    expect(guardResponse([{ ...banned("wreck"), enabled: false }], "a wreck").ok).toBe(true);
  });

  it("blocks only declared guardrails when the host says so, and lists the others", () => {
    const list = [{ ...banned("wreck") }, { ...banned("ship"), fail_on_violation: true }];
    const declared = guardResponse(list, "a wreck of a ship", { enforcement: "declared" });
    expect(declared.violations.map(({ blocks }) => blocks)).toEqual([false, true]);
    expect(guardResponse(list, "a wreck", { enforcement: "declared" }).ok).toBe(true);
    const observed = guardResponse(list, "a wreck of a ship", { enforcement: "observe" });
    expect(observed.ok).toBe(true);
    expect(observed.text).toBe("a wreck of a ship");
    expect(observed.violations).toHaveLength(2);
  });

  it("answers with the pack's message, then the message in params, then the host's", () => {
    const text = "wreck";
    const params = { words: ["wreck"], message: "from params" };
    expect(guardResponse([{ type: "banned_words", message: "from the pack", params }], text).text).toBe(
      "from the pack",
    );
    expect(guardResponse([{ type: "banned_words", params }], text).text).toBe("from params");
    expect(guardResponse([banned("wreck")], text, { message: "from the host" }).text).toBe("from the host");
  });

  it("refuses a type without implementation, or reports it as unchecked and never as passed", () => {
    const list = [{ type: "sentiment" }, { type: "maxlength" }];
    expect(() => guardResponse(list, "x")).toThrow(PackError);
    expect(() => compileGuardrails(list)).toThrow(
      expect.objectContaining({
        diagnostics: [
          expect.objectContaining({ code: "UNKNOWN_GUARDRAIL", severity: "error", pointer: "/validators/0/type" }),
          expect.objectContaining({
            code: "UNKNOWN_GUARDRAIL",
            pointer: "/validators/1/type",
            hint: 'did you mean "max_length"?',
          }),
        ],
      }),
    );
    const { verdicts, ok } = guardResponse([{ type: "sentiment" }], "x", { unknownGuardrails: "report" });
    expect(verdicts).toMatchObject([{ status: "unchecked", blocks: false }]);
    expect(ok).toBe(true);
    expect(() => compileGuardrails([{ type: "constructor" }])).toThrow(PackError);
    expect(() => compileGuardrails([{ type: "tools_called" }])).toThrow(PackError);
  });

  it("runs guardrails of the host, by own name only", () => {
    const types = { sentiment: (text: string) => text.includes("good") };
    expect(guardResponse([{ type: "sentiment" }], "All good", { types }).ok).toBe(true);
    expect(guardResponse([{ type: "sentiment" }], "awful", { types }).ok).toBe(false);
    const scored = { toxicity: () => ({ score: 0.6 }) };
    expect(guardResponse([{ type: "toxicity" }], "x", { types: scored }).ok).toBe(false);
    expect(guardResponse([{ type: "toxicity", params: { min_score: 0.5 } }], "x", { types: scored }).ok).toBe(true);
  });

  it("counts a check that throws as a violation, and does not tell what it threw", () => {
    const types = {
      custom: (): boolean => {
        throw new Error("secret 123");
      },
    };
    const guarded = guardResponse([{ type: "custom" }], "x", { types });
    expect(guarded.ok).toBe(false);
    expect(JSON.stringify(guarded)).not.toContain("secret");
  });

  it("blocks when the params are broken or missing, because nothing was checked", () => {
    const broken = guardResponse([{ type: "regex_match", params: { pattern: "(" } }], "x");
    expect(broken.violations).toHaveLength(1);
    const missing = guardResponse([{ type: "banned_words" }], "x");
    expect(missing.ok).toBe(false);
    expect(missing.verdicts).toMatchObject([{ status: "unchecked", blocks: true }]);
    expect(missing.violations).toEqual([]);
  });

  it("decides each of two guardrails of one type by itself", () => {
    const list: Validator[] = [
      { type: "regex_match", params: { pattern: "nomatch" } },
      { type: "regex_match", fail_on_violation: true, params: { pattern: "secret", must_match: false } },
    ];
    expect(
      guardResponse(list, "the secret", { enforcement: "declared" }).violations.map(({ blocks }) => blocks),
    ).toEqual([false, true]);
  });

  it("checks text, refusals and reasoning together, and the seams between parts", () => {
    const content = [
      { type: "reasoning", text: "hmm" },
      { type: "text", text: "a wr" },
      { type: "text", text: "eck" },
      { type: "image", media: { mime_type: "image/png", url: "https://example.com/wreck.png" } },
    ] as const;
    expect(guardResponse([banned("wreck")], { content }).ok).toBe(false);
    expect(guardResponse([banned("hmm")], { content }).ok).toBe(false);
    expect(guardResponse([banned("hmma")], { content }).ok).toBe(true);
    expect(
      guardResponse([banned("no")], { content: [{ type: "refusal", text: "No." }], finishReason: "stop" }).ok,
    ).toBe(false);
  });

  it("drops the tool calls of a blocked response and finishes it as guardrail", () => {
    const toolCalls = [{ id: "1", name: "pay", arguments: "{}" }];
    const response = { content: "a wreck", toolCalls, finishReason: "tool-calls", usage: { outputTokens: 2 } } as const;
    expect(guardResponse([{ ...banned("wreck"), message: "No." }], response).response).toEqual({
      content: "No.",
      finishReason: "guardrail",
      usage: { outputTokens: 2 },
    });
    expect(guardResponse([banned("calm")], response).response).toEqual(response);
  });

  it("truncates at a code point and redacts, when the host wants that instead", () => {
    const short: Validator = { type: "max_length", params: { max_characters: 2 } };
    expect(guardResponse([short], "a👍b", { actions: { max_length: "truncate" } })).toMatchObject({
      ok: true,
      text: "a👍",
      violations: [{ blocks: false }],
    });
    const words = guardResponse([banned("one", "two")], "One, two, three", { actions: { banned_words: "redact" } });
    expect(words).toMatchObject({ ok: true, text: "[removed], [removed], three" });
    const parts = {
      content: [
        { type: "text", text: "call me@ex" },
        { type: "text", text: "ample.org now" },
      ],
    } as const;
    const pii = guardResponse([{ id: "p", type: "pii_detection" }], parts, {
      actions: { p: "redact" },
      replacement: "***",
    });
    expect(pii.text).toBe("call *** now");
    expect(pii.response?.content).toEqual([
      { type: "text", text: "call ***" },
      { type: "text", text: " now" },
    ]);
    // A guardrail that cannot point at its fault blocks all the same.
    expect(
      guardResponse([{ type: "min_length", params: { min: 9 } }], "x", { actions: { min_length: "redact" } }).ok,
    ).toBe(false);
  });

  it("reads the structured value or the answer, not the reasoning, for JSON", () => {
    const list: Validator[] = [{ type: "json_schema", params: { schema: { type: "object", required: ["a"] } } }];
    expect(guardResponse(list, '{"a":1}').ok).toBe(true);
    expect(guardResponse(list, '{"b":1}').ok).toBe(false);
    expect(
      guardResponse(list, {
        content: [
          { type: "reasoning", text: "so" },
          { type: "text", text: '{"a":1}' },
        ],
      }).ok,
    ).toBe(true);
    expect(guardResponse(list, { content: "done", output: { a: 1 } }).ok).toBe(true);
  });

  it("advises the model without repeating what it wrote", () => {
    const { retryAdvice } = guardResponse([banned("wreck"), { type: "max_length", params: { max: 3 } }], "a wreck");
    expect(retryAdvice).toContain("it has 7 characters; at most 3 are allowed");
    expect(retryAdvice).not.toContain("wreck");
  });

  it("remembers compiled guardrails of frozen lists only", () => {
    const frozen = Object.freeze([banned("wreck")]);
    expect(compileGuardrails(frozen, { message: "m" })).toBe(compileGuardrails(frozen, { message: "m" }));
    expect(compileGuardrails(frozen, {})).not.toBe(compileGuardrails(frozen, { message: "m" }));
    const open = [banned("wreck")];
    expect(compileGuardrails(open)).not.toBe(compileGuardrails(open));
  });

  it("takes nothing that it would not look at", () => {
    const list = [banned("wreck")];
    for (const content of [
      ["a wreck"],
      [{ type: "output_text", text: "a wreck" }],
      [{ type: "text", text: ["a wreck"] }],
    ])
      expect(() => guardResponse(list, { content } as never)).toThrow("a part of an answer is a text or media");
    for (const response of [undefined, 5, { text: "a wreck" }, Promise.resolve("a wreck")])
      expect(() => guardResponse(list, response as never)).toThrow("an answer is a text or has content");
    for (const given of [{ validators: list }, "main", null])
      expect(() => guardResponse(given as never, "a wreck")).toThrow("guardrails are the validators of a prompt");
  });

  it("makes an error with the verdicts and without the text", () => {
    const error = guardrailError(guardResponse([banned("wreck")], "my wreck"));
    expect(GuardrailError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "GUARDRAIL_VIOLATED", verdicts: [{ status: "violated" }] });
    expect(JSON.stringify([error.message, error.diagnostics, error.verdicts])).not.toContain("my wreck");
    expect(() => guardrailError(guardResponse([], "x"))).toThrow(TypeError);
  });
});
