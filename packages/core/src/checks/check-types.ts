import type { CheckType } from "./check.ts";
import { jsonPath, jsonSchema, jsonValid } from "./json/json-checks.ts";
import { piiDetection } from "./pii/pii-detection.ts";
import { contains, containsAny, fieldPresence } from "./text/contains.ts";
import { maxLength, minLength } from "./text/length.ts";
import { regexMatch } from "./text/pattern.ts";
import { sentenceCount } from "./text/sentences.ts";
import * as media from "./trace/media.ts";
import * as session from "./trace/session.ts";
import * as tools from "./trace/tool-calls.ts";
import { bannedWords } from "./words/banned-words.ts";

const contentExcludes = bannedWords("substring");
const bannedByWord = bannedWords("word");

/** Every deterministic type of check, under every name that packs use for it. */
export const checkTypes: ReadonlyMap<string, CheckType> = new Map<string, CheckType>([
  ["banned_words", bannedByWord],
  ["content_excludes", contentExcludes],
  ["content_not_includes", contentExcludes],
  ["contains", contains],
  ["content_includes", contains],
  ["contains_any", containsAny],
  ["content_includes_any", containsAny],
  ["max_length", maxLength],
  ["length", maxLength],
  ["min_length", minLength],
  ["regex", regexMatch],
  ["regex_match", regexMatch],
  ["content_matches", regexMatch],
  ["sentence_count", sentenceCount],
  ["max_sentences", sentenceCount],
  ["field_presence", fieldPresence],
  ["required_fields", fieldPresence],
  ["pii_detection", piiDetection],
  ["pii_leakage", piiDetection],
  ["json_valid", jsonValid],
  ["is_valid_json", jsonValid],
  ["valid_json", jsonValid],
  ["json_schema", jsonSchema],
  ["json_path", jsonPath],
  ["tools_called", tools.toolsCalled],
  ["tool_called", tools.toolsCalled],
  ["tools_called_session", tools.toolsCalled],
  ["tools_not_called", tools.toolsNotCalled],
  ["tools_not_called_session", tools.toolsNotCalled],
  ["tool_args", tools.toolArgs],
  ["tool_args_session", tools.toolArgs],
  ["tool_args_excluded_session", tools.toolArgsExcluded],
  ["tools_not_called_with_args", tools.toolArgsExcluded],
  ["tool_calls_with_args", tools.toolCallsWithArgs],
  ["tool_call_count", tools.toolCallCount],
  ["tool_call_sequence", tools.toolCallSequence],
  ["tool_call_chain", tools.toolCallChain],
  ["tool_anti_pattern", tools.toolAntiPattern],
  ["tool_no_repeat", tools.toolNoRepeat],
  ["tool_efficiency", tools.toolEfficiency],
  ["no_tool_errors", tools.noToolErrors],
  ["tool_result_includes", tools.toolResultIncludes],
  ["tool_result_matches", tools.toolResultMatches],
  ["tool_result_has_media", tools.toolResultHasMedia],
  ["tool_result_media_type", tools.toolResultMediaType],
  ["invariant_fields_preserved", tools.invariantFields],
  ["agent_invoked", session.agentInvoked],
  ["agent_not_invoked", session.agentNotInvoked],
  ["skill_activated", session.skillActivated],
  ["skill_not_activated", session.skillNotActivated],
  ["skill_activation_order", session.skillActivationOrder],
  ["workflow_complete", session.workflowComplete],
  ["state_is", session.stateIs],
  ["transitioned_to", session.transitionedTo],
  ["spoke_in_state", session.spokeInState],
  ["workflow_transition_order", session.workflowTransitionOrder],
  ["latency_budget", session.latencyBudget],
  ["cost_budget", session.costBudget],
  ["guardrail_triggered", session.guardrailTriggered],
  ["image_format", media.imageFormat],
  ["image_dimensions", media.imageDimensions],
  ["audio_format", media.audioFormat],
  ["audio_duration", media.audioDuration],
  ["video_resolution", media.videoResolution],
  ["video_duration", media.videoDuration],
]);

/** Types that a model judges, or that run something outside: the host supplies them. */
export const hostTypes: ReadonlySet<string> = new Set([
  "llm_judge", "llm_judge_session", "llm_judge_conversation", "llm_judge_tool_calls",
  "faithfulness", "answer_relevancy", "contextual_precision", "contextual_recall", "contextual_relevancy", "hallucination",
  "bias", "toxicity", "sentiment", "role_violation", "topic_policy", "custom", "cosine_similarity", "outcome_equivalent", "directional",
  "audio_emotion", "image_moderation", "text_toxicity", "text_sentiment",
  "rest_eval", "rest_eval_session", "a2a_eval", "a2a_eval_session", "tool_exec",
]);
