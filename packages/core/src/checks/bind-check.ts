import type { JsonObject, JsonValue } from "../json/json.ts";
import { type BindCheck, type Check, type CheckOptions, type Params, verdict } from "./check.ts";
import { type CheckParams, paramsOf } from "./check-params.ts";
import { jsonPath, jsonSchema, jsonValid } from "./json/json-checks.ts";
import { reportParamFaults, unwrap } from "./param-faults.ts";
import { piiDetection } from "./pii/pii-detection.ts";
import { contains, containsAny, fieldPresence } from "./text/contains.ts";
import { maxLength, minLength } from "./text/length.ts";
import { regexMatch } from "./text/pattern.ts";
import { sentenceCount } from "./text/sentences.ts";
import * as media from "./trace/media.ts";
import * as session from "./trace/session.ts";
import * as tools from "./trace/tool-calls.ts";
import { bannedWords } from "./words/banned-words.ts";

/** The implementation of every family of types. */
const bindings: { readonly [family: string]: BindCheck } = {
  banned_words: bannedWords("word"),
  content_excludes: bannedWords("substring"),
  contains,
  contains_any: containsAny,
  max_length: maxLength,
  min_length: minLength,
  regex: regexMatch,
  sentence_count: sentenceCount,
  field_presence: fieldPresence,
  pii_detection: piiDetection,
  json_valid: jsonValid,
  json_schema: jsonSchema,
  json_path: jsonPath,
  tools_called: tools.toolsCalled,
  tools_not_called: tools.toolsNotCalled,
  tool_args: tools.toolArgs,
  tool_args_excluded_session: tools.toolArgsExcluded,
  tool_calls_with_args: tools.toolCallsWithArgs,
  tool_call_count: tools.toolCallCount,
  tool_call_sequence: tools.toolCallSequence,
  tool_call_chain: tools.toolCallChain,
  tool_anti_pattern: tools.toolAntiPattern,
  tool_no_repeat: tools.toolNoRepeat,
  tool_efficiency: tools.toolEfficiency,
  no_tool_errors: tools.noToolErrors,
  tool_result_includes: tools.toolResultIncludes,
  tool_result_matches: tools.toolResultMatches,
  tool_result_has_media: tools.toolResultHasMedia,
  tool_result_media_type: tools.toolResultMediaType,
  invariant_fields_preserved: tools.invariantFields,
  agent_invoked: session.agentInvoked,
  agent_not_invoked: session.agentNotInvoked,
  skill_activated: session.skillActivated,
  skill_not_activated: session.skillNotActivated,
  skill_activation_order: session.skillActivationOrder,
  workflow_complete: session.workflowComplete,
  state_is: session.stateIs,
  transitioned_to: session.transitionedTo,
  spoke_in_state: session.spokeInState,
  workflow_transition_order: session.workflowTransitionOrder,
  latency_budget: session.latencyBudget,
  cost_budget: session.costBudget,
  guardrail_triggered: session.guardrailTriggered,
  image_format: media.imageFormat,
  image_dimensions: media.imageDimensions,
  audio_format: media.audioFormat,
  audio_duration: media.audioDuration,
  video_resolution: media.videoResolution,
  video_duration: media.videoDuration,
};

/** A check that is ready, or why it cannot be: nothing to check with (`missing`), or parameters that make no sense (`broken`). */
export type BoundCheck = { readonly check: Check } | { readonly missing: string } | { readonly broken: string };

/** Binds the parameters of a known type. */
export function bindCheck(type: string, params: JsonObject | undefined, options: CheckOptions): BoundCheck {
  let missing: string | undefined;
  let broken: string | undefined;
  reportParamFaults(type, params, (code, pointer, message) => {
    if (code === "MISSING_CHECK_PARAM") missing ??= message;
    // An empty list of words is a fault of the pack, and checks nothing.
    else if (code !== "UNKNOWN_CHECK_PARAM" && !(code === "EMPTY_WORD" && /^\/params\/[^/]*$/.test(pointer)))
      broken ??= message;
  });
  if (broken !== undefined) return { broken };
  if (missing !== undefined) return { missing };
  const [inner, own] = unwrap(type, params);
  const { family, reads } = paramsOf(inner) as CheckParams;
  try {
    const check = (bindings[family] as BindCheck)(named(own, reads), options);
    return { check: inner === type ? check : bounded(check, params ?? {}) };
  } catch (error) {
    return { broken: error instanceof TypeError ? error.message : "its params cannot be used" };
  }
}

/** Returns whether a score lies within the bounds that the parameters set; a score below 1 fails without bounds. */
export function isWithin(score: number | undefined, { min_score: min, max_score: max }: JsonObject): boolean {
  if (score === undefined) return false;
  if (typeof min !== "number" && typeof max !== "number") return score >= 1;
  return !(typeof min === "number" && score < min) && !(typeof max === "number" && score > max);
}

/** A wrapper turns a score into pass or fail. */
function bounded(check: Check, bounds: JsonObject): Check {
  return {
    measure(subject) {
      const { score, explanation } = check.measure(subject);
      return verdict(isWithin(score, bounds), explanation ?? "the score is out of bounds", { score: score ?? null });
    },
  };
}

/** Returns the parameters under their own names, which win; null flags are left out, as if absent. */
function named(params: JsonObject, reads: CheckParams["reads"]): Params {
  const bound: { [name: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(params)) {
    const read = reads.get(key);
    if (read === undefined || (value === null && read.kind === "flag")) continue;
    if (read.name === key || !Object.hasOwn(params, read.name)) bound[read.name] = value;
  }
  return bound;
}
