import { describe, expect, it } from "vitest";
import { inspect } from "node:util";
import { GuardrailError, InputError, isMarked, mark, PackError, PromptPackError } from "./errors.ts";
import { collectFindings, createDiagnostic } from "./report.ts";

const warning = createDiagnostic("UNUSUAL_PIPELINE", "/prompts/a/pipeline", "no provider");
const error = createDiagnostic("UNKNOWN_PROMPT", "/workflow/entry", 'there is no prompt "x"');

describe("errors", () => {
  it("carry every diagnostic and the code of the first error", () => {
    const thrown = new PackError([warning, error, error]);
    expect(thrown).toMatchObject({ name: "PackError", code: "UNKNOWN_PROMPT", diagnostics: [warning, error, error] });
    expect(thrown.message).toBe('/workflow/entry UNKNOWN_PROMPT: there is no prompt "x" (and 1 more)');
  });

  it("say the hint too: a log often has the message alone", () => {
    const thrown = new InputError([{ ...error, hint: 'did you mean "y"?' }, error]);
    expect(thrown.message).toBe(
      '/workflow/entry UNKNOWN_PROMPT: there is no prompt "x" (did you mean "y"?) (and 1 more)',
    );
  });

  it("say file, line and column when they know them", () => {
    const place = { offset: 9, line: 2, column: 3 };
    expect(new PackError([{ ...error, span: { file: "a.json", start: place, end: place } }]).message).toMatch(
      /^a\.json:2:3 UNKNOWN_PROMPT: /,
    );
    expect(new PackError([{ ...error, span: { start: place, end: place } }]).message).toMatch(/^2:3 /);
    expect(new PackError([{ ...error, pointer: "" }]).message).toMatch(/^UNKNOWN_PROMPT: /);
  });

  it("keep their cause and are never empty", () => {
    const cause = new Error("disk");
    expect(new PackError([error], { cause }).cause).toBe(cause);
    expect(() => new PackError([])).toThrow(TypeError);
  });

  it("are told apart by isInstance, as by instanceof", () => {
    const [pack, input, guardrail] = [new PackError([error]), new InputError([error]), new GuardrailError([error], [])];
    expect([pack, input, guardrail].map(PackError.isInstance)).toEqual([true, false, false]);
    expect([pack, input, guardrail].map(InputError.isInstance)).toEqual([false, true, false]);
    expect([pack, input, guardrail].map(GuardrailError.isInstance)).toEqual([false, false, true]);
    expect([pack, input, guardrail].map(PromptPackError.isInstance)).toEqual([true, true, true]);
    expect(pack).toBeInstanceOf(PackError);
  });

  it("are recognized when they come from another copy of the package", () => {
    class PackErrorOfAnotherCopy extends Error {}
    const foreign = new PackErrorOfAnotherCopy("m");
    mark(foreign as PromptPackError, "PackError");
    expect(PackError.isInstance(foreign)).toBe(true);
    expect(foreign).not.toBeInstanceOf(PackError);
  });

  it("are not made by data: a mark on a plain object, a string or an inherited mark counts for nothing", () => {
    const marked = Object.defineProperty({}, Symbol.for("promptpack.PackError"), { value: true });
    for (const value of [marked, Object.create(new PackError([error])), "PackError", null, undefined, new Error("m")])
      expect(PackError.isInstance(value)).toBe(false);
    expect(isMarked(new PackError([error]), "Nothing")).toBe(false);
  });

  it("show no mark when they are listed or written as JSON", () => {
    expect(JSON.parse(JSON.stringify(new PackError([error])))).toEqual({
      name: "PackError",
      code: "UNKNOWN_PROMPT",
      diagnostics: [error],
    });
  });
});

describe("errors about credentials in the place of names", () => {
  const key = `sk-proj-${"q7Wn2Xc9Vb4Mz6Lk1Jh8".repeat(2)}`;
  const place = { offset: 9, line: 2, column: 3 };
  const named = createDiagnostic("UNKNOWN_TOOL", `/tools/${key}`, `the pack has no tool "${key}"`, {
    hint: `did you mean "${key}x"?`,
    related: [{ pointer: `/prompts/${key}`, message: `"${key}" is here` }],
  });
  const thrown = new PackError([{ ...named, span: { file: `${key}.json`, start: place, end: place } }], {
    cause: new PackError([named]),
  });

  it("are masked from the start, but for where they point to", () => {
    expect(named).toMatchObject({
      message: 'the pack has no tool "[masked: 48 characters]"',
      hint: 'did you mean "[masked: 49 characters]"?',
      related: [{ pointer: `/prompts/${key}`, message: '"[masked: 48 characters]" is here' }],
      pointer: `/tools/${key}`,
    });
    expect(thrown.diagnostics[0]?.pointer).toBe(`/tools/${key}`);
  });

  it("are masked wholly in what a log gets: message, stack, JSON, console.log, the cause", () => {
    for (const text of [
      thrown.message,
      thrown.stack,
      JSON.stringify(thrown),
      inspect(thrown, { depth: 9, showHidden: true }),
    ]) {
      expect(text).not.toContain("q7Wn2Xc9");
      expect(text).toContain("UNKNOWN_TOOL");
    }
    expect(inspect(thrown, { depth: 9 })).toContain("cause: PackError: /tools/[masked: 48 characters] UNKNOWN_TOOL");
  });
});

describe("reports", () => {
  it("take layer and severity from the table of codes, unless a rule says otherwise", () => {
    const { findings, report } = collectFindings();
    report("UNKNOWN_PROMPT", "/a", "m");
    report("UNKNOWN_PROMPT", "/b", "m", { severity: "info", hint: "h", atKey: true, range: { start: 1, end: 2 } });
    expect(findings).toEqual([
      {
        diagnostic: { code: "UNKNOWN_PROMPT", severity: "error", layer: "reference", message: "m", pointer: "/a" },
        range: undefined,
        atKey: false,
      },
      {
        diagnostic: {
          code: "UNKNOWN_PROMPT",
          severity: "info",
          layer: "reference",
          message: "m",
          pointer: "/b",
          hint: "h",
        },
        range: { start: 1, end: 2 },
        atKey: true,
      },
    ]);
  });
});
