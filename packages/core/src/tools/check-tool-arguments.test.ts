import { describe, expect, it } from "vitest";
import type { Tool } from "../schema/sections/tools.ts";
import { checkToolArguments, parseArguments, toolArgumentsSchema, toolDefinition } from "./check-tool-arguments.ts";

const pay: Tool = {
  name: "pay",
  description: "Pay",
  parameters: {
    type: "object",
    properties: { amount: { type: "number", maximum: 100 }, note: { type: "string", default: "x" } },
    required: ["amount"],
    additionalProperties: false,
  },
};
const ping: Tool = { name: "ping", description: "Ping" };
const faults = (tool: Tool, text: string): string[] =>
  checkToolArguments(tool, text).diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);

describe("checkToolArguments", () => {
  it("returns arguments that fit, without filling in defaults", () => {
    expect(checkToolArguments(pay, '{"amount": 5}')).toEqual({ arguments: { amount: 5 }, diagnostics: [] });
  });

  it("takes arguments as text only", () => {
    for (const [args, found] of [
      [{ amount: 5 }, "object"],
      [null, "null"],
      [undefined, "undefined"],
    ])
      expect(checkToolArguments(pay, args as unknown as string)).toEqual({
        diagnostics: [expect.objectContaining({ message: `the arguments are JSON text; found ${found as string}` })],
      });
  });

  it("converts and repairs nothing", () => {
    expect(faults(pay, '{"amount": "5"}')).toEqual(["WRONG_TYPE /amount"]);
    expect(faults(pay, "{'amount': 5}")).toContain("INVALID_JSON ");
    expect(faults(pay, '{"amount": 5')).toContain("INVALID_JSON ");
    expect(faults(pay, "")).toContain("INVALID_JSON ");
    expect(checkToolArguments(pay, '```json\n{"amount": 5}\n```').arguments).toBeUndefined();
  });

  it("collects every fault of the schema", () => {
    expect(faults(pay, '{"amount": 101, "to": "x"}').sort()).toEqual(["OUT_OF_RANGE /amount", "UNKNOWN_FIELD /to"]);
    expect(faults(pay, "{}")).toEqual(["MISSING_FIELD /amount"]);
  });

  it("refuses keys that two readers would read differently", () => {
    expect(faults(pay, '{"amount":1,"amount":99}')).toEqual(["DUPLICATE_KEY /amount"]);
    expect(faults(ping, '{"__proto__":{}}')).toEqual(["FORBIDDEN_KEY "]);
  });

  it("takes one object and nothing else", () => {
    expect(faults(ping, "[]")).toEqual(["WRONG_TYPE "]);
    expect(faults(ping, "null")).toEqual(["WRONG_TYPE "]);
    expect(parseArguments('"text"').diagnostics[0]?.message).toBe(
      "the arguments are string; a tool takes a JSON object",
    );
  });

  it("takes an empty object for a tool without parameters", () => {
    expect(faults(ping, "{}")).toEqual([]);
    expect(faults(ping, '{"x":1}')).toEqual(["UNKNOWN_FIELD /x"]);
  });

  it("stops at too much text before it parses", () => {
    expect(checkToolArguments(ping, `{"x":"${"a".repeat(2_000_000)}"}`).diagnostics).toMatchObject([
      { code: "LIMIT_EXCEEDED" },
    ]);
    expect(checkToolArguments(ping, "{}", { maxLength: 1 }).diagnostics).toMatchObject([{ code: "LIMIT_EXCEEDED" }]);
  });

  it("fails the call when the tool's own schema cannot be evaluated", () => {
    const remote: Tool = {
      ...ping,
      parameters: { type: "object", properties: { a: { $ref: "http://127.0.0.1/s.json" } } },
    };
    expect(faults(remote, '{"a":1}').join()).toContain("REMOTE_REFERENCE");
    const list = { type: "array", items: { type: "number" } };
    const long: Tool = { ...ping, parameters: { type: "object", properties: { a: list } } };
    const outcome = checkToolArguments(long, `{"a":[${"1,".repeat(50)}1]}`, { maxSteps: 10 });
    expect(outcome.diagnostics.map(({ code }) => code)).toContain("BUDGET_EXCEEDED");
    expect(outcome.arguments).toBeUndefined();
  });
});

describe("toolArgumentsSchema", () => {
  it("is a Standard Schema of values that are parsed already", async () => {
    const { validate } = toolArgumentsSchema(pay)["~standard"];
    expect(await validate({ amount: 5 })).toEqual({ value: { amount: 5 } });
    expect(await validate({ amount: "5" })).toMatchObject({ issues: [{ path: ["amount"] }] });
    expect(await validate(undefined)).toHaveProperty("issues");
  });
});

describe("toolDefinition", () => {
  it("carries the parameters as the pack declares them", () => {
    expect(toolDefinition(pay)).toEqual({ name: "pay", description: "Pay", parameters: pay.parameters });
    expect(toolDefinition({ ...ping, extensions: { secret: 1 } })).toEqual({
      name: "ping",
      description: "Ping",
      parameters: { type: "object", properties: {}, additionalProperties: false },
    });
  });
});
