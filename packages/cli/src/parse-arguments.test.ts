import { describe, expect, it } from "vitest";
import { type Options, UsageError } from "./command.ts";
import { parseArguments, wholeNumber } from "./parse-arguments.ts";

const options: Options = {
  format: { type: "string", value: "format", choices: ["json", "pretty"], about: "" },
  var: { type: "string", value: "name=value", multiple: true, about: "" },
  strict: { type: "boolean", about: "" },
};

const failure = (...argv: string[]): UsageError => {
  try {
    parseArguments(argv, options);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error("no usage error");
};

describe("parseArguments", () => {
  it("keeps positionals, flags, repeated values and everything after --", () => {
    const given = parseArguments(["a", "--var", "x=1", "--strict", "--var=y=2=3", "-", "--", "--strict"], options);
    expect(given.positionals).toEqual(["a", "-", "--strict"]);
    expect(given.texts("var")).toEqual(["x=1", "y=2=3"]);
    expect(given.flag("strict")).toBe(true);
    expect(given.flag("format")).toBe(false);
    expect(given.text("format")).toBeUndefined();
  });

  it("takes the last of a repeated option, and a value that looks like a number below zero", () => {
    expect(parseArguments(["--format", "json", "--format", "pretty"], options).text("format")).toBe("pretty");
    expect(parseArguments(["--var", "-1=x"], options).texts("var")).toEqual(["-1=x"]);
  });

  it("names an unknown option and the one that was meant", () => {
    expect(failure("--formta", "json")).toMatchObject({
      message: 'unknown option "--formta"',
      hint: 'did you mean "--format"?',
    });
    expect(failure("--zzzzzzz").hint).toBeUndefined();
    expect(failure("-x").message).toBe('unknown option "-x"');
    expect(failure("--constructor").message).toBe('unknown option "--constructor"');
    expect(failure("--__proto__").message).toBe('unknown option "--__proto__"');
  });

  it("knows how the command at hand calls JSON", () => {
    expect(failure("--json").hint).toBe('did you mean "--format json"?');
    const flag: Options = { json: { type: "boolean", about: "" } };
    expect(() => parseArguments(["--format", "json"], flag)).toThrow(
      expect.objectContaining({ hint: 'did you mean "--json"?' }),
    );
    expect(() => parseArguments(["--json"], { format: { type: "string", choices: ["html"], about: "" } })).toThrow(
      expect.objectContaining({ hint: undefined }),
    );
  });

  it("refuses missing, unwanted and unlisted values", () => {
    expect(failure("--format")).toMatchObject({ message: "--format needs a format", hint: "it can be json, pretty" });
    expect(failure("--strict=yes").message).toBe("--strict takes no value");
    expect(failure("--format", "jsno")).toMatchObject({
      message: '--format cannot be "jsno"; it can be json, pretty',
      hint: 'did you mean "json"?',
    });
  });

  it("reads whole numbers only", () => {
    const number: Options = { n: { type: "string", about: "" } };
    expect(wholeNumber(parseArguments(["--n", "07"], number), "n")).toBe(7);
    expect(wholeNumber(parseArguments([], number), "n")).toBeUndefined();
    for (const text of ["", "-1", "1.5", "1e3", "Infinity", "x"]) {
      expect(() => wholeNumber(parseArguments([`--n=${text}`], number), "n")).toThrow(UsageError);
    }
  });
});
