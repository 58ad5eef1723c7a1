import { areTexts, isObject, isText, type JsonValue } from "../json/json.ts";

/** What a parameter must be, in words and as a test; words, patterns and schemas have faults of their own beyond it. */
const KINDS = {
  count: ["an integer from 0", (value) => Number.isInteger(value) && (value as number) >= 0],
  score: ["a number", (value) => typeof value === "number"],
  text: ["a text", isText],
  texts: ["a list of texts", areTexts],
  words: ["a list of texts", areTexts],
  flag: ["true or false", (value) => typeof value === "boolean" || value === null],
  object: ["an object", isObject],
  pattern: ["a pattern", isText],
  patterns: ["an object of patterns", (value) => isObject(value) && Object.values(value).every(isText)],
  schema: ["a JSON Schema", (value) => isObject(value) || typeof value === "boolean"],
  steps: [
    "a list of texts or objects",
    (value) => Array.isArray(value) && value.every((item) => isText(item) || isObject(item)),
  ],
  any: ["any value", () => true],
} satisfies { readonly [kind: string]: readonly [expected: string, fits: (value: JsonValue) => boolean] };

type ParamKind = keyof typeof KINDS;

/** One parameter, whatever its spelling. */
export interface Param {
  readonly name: string;
  readonly kind: string;
  readonly expected: string;
  readonly fits: (value: JsonValue) => boolean;
}

/** What a type of check reads. */
export interface CheckParams {
  /** The first name of the type; its implementation is known by it. */
  readonly family: string;
  /** Reads the text alone, so that it can guard a response; other types look at tools, states or costs. */
  readonly guards: boolean;
  /** Every spelling of every parameter. */
  readonly reads: ReadonlyMap<string, Param>;
  /** Of each group one spelling must be there. */
  readonly needs: readonly (readonly string[])[];
}

/** Names of the type; parameters under their spellings, the own name first; those that are needed ("a|b": one of them). */
type Family = readonly [names: string, params: { readonly [spellings: string]: ParamKind }, needs?: string];

const WORDS: Family[1] = { "patterns words": "words", match: "text", match_mode: "text" };
const JSON_TEXT: Family[1] = { allow_wrapped: "flag", extract_json: "flag" };

const guarding = (): readonly Family[] => [
  ["banned_words", WORDS, "patterns"],
  ["content_excludes content_not_includes", WORDS, "patterns"],
  ["contains content_includes", { "patterns values": "words" }, "patterns"],
  ["contains_any content_includes_any", { patterns: "words" }, "patterns"],
  ["max_length length", { "max max_characters max_chars": "count", max_tokens: "count" }, "max|max_tokens"],
  ["min_length", { "min min_characters min_chars": "count", min_tokens: "count" }, "min|min_tokens"],
  [
    "regex regex_match content_matches",
    { pattern: "pattern", "must_match expect_match should_match": "flag" },
    "pattern",
  ],
  ["sentence_count max_sentences", { "max max_sentences": "count", "min min_sentences": "count" }, "max|min"],
  ["field_presence required_fields", { "fields required_fields": "words" }, "fields"],
  ["pii_detection pii_leakage", { "types kinds entities pii_types categories": "texts" }],
  ["json_valid is_valid_json valid_json", JSON_TEXT],
  ["json_schema", { schema: "schema", ...JSON_TEXT }, "schema"],
  [
    "json_path",
    {
      "expression jmespath_expression path": "text",
      expected: "any",
      contains: "any",
      min: "score",
      max: "score",
      min_results: "count",
      max_results: "count",
      ...JSON_TEXT,
    },
    "expression",
  ],
];

const TOOL_NAMES: Family[1] = { "tool_names tools patterns": "texts" };
const RESULT: Family[1] = { "tool tool_name": "text", occurrence: "count" };
const SEQUENCE: Family[1] = { sequence: "texts" };
const AGENTS: Family[1] = { "agents agent": "texts", min_calls: "count" };
const SKILLS: Family[1] = { "skill_names skills": "texts", min_calls: "count" };
const STATE: Family[1] = { state: "text" };
const SECONDS: Family[1] = { min_seconds: "score", max_seconds: "score" };
const SIZES: Family[1] = {
  width: "count",
  height: "count",
  min_width: "count",
  max_width: "count",
  min_height: "count",
  max_height: "count",
};
const ANY_SIZE = "width|height|min_width|max_width|min_height|max_height";

const evaluating = (): readonly Family[] => [
  [
    "tools_called tool_called tools_called_session",
    {
      "tool_names tools patterns tool_name tool": "texts",
      min_calls: "count",
      max_calls: "score",
      require_args: "flag",
      ignore_validation: "flag",
    },
    "tool_names",
  ],
  ["tools_not_called tools_not_called_session", TOOL_NAMES, "tool_names"],
  ["tool_args tool_args_session", { "tool_name tool": "text", expected_args: "object" }, "tool_name expected_args"],
  [
    "tool_args_excluded_session tools_not_called_with_args",
    { "tool_name tool": "text", excluded_args: "object", forbidden_args: "object" },
    "tool_name excluded_args|forbidden_args",
  ],
  [
    "tool_calls_with_args",
    {
      "tool_name tool": "text",
      expected_args: "object",
      args_match: "patterns",
      result_includes: "texts",
      result_matches: "pattern",
      no_error: "flag",
    },
  ],
  ["tool_call_count", { "tool tool_name": "text", min: "count", max: "count" }, "min|max"],
  ["tool_call_sequence", SEQUENCE, "sequence"],
  ["tool_call_chain", { "steps chain": "steps" }, "steps"],
  ["tool_anti_pattern", { patterns: "steps" }, "patterns"],
  ["tool_no_repeat", { ...TOOL_NAMES, max_repeats: "count" }],
  [
    "tool_efficiency",
    { max_calls: "count", max_errors: "count", max_error_rate: "score" },
    "max_calls|max_errors|max_error_rate",
  ],
  ["no_tool_errors", TOOL_NAMES],
  ["tool_result_includes", { ...RESULT, patterns: "texts" }, "patterns"],
  ["tool_result_matches", { ...RESULT, pattern: "pattern" }, "pattern"],
  ["tool_result_has_media", { ...RESULT, media_type: "text" }, "media_type"],
  ["tool_result_media_type", { ...RESULT, mime_type: "text" }, "mime_type"],
  ["invariant_fields_preserved", { tool: "text", fields: "texts" }, "tool fields"],
  ["agent_invoked", AGENTS, "agents"],
  ["agent_not_invoked", AGENTS, "agents"],
  ["skill_activated", SKILLS, "skill_names"],
  ["skill_not_activated", SKILLS, "skill_names"],
  ["skill_activation_order", SEQUENCE, "sequence"],
  ["workflow_complete", {}],
  ["state_is", STATE, "state"],
  ["transitioned_to", STATE, "state"],
  ["spoke_in_state", STATE, "state"],
  ["workflow_transition_order", SEQUENCE, "sequence"],
  ["latency_budget", { max_ms: "score" }, "max_ms"],
  [
    "cost_budget",
    { max_cost_usd: "score", max_input_tokens: "count", max_output_tokens: "count", max_total_tokens: "count" },
    "max_cost_usd|max_input_tokens|max_output_tokens|max_total_tokens",
  ],
  ["guardrail_triggered", { "validator_type validator": "text", should_trigger: "flag" }, "validator_type"],
  ["image_format", { formats: "texts" }, "formats"],
  ["image_dimensions", SIZES, ANY_SIZE],
  ["audio_format", { formats: "texts" }, "formats"],
  ["audio_duration", SECONDS, "min_seconds|max_seconds"],
  ["video_resolution", { ...SIZES, presets: "texts" }, `${ANY_SIZE}|presets`],
  ["video_duration", SECONDS, "min_seconds|max_seconds"],
];

/** Types that turn the score of another type into pass or fail. */
const WRAPPERS: readonly string[] = ["assertion", "guardrail"];

/** Types that a model judges, or that run something outside: the host supplies them. */
export const hostTypes: ReadonlySet<string> = new Set([
  "llm_judge",
  "llm_judge_session",
  "llm_judge_conversation",
  "llm_judge_tool_calls",
  "faithfulness",
  "answer_relevancy",
  "contextual_precision",
  "contextual_recall",
  "contextual_relevancy",
  "hallucination",
  "bias",
  "toxicity",
  "sentiment",
  "role_violation",
  "topic_policy",
  "custom",
  "cosine_similarity",
  "outcome_equivalent",
  "directional",
  "audio_emotion",
  "image_moderation",
  "text_toxicity",
  "text_sentiment",
  "rest_eval",
  "rest_eval_session",
  "a2a_eval",
  "a2a_eval_session",
  "tool_exec",
]);

let known: Map<string, CheckParams> | undefined;

/** The types that measure by themselves, under every name that packs use for them; read when the first is asked for. */
function knownTypes(): ReadonlyMap<string, CheckParams> {
  if (known !== undefined) return known;
  known = new Map();
  for (const families of [guarding, evaluating]) {
    for (const [names, params, needs] of families()) {
      const types = names.split(" ");
      const reads = new Map<string, Param>();
      const spellings = new Map<string, readonly string[]>();
      for (const [spelled, kind] of Object.entries(params)) {
        const all = spelled.split(" ");
        const name = all[0] as string;
        spellings.set(name, all);
        const [expected, fits] = KINDS[kind];
        for (const spelling of all) reads.set(spelling, { name, kind, expected, fits });
      }
      const made: CheckParams = {
        family: types[0] as string,
        guards: families === guarding,
        reads,
        needs: (needs?.split(" ") ?? []).map((group) => group.split("|").flatMap((name) => spellings.get(name) ?? [])),
      };
      for (const type of types) known.set(type, made);
    }
  }
  return known;
}

/** Returns what a type reads; undefined for wrappers and types that are not ours. */
export function paramsOf(type: string): CheckParams | undefined {
  return knownTypes().get(type);
}

/** Returns whether the type hands the measurement to another one, which its `eval_type` names. */
export function isWrapper(type: string): boolean {
  return WRAPPERS.includes(type);
}

/** Returns whether we can measure the type without the host. */
export function isCheckType(type: string): boolean {
  return knownTypes().has(type) || isWrapper(type);
}

/** Returns whether we can measure the type on a text alone, so that it can guard a response. */
export function canGuard(type: string): boolean {
  return paramsOf(type)?.guards ?? isWrapper(type);
}

/** Returns the names of all types that we can measure, for suggestions. */
export function checkTypeNames(): readonly string[] {
  return [...knownTypes().keys(), ...WRAPPERS];
}
