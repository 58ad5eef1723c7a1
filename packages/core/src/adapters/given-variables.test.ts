import { expect, it } from "vitest";
import { compilePrompt } from "../prompt/compile-prompt.ts";
import { buildPack } from "../testing/build-pack.ts";
import { neededVariables, takeFromValues, withGivenVariables } from "./given-variables.ts";

it("names what a call has to give", () => {
  const variables = [
    { name: "company", type: "string", required: true },
    { name: "plan", type: "string", required: true, default: "free" },
    { name: "seats", type: "number", required: false },
  ];
  const pack = buildPack({
    prompts: { main: { system_template: "{{company}} {{plan}} {{tone}}", variables } },
  } as never);
  const compiled = compilePrompt(pack, "main");
  expect(neededVariables(compiled)).toEqual(["company", "tone"]);
  expect(neededVariables(compiled, { tone: "kind" })).toEqual(["company"]);
});

it("takes from the values what is no variable", () => {
  const variables = [{ name: "messages", type: "string", required: true }] as const;
  const values = { messages: "mine", user: "Hi", other: 1 };
  const names = ["messages", "user"] as const;
  expect(takeFromValues({ variables, undeclared: [] }, values, names)).toEqual([
    { messages: "mine", other: 1 },
    { user: "Hi" },
  ]);
  expect(takeFromValues({ variables: [], undeclared: ["user"] }, values, names)).toEqual([
    { user: "Hi", other: 1 },
    { messages: "mine" },
  ]);
});

it("puts given values and those of the call together, functions called, and the call wins", async () => {
  const given = { a: 1, b: () => 2, c: async () => 3, d: "old" };
  expect(await withGivenVariables(given, { d: "new" })).toEqual({ a: 1, b: 2, c: 3, d: "new" });
  const odd = await withGivenVariables(JSON.parse('{"__proto__": "x"}') as object, {});
  expect(Object.keys(odd)).toEqual(["__proto__"]);
});
