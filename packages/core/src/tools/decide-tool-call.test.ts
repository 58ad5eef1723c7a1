import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ToolPolicy } from "../schema/sections/tools.ts";
import { decideToolCall, refusalMessage, type ToolDecision } from "./decide-tool-call.ts";
import { createToolPolicyState, startRound, type ToolLimits, type ToolPolicyState } from "./tool-policy-state.ts";

const tools = {
  horn: {
    name: "horn",
    description: "d",
    parameters: { type: "object", properties: { times: { type: "integer" } }, additionalProperties: false },
  },
  k: { name: "n", description: "d" },
} as const;
const start = (tool_policy: ToolPolicy = {}, limits?: ToolLimits): ToolPolicyState =>
  createToolPolicyState(
    { tools: ["horn", "k", "analyst"], tool_policy },
    { tools, agents: { members: { analyst: {} } } },
    limits,
  );
const decide = (state: ToolPolicyState, name: string, args = "{}"): ToolDecision =>
  decideToolCall(state, { id: "c1", name, arguments: args });
const reason = (decision: ToolDecision): string => (decision.allowed ? "allowed" : decision.reason);

describe("decideToolCall", () => {
  it("allows an offered tool with fitting arguments and spends one call", () => {
    const decision = decide(start(), "horn", '{"times":2}');
    expect(decision).toMatchObject({
      allowed: true,
      callee: { kind: "tool", name: "horn" },
      arguments: { times: 2 },
      state: { calls: 1 },
    });
  });

  it("allows an agent member with any JSON object", () => {
    expect(decide(start(), "analyst", '{"task":"x"}')).toMatchObject({ allowed: true, callee: { kind: "agent" } });
    expect(reason(decide(start(), "analyst", "[]"))).toBe("invalid_arguments");
  });

  it.each(["toString", "__proto__", "hasOwnProperty", "HORN", "horn ", "k", ""])(
    "refuses %j, which is not offered",
    (name) => {
      const decision = decide(start(), name);
      expect(decision).toMatchObject({
        allowed: false,
        reason: "not_allowed",
        diagnostics: [{ code: "TOOL_NOT_OFFERED" }],
      });
      expect(decision.state.calls).toBe(0);
    },
  );

  it("refuses a call that is none, whatever a provider hands on", () => {
    for (const name of [null, undefined, 7, {}])
      expect(decideToolCall(start(), { id: "1", name, arguments: "{}" } as never)).toMatchObject({
        reason: "not_allowed",
      });
    expect(decideToolCall(start(), { id: "1", name: "horn", arguments: null } as never)).toMatchObject({
      reason: "invalid_arguments",
    });
  });

  it("names what there is, and what was probably meant", () => {
    expect(decide(start(), "hornn")).toMatchObject({
      diagnostics: [{ message: expect.stringContaining('"horn", "n", "analyst"'), hint: 'did you mean "horn"?' }],
    });
  });

  it("refuses a blocked tool by key and by name, whichever the blocklist has", () => {
    for (const blocked of ["k", "n"]) {
      for (const name of ["k", "n"]) {
        expect(decide(start({ blocklist: [blocked] }), name)).toMatchObject({
          reason: "blocked",
          diagnostics: [{ code: "TOOL_BLOCKED" }],
          state: { calls: 0 },
        });
      }
    }
  });

  it("refuses the call after the last of the turn", () => {
    let state = start({ max_tool_calls_per_turn: 2 });
    for (const expected of ["allowed", "allowed", "budget", "budget"]) {
      const decision = decide(state, "horn");
      expect(reason(decision)).toBe(expected);
      state = decision.state;
    }
    expect(state.calls).toBe(2);
  });

  it("refuses calls of a round after the last", () => {
    const state = startRound(startRound(start({ max_rounds: 2 })));
    expect(reason(decide(state, "horn"))).toBe("allowed");
    expect(decide(startRound(state), "horn")).toMatchObject({
      reason: "budget",
      diagnostics: [{ code: "TOOL_BUDGET_SPENT" }],
    });
    expect(reason(decide(start({}, { maxRounds: 0 }), "horn"))).toBe("budget");
    expect(reason(decide(start({}, { maxCallsPerTurn: 0 }), "horn"))).toBe("budget");
  });

  it("spends a call on arguments that do not fit, so that a model cannot loop", () => {
    const decision = decide(start(), "horn", '{"times":"2"}');
    expect(decision).toMatchObject({
      reason: "invalid_arguments",
      state: { calls: 1 },
      diagnostics: [{ pointer: "/times" }],
    });
  });

  it("never changes the state that it was given", () => {
    const state = start();
    decide(state, "horn");
    expect(state.calls).toBe(0);
  });

  it("never allows more calls or rounds than the lower of pack and host, whatever a model does", () => {
    const limit = fc.integer({ min: 1, max: 6 });
    const steps = fc.array(fc.constantFrom("round", "horn", "n", "nope", "bad"), { maxLength: 40 });
    fc.assert(
      fc.property(limit, limit, limit, limit, steps, (packRounds, hostRounds, packCalls, hostCalls, script) => {
        let state = start(
          { max_rounds: packRounds, max_tool_calls_per_turn: packCalls },
          { maxRounds: hostRounds, maxCallsPerTurn: hostCalls },
        );
        let allowed = 0;
        for (const step of script) {
          if (step === "round") state = startRound(state);
          else {
            const decision = decide(state, step === "bad" ? "horn" : step, step === "bad" ? "{" : "{}");
            if (decision.allowed) {
              allowed++;
              expect(state.rounds).toBeLessThanOrEqual(Math.min(packRounds, hostRounds));
            }
            ({ state } = decision);
          }
        }
        expect(allowed).toBeLessThanOrEqual(Math.min(packCalls, hostCalls));
        expect(state.calls).toBeLessThanOrEqual(Math.min(packCalls, hostCalls));
      }),
    );
  });

  it("never blocks less when the blocklist grows", () => {
    const names = fc.array(fc.constantFrom("horn", "k", "n", "analyst", "other"));
    fc.assert(
      fc.property(names, names, fc.constantFrom("horn", "n", "analyst"), (fewer, more, name) => {
        const before = decide(start({ blocklist: fewer }), name).allowed;
        const after = decide(start({ blocklist: [...fewer, ...more] }), name).allowed;
        expect(after && !before).toBe(false);
      }),
    );
  });
});

describe("refusalMessage", () => {
  it("answers the call with the reason and the faults", () => {
    const decision = decide(start(), "horn", '{"times":"2"}');
    if (decision.allowed) throw new TypeError("expected a refusal");
    const message = refusalMessage(decision);
    expect(message).toMatchObject({ role: "tool", toolCallId: "c1", isError: true });
    expect(JSON.parse(message.content as string)).toMatchObject({
      error: "invalid_arguments",
      faults: [{ code: "WRONG_TYPE", pointer: "/times" }],
    });
  });

  it("shows neither control nor format characters, and not everything", () => {
    const names = Array.from({ length: 50 }, (_, index) => `"\\u202e\\u001b[2J${index}":1`).join(",");
    const decision = decide(start(), "horn", `{${names},"${"x".repeat(900)}":1}`);
    if (decision.allowed) throw new TypeError("expected a refusal");
    const content = refusalMessage(decision).content as string;
    expect(content).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(content).toContain("\\\\u{202E}");
    expect((JSON.parse(content) as { faults: unknown[] }).faults).toHaveLength(10);
    expect(content.length).toBeLessThan(10_000);
  });
});

it("has a refusal for refused calls only", () => {
  for (const given of [undefined, { allowed: true }])
    expect(() => refusalMessage(given as never)).toThrow("only a refused call has a refusal");
});
