import { describe, expect, it } from "vitest";
import {
  canStartRound,
  createToolPolicyState,
  nextToolChoice,
  startRound,
  startTurn,
  type ToolLimits,
  type ToolPolicyState,
} from "./tool-policy-state.ts";
import { compilePrompt } from "../prompt/compile-prompt.ts";
import { buildPack } from "../testing/build-pack.ts";
import type { ToolPolicy } from "../schema/sections/tools.ts";

const tools = { horn: { name: "horn", description: "d" } };
const start = (tool_policy: ToolPolicy = {}, limits?: ToolLimits): ToolPolicyState =>
  createToolPolicyState({ tools: ["horn"], tool_policy }, { tools }, limits);

describe("createToolPolicyState", () => {
  it("starts at zero with the default limits and choice", () => {
    expect(start()).toMatchObject({ toolChoice: "auto", maxRounds: 5, maxCallsPerTurn: 10, rounds: 0, calls: 0 });
  });

  it("is made of a prompt and of data, and takes no limit that it does not know", () => {
    const pack = buildPack({ tools });
    for (const given of [pack, compilePrompt(pack, "main"), "main", undefined])
      expect(() => createToolPolicyState(given as never, pack.data)).toThrow("a policy takes pack.prompt(id)");
    for (const given of [pack, undefined])
      expect(() => createToolPolicyState(pack.prompt("main"), given as never)).toThrow("and pack.data");
    expect(() => start({}, { max_rounds: 0 } as never)).toThrow('"max_rounds" is no limit');
  });

  it.each([
    [{ max_rounds: 3 }, { maxRounds: 2 }, 2],
    [{ max_rounds: 2 }, { maxRounds: 3 }, 2],
    [{ max_rounds: 20 }, {}, 20],
    [{}, { maxRounds: 20 }, 5],
    [{}, { maxRounds: 0 }, 0],
  ])("takes the lower of the pack's %j and the host's %j", (policy, limits, expected) => {
    expect(start(policy, limits).maxRounds).toBe(expected);
  });

  it("bounds the calls of a turn the same way", () => {
    expect(start({ max_tool_calls_per_turn: 4 }, { maxCallsPerTurn: 3 }).maxCallsPerTurn).toBe(3);
  });

  it("refuses host limits that are no counts", () => {
    for (const bad of [-1, 1.5, Number.NaN, Infinity]) expect(() => start({}, { maxRounds: bad })).toThrow(TypeError);
  });

  it("is frozen JSON", () => {
    const state = start({ blocklist: ["x"] });
    expect([state, state.offered, state.blocked].every(Object.isFrozen)).toBe(true);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe("a turn", () => {
  it("counts rounds up and begins again", () => {
    let state = start({ max_rounds: 2 });
    expect(canStartRound(state)).toBe(true);
    state = startRound(startRound(state));
    expect(state.rounds).toBe(2);
    expect(canStartRound(state)).toBe(false);
    expect(startTurn({ ...state, calls: 3 })).toMatchObject({ rounds: 0, calls: 0 });
  });

  it("requires a tool in the first request only", () => {
    const state = start({ tool_choice: "required" });
    expect(nextToolChoice(state)).toBe("required");
    expect(nextToolChoice(startRound(state))).toBe("auto");
  });

  it("asks for no tool when none is offered", () => {
    expect(nextToolChoice(start({ tool_choice: "none" }))).toBe("none");
    expect(nextToolChoice(createToolPolicyState({ tool_policy: { tool_choice: "required" } }, {}))).toBe("none");
  });
});
