import { expect, it } from "vitest";
import { compilePrompt } from "../prompt/compile-prompt.ts";
import { buildPack } from "../testing/build-pack.ts";
import { neededVariables, valuesOfCall } from "./given-variables.ts";

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

it("takes from the values of a call what is no variable", async () => {
  const variables = [{ name: "messages", type: "string", required: true }] as const;
  const call = {
    given: {},
    values: { messages: "mine", user: "Hi", other: 1 },
    names: ["messages", "user"] as const,
  };
  expect(await valuesOfCall({ variables, undeclared: [] }, call)).toEqual([
    { messages: "mine", other: 1 },
    { user: "Hi" },
  ]);
  expect(await valuesOfCall({ variables: [], undeclared: ["user"] }, call)).toEqual([
    { user: "Hi", other: 1 },
    { messages: "mine" },
  ]);
});

it("puts given values and those of the call together, functions called, and the call wins", async () => {
  const none = { variables: [], undeclared: [] };
  const given = { a: 1, b: () => 2, c: async () => 3, d: "old" };
  const [variables] = await valuesOfCall(none, { given, values: { d: "new" }, names: [] });
  expect(variables).toEqual({ a: 1, b: 2, c: 3, d: "new" });
  const odd = JSON.parse('{"__proto__": "x"}') as object;
  expect(Object.keys((await valuesOfCall(none, { given: odd, values: {}, names: [] }))[0])).toEqual(["__proto__"]);
});
