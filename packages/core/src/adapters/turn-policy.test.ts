import { describe, expect, it } from "vitest";
import { decideToolCall } from "../tools/decide-tool-call.ts";
import { createToolPolicyState, nextToolChoice } from "../tools/tool-policy-state.ts";
import { offerForTurn, offerHostTools, readTurn, refusalOf, type TurnCall } from "./turn-policy.ts";

const tool = (name: string) => ({ name, description: name });
const sources = { tools: { find: tool("find"), wipe: tool("wipe") } };
const policy = createToolPolicyState({ tools: ["find"], tool_policy: { blocklist: ["wipe", "rm"] } }, sources);

describe("offerHostTools", () => {
  it("adds definitions and names, each once, and no blocked one", () => {
    const offered = offerHostTools(policy, ["grep", "rm", "wipe", "find", tool("weather")]);
    expect(offered.offered.map(({ name }) => name)).toEqual(["find", "grep", "weather"]);
    const call = { id: "1", arguments: '{"at":"home"}' };
    expect(decideToolCall(offered, { ...call, name: "grep" }).allowed).toBe(true);
    expect(decideToolCall(offered, { ...call, name: "weather" })).toMatchObject({ reason: "invalid_arguments" });
    expect(decideToolCall(offered, { ...call, name: "rm" })).toMatchObject({ reason: "blocked" });
  });

  it("adds none where the prompt calls no tools", () => {
    const none = createToolPolicyState({ tools: ["find"], tool_policy: { tool_choice: "none" } }, sources);
    expect(offerHostTools(none, ["grep"]).offered).toEqual([]);
    expect(nextToolChoice(offerHostTools(none, ["grep"]))).toBe("none");
  });
});

describe("readTurn", () => {
  type Said = "user" | readonly TurnCall[];
  const isUser = (message: Said): boolean => message === "user";
  const callsOf = (message: Said): readonly TurnCall[] => (message === "user" ? [] : message);
  const find = (id: string): TurnCall => ({ id, name: "find" });
  const read = (messages: readonly Said[], more = {}) => {
    const { rounds, calls } = readTurn(policy, messages, { isUser, callsOf, ...more });
    return [rounds, calls];
  };

  it("counts the rounds since the last message of the user, and the calls of offered tools", () => {
    expect(read([])).toEqual([0, 0]);
    expect(read([[find("1")], "user"])).toEqual([0, 0]);
    expect(read(["user", [find("1")], "user", [find("2"), find("3")], [], [{ name: "toString" }]])).toEqual([2, 2]);
  });

  it("counts only calls that are spent, and before a call only what comes before it", () => {
    const messages = ["user", [find("1")], [find("2"), find("3")]] as const;
    const answersOf = (message: Said): readonly string[] => (message === messages[1] ? ["1"] : []);
    expect(read(messages, { answersOf })).toEqual([2, 1]);
    expect(read(["user", ...messages.slice(1), "user", messages[1]], { answersOf: () => [] })).toEqual([1, 0]);
    expect(read(messages, { before: "2" })).toEqual([2, 1]);
    expect(read(messages, { before: "none of these" })).toEqual([2, 3]);
  });

  it("lets no call off that shares its id with another", () => {
    expect(read(["user", [find("x"), find("x"), find("x")]], { before: "x" })).toEqual([1, 2]);
  });
});

describe("offerForTurn", () => {
  const tools = [tool("find"), tool("wipe")];

  it("offers what the policy offers, and requires a call of the first request only", () => {
    const required = createToolPolicyState({ tools: ["find"], tool_policy: { tool_choice: "required" } }, sources);
    expect(offerForTurn(required, tools)).toEqual({ mayCall: true, tools: [tool("find")], toolChoice: "required" });
    expect(offerForTurn({ ...required, rounds: 1 }, tools).toolChoice).toBeUndefined();
    expect(offerForTurn(required, [])).toEqual({ mayCall: true, tools: [] });
  });

  it("offers nothing when the rounds or the calls are spent", () => {
    const spent = { mayCall: false, tools: [] };
    expect(offerForTurn({ ...policy, rounds: 5 }, tools)).toEqual(spent);
    expect(offerForTurn({ ...policy, calls: 10 }, tools)).toEqual(spent);
  });
});

describe("refusalOf", () => {
  it("tells the model why a call does not run, and nothing of one that may", () => {
    expect(refusalOf(policy, "find", undefined)).toBeUndefined();
    expect(refusalOf(policy, "find", { id: 1 })).toMatch(/"error":"invalid_arguments"/);
    expect(refusalOf(policy, "wipe", {})).toMatch(/TOOL_BLOCKED/);
    expect(refusalOf({ ...policy, calls: 10 }, "find", {})).toMatch(/TOOL_BUDGET_SPENT/);
  });
});
