import { describe, expect, it } from "vitest";
import type { JsonObject } from "../json/json.ts";
import { bindCheck } from "./bind-check.ts";
import type { CheckOptions, Measurement } from "./check.ts";
import { canGuard, checkTypeNames, isCheckType } from "./check-params.ts";
import { type Evidence, Subject } from "./evidence.ts";

function measure(
  type: string,
  params: JsonObject,
  evidence: Partial<Evidence> | string,
  options: CheckOptions = {},
): Measurement {
  const bound = bindCheck(type, params, options);
  if (!("check" in bound)) throw new Error(JSON.stringify(bound));
  return bound.check.measure(
    new Subject({ text: "", ...(typeof evidence === "string" ? { text: evidence } : evidence) }),
  );
}
const score = (type: string, params: JsonObject, evidence: Partial<Evidence> | string): number | undefined =>
  measure(type, params, evidence).score;

const calls: Evidence["toolCalls"] = [
  { name: "find", arguments: { q: "berth", n: 3 }, result: "Berth 7 free" },
  { name: "book", arguments: { berth: 7 }, result: "no", isError: true },
  { name: "book", arguments: { berth: 7, id: "x" }, result: "Done: ORDER-12", media: ["image/png"] },
];
const traced = { toolCalls: calls };

describe("checks of texts", () => {
  it.each<[string, JsonObject, string, number]>([
    ["contains", { patterns: ["hello", "moon"] }, "HELLO sun", 0.5],
    ["content_includes", { patterns: ["straße"] }, "Die STRASSE", 1],
    ["contains_any", { patterns: ["x", "sun"] }, "hello sun", 1],
    ["content_includes_any", { patterns: ["x"] }, "hello sun", 0],
    ["content_excludes", { patterns: ["sun"] }, "sunny", 0],
    ["content_excludes", { patterns: ["sun"], match_mode: "word_boundary" }, "sunny", 1],
    ["content_not_includes", { words: ["moon"] }, "sunny", 1],
    ["banned_words", { words: ["sun"] }, "sunny", 1],
    ["banned_words", { patterns: ["sun"] }, "the sun", 0],
    ["banned_words", { words: ["sun"], match: "substring" }, "süßer Sunny", 0],
    ["max_length", { max: 4 }, "👍👍👍👍", 1],
    ["max_length", { max: 4 }, "12345678", 0.5],
    ["length", { max_chars: 4 }, "1234", 1],
    ["max_length", { max_tokens: 1 }, "12345678", 0.5],
    ["min_length", { min_characters: 4 }, "👍👍", 0.5],
    ["min_length", { min_tokens: 2 }, "12345", 1],
    ["regex", { pattern: "order [0-9]+" }, "an order 12", 1],
    ["regex", { pattern: "order [0-9]+" }, "an order x", 0],
    ["regex", { pattern: "ab?c" }, "xac", 1],
    ["regex", { pattern: "ab|cd" }, "xcd", 1],
    ["regex_match", { pattern: "x", must_match: false }, "abc", 1],
    ["content_matches", { pattern: "(?i)^ABC$", expect_match: true }, "abc", 1],
    ["sentence_count", { max: 2 }, "One. Two (yes)! Three is 3.5 long", 2 / 3],
    ["max_sentences", { max_sentences: 3 }, "One. Two? 三。", 1],
    ["sentence_count", { min: 2 }, "One", 0.5],
    ["field_presence", { required_fields: ["name", "age"] }, "Name: x", 0.5],
    ["json_valid", {}, "[1]", 1],
    ["is_valid_json", {}, "so [1]", 0],
    ["valid_json", { extract_json: true }, 'so {"a": "}"} yes', 1],
    ["json_valid", { allow_wrapped: true }, "here:\n```json\n[1]\n```", 1],
    ["json_valid", { extract_json: true }, "{ never closed", 0],
    ["json_schema", { schema: { type: "array", items: { type: "number" } } }, "[1,2]", 1],
    ["json_schema", { schema: { type: "array", items: { type: "number" } } }, '["x"]', 0],
    ["json_path", { expression: "a.b[0]", expected: 1 }, '{"a":{"b":[1]}}', 1],
    ["json_path", { expression: "$.a[-1].c", contains: "o" }, '{"a":[{"c":"x"},{"c":"oo"}]}', 1],
    [
      "json_path",
      { expression: "a[*].c", min_results: 2, max_results: 2, contains: ["x"] },
      '{"a":[{"c":"x"},{"c":"y"}]}',
      1,
    ],
    ["json_path", { expression: "a", min: 2, max: 3 }, '{"a":1}', 0],
    ["json_path", { expression: "constructor" }, "{}", 0],
  ])("%s %j on %j scores %d", (type, params, text, expected) => {
    expect(score(type, params, text)).toBeCloseTo(expected);
  });

  it("counts tokens as the host does", () => {
    const options = { countTokens: (text: string) => text.split(" ").length };
    expect(measure("max_length", { max_tokens: 2 }, "a b c", options)).toMatchObject({
      details: { tokens: 3, limit: 2 },
    });
    expect(measure("min_length", { min_tokens: 3 }, "a b c", options).score).toBe(1);
  });

  it("never puts the text into a measurement", () => {
    for (const [type, params] of [
      ["banned_words", { words: ["swordfish"] }],
      ["pii_detection", {}],
      ["regex", { pattern: "x" }],
      ["json_valid", {}],
    ] as const) {
      expect(JSON.stringify(measure(type, params, "swordfish me@example.org"))).not.toMatch(/swordfish|example/);
    }
  });
});

describe("pii_detection", () => {
  it.each([
    ["email", "write to Ann.Lee+x@mail.example.co now"],
    ["credit_card", "card 4111 1111 1111 1111."],
    ["credit_card", "card 4111-1111-1111-1111 123"],
    ["iban", "to DE89 3704 0044 0532 0130 00 please"],
    ["iban", "to GB29NWBK60161331926819"],
    ["ssn", "SSN 123-45-6789"],
    ["phone", "call +49 30 1234567"],
    ["phone", "call (212) 555-0147"],
    ["ip_address", "host 192.168.10.1."],
    ["ip_address", "host 2001:db8::ff00:42:8329"],
    ["api_key", "key sk-proj-abcdEFGH1234567890"],
    ["api_key", "AKIAIOSFODNN7EXAMPLE"],
    ["api_key", "-----BEGIN RSA PRIVATE KEY-----"],
    ["email", "me@exam\u200bple.org"],
    ["credit_card", "４１１１ １１１１ １１１１ １１１１"],
  ])("finds %s in %j", (kind, text) => {
    expect(measure("pii_detection", {}, text).details?.["kinds"]).toContain(kind);
    expect(score("pii_detection", { types: [kind] }, text)).toBe(0);
  });

  it.each([
    "card 4111 1111 1111 1112",
    "order 1234567890123456",
    "to DE89 3704 0044 0532 0130 01",
    "at 12:30:45 on 2026-11-22",
    "a @ b, x@y",
    "version 1.2.3",
    "999-45-6789",
    "std::vector<int>",
    "256.1.1.1",
    "pi is 3.14159265358979",
    "sk-short",
    "",
  ])("leaves %j alone", (text) => {
    expect(measure("pii_detection", {}, text)).toEqual({ score: 1 });
  });

  it("knows kinds by their usual names, and a region's from the host", () => {
    expect(score("pii_leakage", { entities: ["EMAIL_ADDRESS"] }, "call (212) 555-0147")).toBe(1);
    const options = {
      piiDetectors: [{ kind: "mooring", find: (line: string) => (line.includes("M-1") ? [{ start: 0, end: 3 }] : []) }],
    };
    expect(measure("pii_detection", { types: ["mooring"] }, "M-1", options).score).toBe(0);
    expect(bindCheck("pii_detection", { types: ["mooring"] }, {})).toHaveProperty("broken");
    const throwing = {
      piiDetectors: [
        {
          kind: "mooring",
          find: (): never => {
            throw new Error("x");
          },
        },
      ],
    };
    expect(measure("pii_detection", {}, "a", throwing).score).toBe(0);
  });

  it("takes time in proportion to a hostile text", () => {
    for (const text of [
      "1 ".repeat(100_000),
      "a@".repeat(100_000),
      "DE89 ".repeat(50_000),
      ":".repeat(200_000),
      "sk- ".repeat(80_000),
    ]) {
      expect(measure("pii_detection", {}, text).score).toBe(1);
    }
  }, 15_000);
});

describe("checks of what happened", () => {
  it.each<[string, JsonObject, Partial<Evidence>, number]>([
    ["tools_called", { tool_names: ["find", "pay"] }, traced, 0.5],
    ["tool_called", { tool: ["book"], max_calls: 1 }, traced, 1],
    ["tools_called", { tools: ["book"], max_calls: 1, ignore_validation: true }, traced, 0],
    ["tools_not_called", { tool_names: ["pay"] }, traced, 1],
    ["tools_not_called", { tool_names: ["find"] }, traced, 0],
    ["tool_args", { tool_name: "find", expected_args: { q: "berth" } }, traced, 1],
    ["tool_args", { tool_name: "find", expected_args: { constructor: null } }, traced, 0],
    ["tools_not_called_with_args", { tool_name: "book", forbidden_args: { berth: [7, 8] } }, traced, 0],
    ["tool_args_excluded_session", { tool_name: "book", excluded_args: { berth: 9 } }, traced, 1],
    ["tool_calls_with_args", { tool_name: "book", expected_args: { berth: null } }, traced, 1],
    ["tool_calls_with_args", { tool_name: "book", no_error: true }, traced, 0.5],
    [
      "tool_calls_with_args",
      { tool_name: "find", args_match: { q: "^b" }, result_includes: ["free"], result_matches: "[0-9]" },
      traced,
      1,
    ],
    ["tool_call_count", { tool: "book", min: 2, max: 2 }, traced, 1],
    ["tool_call_count", { max: 2 }, traced, 0],
    ["tool_call_sequence", { sequence: ["find", "book", "pay"] }, traced, 2 / 3],
    ["tool_call_chain", { chain: ["find", "book"] }, traced, 1],
    ["tool_call_chain", { steps: [{ tool: "find" }, { tool: "book", no_error: true }] }, traced, 0.5],
    ["tool_anti_pattern", { patterns: [{ sequence: ["book", "find"] }, { sequence: ["find", "book"] }] }, traced, 0],
    ["tool_no_repeat", {}, traced, 0],
    ["tool_no_repeat", { max_repeats: 2 }, traced, 1],
    ["tool_efficiency", { max_calls: 3, max_error_rate: 0.2 }, traced, 2 / 3],
    ["no_tool_errors", {}, traced, 2 / 3],
    ["tool_result_includes", { tool: "book", patterns: ["order"] }, traced, 1],
    ["tool_result_matches", { pattern: "ORDER-[0-9]+", occurrence: 2 }, traced, 0.5],
    ["tool_result_has_media", { media_type: "image" }, traced, 1],
    ["tool_result_media_type", { mime_type: "image/jpeg" }, traced, 0],
    ["invariant_fields_preserved", { tool: "book", fields: ["berth"] }, traced, 1],
    ["agent_invoked", { agents: ["a", "b"] }, { agents: ["a"] }, 0.5],
    ["agent_not_invoked", { agents: ["a"] }, { agents: ["a"] }, 0],
    ["skill_activated", { skill_names: ["s"], min_calls: 2 }, { skills: ["s", "s"] }, 1],
    ["skill_not_activated", { skill_names: ["t"] }, { skills: ["s"] }, 1],
    ["skill_activation_order", { sequence: ["s", "t"] }, { skills: ["t", "s"] }, 0.5],
    ["workflow_complete", {}, { complete: true }, 1],
    ["workflow_complete", {}, {}, 0],
    ["state_is", { state: "end" }, { state: "end" }, 1],
    ["transitioned_to", { state: "mid" }, { states: ["start", "mid"] }, 1],
    ["spoke_in_state", { state: "mid" }, { spokeIn: [] }, 0],
    ["workflow_transition_order", { sequence: ["a", "b"] }, { states: ["a", "x", "b"] }, 1],
    ["latency_budget", { max_ms: 100 }, { latencyMs: 200 }, 0.5],
    ["latency_budget", { max_ms: 100 }, {}, 0],
    ["cost_budget", { max_cost_usd: 1, max_total_tokens: 30 }, { costUsd: 0.5, inputTokens: 10, outputTokens: 20 }, 1],
    ["cost_budget", { max_total_tokens: 20 }, { inputTokens: 20, outputTokens: 20 }, 0.5],
    [
      "guardrail_triggered",
      { validator: "banned_words" },
      { guardrails: [{ type: "banned_words", violated: true }] },
      1,
    ],
    ["guardrail_triggered", { validator_type: "x", should_trigger: false }, {}, 1],
    ["image_format", { formats: ["jpg"] }, { media: [{ mime_type: "image/jpeg" }] }, 1],
    ["image_format", { formats: ["png"] }, {}, 0],
    [
      "image_dimensions",
      { min_width: 10, height: 5 },
      { media: [{ mime_type: "image/png", width: 10, height: 5 }] },
      1,
    ],
    ["image_dimensions", { max_width: 9 }, { media: [{ mime_type: "image/png" }] }, 0],
    ["audio_format", { formats: ["mp3"] }, { media: [{ mime_type: "audio/mpeg" }] }, 1],
    ["audio_duration", { max_seconds: 5 }, { media: [{ mime_type: "audio/wav", seconds: 6 }] }, 0],
    [
      "video_resolution",
      { presets: ["hd", "4k"] },
      { media: [{ mime_type: "video/mp4", width: 1280, height: 720 }] },
      1,
    ],
    ["video_duration", { min_seconds: 1 }, { media: [{ mime_type: "video/mp4", seconds: 6 }] }, 1],
  ])("%s %j on %j scores %d", (type, params, evidence, expected) => {
    expect(score(type, params, evidence)).toBeCloseTo(expected);
  });
});

describe("the types of checks", () => {
  it("knows the names that packs use most, and every alias", () => {
    const used = (
      "content_includes content_matches tools_called min_length max_length guardrail_triggered transitioned_to assertion content_includes_any " +
      "content_excludes image_format video_resolution no_tool_errors workflow_complete json_path tools_not_called tool_calls_with_args audio_format " +
      "cost_budget tool_call_count state_is tool_result_matches latency_budget spoke_in_state image_dimensions audio_duration video_duration " +
      "content_not_includes is_valid_json valid_json tool_called tools_not_called_with_args banned_words length max_sentences required_fields"
    ).split(" ");
    expect(used.filter((type) => !isCheckType(type))).toEqual([]);
    expect(checkTypeNames().length).toBeGreaterThan(60);
  });

  it("tells which of them can guard a response", () => {
    expect(["max_length", "regex", "guardrail"].every(canGuard)).toBe(true);
    expect(["tools_called", "toString", "llm_judge"].some(canGuard)).toBe(false);
  });

  it("prefers a param's own name to another spelling", () => {
    expect(score("max_length", { max: 4, max_characters: 2 }, "abcd")).toBe(1);
  });
});
