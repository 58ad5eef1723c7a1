import { expect, it } from "vitest";
import { demandPack, handlersByName, toolDefinition } from "./tool-handlers.ts";

const one = (): number => 1;
const two = (): number => 2;
const tools = { look: { name: "look_up", description: "Looks." }, ping: { name: "ping", description: "Pings." } };

it("finds a handler by the key of a tool, by its name and by that of a host's tool", () => {
  expect([...handlersByName({ look: one, ping: two }, { tools })]).toEqual([
    ["look_up", one],
    ["ping", two],
  ]);
  expect([...handlersByName({ look_up: one, ping: undefined, own: two }, { tools }, [{ name: "own" }])]).toEqual([
    ["look_up", one],
    ["own", two],
  ]);
});

it("refuses a handler for no tool, with the tools there are", () => {
  expect(() => handlersByName({ pnig: 1 }, { tools })).toThrow(
    /"pnig" is no tool to handle; there are "look", "ping", "look_up"/,
  );
  expect(() => handlersByName({ constructor: 1 }, {})).toThrow(TypeError);
});

it("takes neither a Map of handlers nor a handler that is no function", () => {
  for (const handlers of [new Map([["ping", one]]), [one], null, "ping"])
    expect(() => handlersByName(handlers as never, { tools })).toThrow("handlers are an object");
  expect(() => handlersByName({ ping: { execute: one } }, { tools })).toThrow('the handler of "ping" is no function');
});

it("says what stands in the place of a pack or of a tool", () => {
  for (const data of [undefined, {}, '{"prompts": {}}'])
    expect(() => demandPack(data as never)).toThrow("expected a Pack");
  for (const tool of [undefined, "ping", {}]) expect(() => toolDefinition(tool as never)).toThrow("expected a tool");
  expect(toolDefinition(tools.ping)).toMatchObject({ name: "ping" });
});
