import { getOwn } from "../json/json.ts";
import { formatPointer, parsePointer } from "../json/pointer.ts";
import type { Step } from "../schema/sections/composition.ts";
import type { PackData } from "../schema/sections/pack.ts";
import {
  FORMATS_BEFORE_LOOSENING,
  GUARDRAIL_TYPES_BEFORE_LOOSENING,
  type SpecVersion,
  TRIGGERS_BEFORE_LOOSENING,
  TYPES_BEFORE_LOOSENING,
} from "../schema/versions/spec-versions.ts";

/** The oldest spec version that has everything a pack uses, and the first place that needs it. */
export interface NeededVersion {
  readonly version: SpecVersion;
  readonly pointer: string;
}

/** Infers the version from the features in use, for no field of a pack states it. Source: SPEC 1.1, R419. */
export function inferSpecVersion(pack: PackData): NeededVersion {
  const place: string[] = [];
  for (const [version, path, isNew] of features()) {
    if (leads(pack, path, 0, isNew, place)) return { version, pointer: formatPointer(...place) };
  }
  return { version: "1.0", pointer: "" };
}

/** Returns the version that brought a field, or undefined for a field that none has. */
export function versionOfField(pointer: string): SpecVersion | undefined {
  const place = parsePointer(pointer);
  return features().find(
    ([, path]) =>
      path.length === place.length &&
      path.every((names, depth) => names[0] === "*" || names.includes(place[depth] as string)),
  )?.[0];
}

type Test = (value: never, place: readonly string[]) => boolean;
type Feature = readonly [version: SpecVersion, path: readonly (readonly string[])[], isNew: Test | undefined];

let split: readonly Feature[] | undefined;
const features = (): readonly Feature[] =>
  (split ??= FEATURES.flatMap(([version, paths, isNew]) =>
    paths.split(" ").map((path): Feature => [version, path.split("/").map((names) => names.split("|")), isNew]),
  ));

/** Returns whether a path leads to something new, and where. */
function leads(value: unknown, path: Feature[1], depth: number, isNew: Test | undefined, place: string[]): boolean {
  const names = path[depth];
  if (names === undefined) return isNew === undefined || isNew(value as never, place);
  if (typeof value !== "object" || value === null) return false;
  const first = names[0];
  for (const name of first === "*" || first === "**" ? Object.keys(value) : names) {
    const member = getOwn(value as { readonly [name: string]: unknown }, name);
    if (member === undefined) continue;
    place.push(name);
    if (leads(member, path, depth + 1, isNew, place)) return true;
    if (first === "**" && (member as Partial<Step>).kind === "parallel") {
      place.push("branches");
      if (leads((member as { readonly branches?: unknown }).branches, path, depth, isNew, place)) return true;
      place.pop();
    }
    place.pop();
  }
  return false;
}

const isNot =
  (known: readonly string[]) =>
  (value: string): boolean =>
    !known.includes(value);

const lacks =
  (field: string) =>
  (value: { readonly [name: string]: unknown }): boolean =>
    value[field] === undefined;

const STATE = "workflow/states/*";
const VALIDATOR = "prompts/*/validators/*";
const GOVERNANCE = "metadata/governance agents/members/*/governance";
const evals = (fields: string): string => `evals/*/${fields} prompts/*/evals/*/${fields}`;

/**
 * What is new in a version, newest first: paths, where `*` is any name or index, `a|b` one of two names and `**` a step
 * or one of its branches; and what makes the value there new, when it is not enough that there is one.
 */
const FEATURES: readonly (readonly [version: SpecVersion, paths: string, isNew?: Test])[] = [
  ["1.9.0", "prompts/*/provider compositions/*/steps/**/provider"],
  [
    "1.8.1",
    `prompts/*/extensions ${VALIDATOR}/id|extensions ${evals("extensions")} ${STATE}/extensions agents/members/*/extensions compositions/*/extensions ${GOVERNANCE.replaceAll("governance", "governance/obligations|reviews|independent_of")}`,
  ],
  ["1.8.1", "compositions/*/steps/**/kind", (kind: string) => kind.includes(".")],
  ["1.7.0", `${STATE}/control`],
  ["1.6.0", `tools/*/action_scope|extensions ${GOVERNANCE}`],
  ["1.5.1", "requires"],
  ["1.5.0", `compositions ${STATE}/composition`],
  ["1.5.0", `${STATE}/orchestration`, (orchestration: string) => orchestration === "composition"],
  ["1.5.0", STATE, lacks("prompt_task")],
  ["1.4.1", "agents/members/*/state"],
  [
    "1.4.0",
    `workflow/engine/budget ${STATE}/terminal|max_visits|on_max_visits|artifacts prompts/*/variables/*/binding ${VALIDATOR}/message ${evals("threshold|message|when|groups")}`,
  ],
  ["1.4.0", STATE, lacks("on_event")],
  ["1.4.0", `${STATE}/persistence`, isNot(["transient", "persistent"])],
  ["1.4.0", VALIDATOR, lacks("enabled")],
  ["1.4.0", `${VALIDATOR}/type`, isNot(GUARDRAIL_TYPES_BEFORE_LOOSENING)],
  ["1.4.0", "prompts/*/variables/*/type", isNot(TYPES_BEFORE_LOOSENING)],
  ["1.4.0", evals("trigger"), isNot(TRIGGERS_BEFORE_LOOSENING)],
  ["1.4.0", "prompts/*/media/image/default_detail", isNot(["low", "high", "auto"])],
  [
    "1.4.0",
    "prompts/*/media/image|audio|video/allowed_formats/*",
    (format: string, [, , , type = ""]) => FORMATS_BEFORE_LOOSENING[type]?.includes(format) === false,
  ],
  [
    "1.4.0",
    "prompts/*/media/*",
    (_, [, , , type = ""]) => !/^(?:enabled|supported_types|image|audio|video|document|examples)$/.test(type),
  ],
  ["1.3.1", `skills ${STATE}/skills`],
  ["1.3.0", "workflow agents"],
  ["1.2.0", "evals prompts/*/evals"],
  ["1.1.0", "prompts/*/media"],
];
