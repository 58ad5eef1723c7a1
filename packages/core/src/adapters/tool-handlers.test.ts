import { expect, it } from "vitest";
import { handlersByName } from "./tool-handlers.ts";

const tools = { look: { name: "look_up", description: "Looks." }, ping: { name: "ping", description: "Pings." } };

it("finds a handler by the key of a tool, by its name and by that of a host's tool", () => {
  expect([...handlersByName({ look: 1, ping: 2 }, { tools })]).toEqual([
    ["look_up", 1],
    ["ping", 2],
  ]);
  expect([...handlersByName({ look_up: 1, ping: undefined, own: 3 }, { tools }, [{ name: "own" }])]).toEqual([
    ["look_up", 1],
    ["own", 3],
  ]);
});

it("refuses a handler for no tool, with the tools there are", () => {
  expect(() => handlersByName({ pnig: 1 }, { tools })).toThrow(/"pnig" is no tool to handle; there is "look", "ping"/);
  expect(() => handlersByName({ constructor: 1 }, {})).toThrow(TypeError);
});
