import { quoteName } from "../../diagnostics/quote-name.ts";
import { thereAre } from "../../diagnostics/suggest.ts";

/** Every published spec version whose schema differs, oldest first. */
export const SPEC_VERSIONS = [
  "1.0",
  "1.1.0",
  "1.2.0",
  "1.3.0",
  "1.3.1",
  "1.4.0",
  "1.4.1",
  "1.5.0",
  "1.5.1",
  "1.6.0",
  "1.7.0",
  "1.8.1",
  "1.9.0",
] as const;
export type SpecVersion = (typeof SPEC_VERSIONS)[number];

/**
 * Returns the version that a caller's text names.
 * @throws {TypeError} when there is none, or for what is no text: the number 1.10 is 1.1
 */
export function specVersion(name: string): SpecVersion {
  if (typeof name !== "string") throw new TypeError('a spec version is text, such as "1.4"');
  const version = findSpecVersion(name);
  if (version !== undefined) return version;
  throw new TypeError(`there is no spec version ${quoteName(name)}; ${thereAre(SPEC_VERSIONS, 20)}`);
}

/** Returns the version that a text such as "1.4", "v1.4.0" or "1.8.0" names, or undefined; "1.4" means 1.4.0. */
export function findSpecVersion(name: string): SpecVersion | undefined {
  const wanted = name.replace(/^v/, "");
  // 1.8.0 has one pattern that RE2 cannot load, was superseded for it, and accepts the same packs
  if (wanted === "1.8" || wanted === "1.8.0") return "1.8.1";
  if (!/^\d+\.\d+(?:\.\d+)?$/.test(wanted)) return undefined;
  return SPEC_VERSIONS.find((version) => version === wanted || version === `${wanted}.0` || `${version}.0` === wanted);
}

/** A path of keys into the schema, and what stands there before a version: nothing, or another value. */
export type Change = readonly [path: string, value?: unknown];

const property = (names: string): Change[] =>
  names.split(" ").map((name) => {
    const [definition, field] = name.split(".");
    return [field === undefined ? `properties/${definition}` : `$defs/${definition}/properties/${field}`];
  });

/** For each version, newest first, how the schema of the version before it differs. Source: SPEC 1, the published schemas. */
const steps = (): readonly (readonly [SpecVersion, readonly Change[]])[] => [
  ["1.9.0", property("Prompt.provider")],
  [
    "1.8.1",
    [
      ...property(
        "Prompt.extensions Validator.id Validator.extensions Eval.extensions AgentDef.extensions WorkflowState.extensions Composition.extensions",
      ),
      ...property("Governance.independent_of Governance.obligations Governance.reviews"),
      [
        "$defs/Step/oneOf",
        ["PromptStep", "AgentStep", "ToolStep", "BranchStep", "ParallelStep"].map((name) => ({
          $ref: `#/$defs/${name}`,
        })),
      ],
    ],
  ],
  ["1.7.0", property("WorkflowState.control")],
  [
    "1.6.0",
    [
      ["properties/metadata/properties/governance"],
      ...property("Tool.action_scope Tool.extensions AgentDef.governance"),
    ],
  ],
  ["1.5.1", property("requires")],
  [
    "1.5.0",
    [
      ...property("compositions WorkflowState.composition"),
      ["$defs/WorkflowState/properties/orchestration", { type: "string" }],
      ["$defs/WorkflowState/if"],
      ["$defs/WorkflowState/then"],
      ["$defs/WorkflowState/else"],
      ["$defs/WorkflowState/required", ["prompt_task"]],
    ],
  ],
  ["1.4.1", property("AgentDef.state")],
  [
    "1.4.0",
    [
      ...property(
        "WorkflowState.terminal WorkflowState.max_visits WorkflowState.on_max_visits WorkflowState.artifacts",
      ),
      ["$defs/WorkflowConfig/properties/engine/properties"],
    ],
  ],
  ["1.3.1", property("skills WorkflowState.skills")],
  ["1.3.0", property("workflow agents")],
  ["1.2.0", property("evals Prompt.evals")],
  ["1.1.0", property("Prompt.media")],
];

// What was closed before the loosening of 2026-03-20 and is open since; minimum-version inference reads it too.
export const TYPES_BEFORE_LOOSENING: readonly string[] = ["string", "number", "boolean", "object", "array"];
export const GUARDRAIL_TYPES_BEFORE_LOOSENING: readonly string[] = [
  "banned_words",
  "max_length",
  "min_length",
  "regex_match",
  "json_schema",
  "sentiment",
  "toxicity",
  "pii_detection",
  "custom",
];
export const TRIGGERS_BEFORE_LOOSENING: readonly string[] = [
  "every_turn",
  "on_session_complete",
  "sample_turns",
  "sample_sessions",
];
export const FORMATS_BEFORE_LOOSENING: { readonly [type: string]: readonly string[] } = {
  image: ["jpeg", "jpg", "png", "webp", "gif", "bmp"],
  audio: ["mp3", "wav", "opus", "flac", "m4a", "aac"],
  video: ["mp4", "webm", "mov", "avi", "mkv"],
};

const listOf = (names: readonly string[] | undefined): unknown => ({
  type: "array",
  items: { type: "string", enum: names },
});

/**
 * What the loosening of 2026-03-20 changed. The files of 1.1 and 1.3 were edited in place and have it; those of 1.0 and
 * 1.2 were left as they were. Source: SPEC 1.
 */
const beforeLoosening = (): readonly Change[] => [
  ["$defs/Variable/properties/type/enum", TYPES_BEFORE_LOOSENING],
  ...property("Variable.binding Validator.message Eval.threshold Eval.message Eval.when Eval.groups"),
  ["$defs/Validator/required", ["type", "enabled"]],
  ["$defs/Validator/properties/type", { type: "string", enum: GUARDRAIL_TYPES_BEFORE_LOOSENING }],
  ["$defs/Eval/properties/trigger/enum", TRIGGERS_BEFORE_LOOSENING],
  ["$defs/ImageConfig/properties/allowed_formats", listOf(FORMATS_BEFORE_LOOSENING["image"])],
  ["$defs/ImageConfig/properties/default_detail/enum", ["low", "high", "auto"]],
  ["$defs/AudioConfig/properties/allowed_formats", listOf(FORMATS_BEFORE_LOOSENING["audio"])],
  ["$defs/VideoConfig/properties/allowed_formats", listOf(FORMATS_BEFORE_LOOSENING["video"])],
  [
    "$defs/MediaConfig/patternProperties",
    {
      // the pattern also caught "enabled", so that no media block at all was valid
      "^[a-z0-9_]+$": {
        oneOf: ["ImageConfig", "AudioConfig", "VideoConfig", "DocumentConfig", "GenericMediaTypeConfig"].map(
          (name) => ({ $ref: `#/$defs/${name}` }),
        ),
      },
    },
  ],
  ["$defs/MediaConfig/additionalProperties", false],
];

/** Returns the changes that make the newest schema that of a version, in the order in which they apply. */
export function changesBefore(version: SpecVersion): readonly Change[] {
  const position = SPEC_VERSIONS.indexOf(version);
  const changes = steps()
    .filter(([added]) => SPEC_VERSIONS.indexOf(added) > position)
    .flatMap(([, step]) => step);
  return version === "1.0" || version === "1.2.0" ? [...changes, ...beforeLoosening()] : changes;
}
