import { isObject } from "../../json/json.ts";
import type { SchemaData } from "../notation.ts";
import { agentDefinitions } from "../sections/agents.ts";
import { compositionDefinitions } from "../sections/composition.ts";
import { governanceDefinitions } from "../sections/governance.ts";
import { guardrailDefinitions } from "../sections/guardrails.ts";
import { mediaDefinitions } from "../sections/media.ts";
import { packProperties } from "../sections/pack.ts";
import { promptDefinitions } from "../sections/prompt.ts";
import { toolDefinitions } from "../sections/tools.ts";
import { workflowDefinitions } from "../sections/workflow.ts";
import { type Change, changesBefore, type SpecVersion } from "./spec-versions.ts";

const newest = (): SchemaData => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "PromptPack",
  type: "object",
  required: ["id", "name", "version", "template_engine", "prompts"],
  additionalProperties: false,
  properties: packProperties(),
  $defs: {
    ...promptDefinitions(),
    ...toolDefinitions(),
    ...guardrailDefinitions(),
    ...mediaDefinitions(),
    ...workflowDefinitions(),
    ...compositionDefinitions(),
    ...agentDefinitions(),
    ...governanceDefinitions(),
  },
});

const schemas = new Map<SpecVersion, SchemaData>();

/** Returns our JSON Schema (draft 2020-12) of a pack for a spec version: the newest one less what that version lacks. */
export function packSchema(version: SpecVersion): SchemaData {
  const known = schemas.get(version);
  if (known !== undefined) return known;
  const schema = newest() as Draft;
  for (const change of changesBefore(version)) applyChange(schema, change);
  schemas.set(version, schema);
  return schema;
}

type Draft = { [key: string]: unknown };

function applyChange(schema: Draft, [path, value]: Change): void {
  const segments = path.split("/");
  const last = segments.pop() as string;
  let target = schema;
  // A parent that an earlier change took away has nothing left to change.
  for (const segment of segments) {
    const next = target[segment];
    if (!isObject(next)) return;
    target = next as Draft;
  }
  if (value === undefined) delete target[last];
  else target[last] = value;
}
