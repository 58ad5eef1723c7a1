import type { Report } from "../diagnostics/report.ts";
import { formatPointer } from "../json/pointer.ts";
import type { CostEstimate, PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";
import { findSpecVersion, SPEC_VERSIONS, type SpecVersion } from "../schema/versions/spec-versions.ts";
import { inferSpecVersion } from "./infer-spec-version.ts";

/** Reports what concerns the pack as a whole. Source: R012, R021, R028, R418, R419. */
export function checkPackRules(pack: PackData, report: Report): void {
  if (pack.metadata?.cost_estimate !== undefined) checkCost(pack.metadata.cost_estimate, report);
  checkPrompts(pack, report);
  if (pack.$schema !== undefined) checkDeclaredSchema(pack, pack.$schema, report);
}

function checkCost({ min_cost_usd: min, avg_cost_usd: avg, max_cost_usd: max }: CostEstimate, report: Report): void {
  const known = [min, avg, max].filter((cost) => cost !== undefined);
  if (known.every((cost, index) => index === 0 || cost >= (known[index - 1] as number))) return;
  report(
    "INVERTED_COST",
    "/metadata/cost_estimate",
    "the estimate does not rise from min_cost_usd over avg_cost_usd to max_cost_usd",
  );
}

function checkPrompts(pack: PackData, report: Report): void {
  let isOrderly = true;
  for (const key in pack.prompts) {
    const { id, variables = [], pipeline } = pack.prompts[key] as Prompt;
    isOrderly &&= id === key;
    for (let index = 0; index < variables.length; index++) {
      // hostile: values are passed as members of an object, and this member sets its prototype
      if (variables[index]?.name === "__proto__")
        report(
          "FORBIDDEN_NAME",
          formatPointer("prompts", key, "variables", index, "name"),
          'a variable cannot be named "__proto__"',
        );
    }
    if (pipeline !== undefined) checkStages(pipeline.stages, key, report);
  }
  // ids that are their keys are all different
  if (!isOrderly) checkPromptIds(pack, report);
}

function checkPromptIds(pack: PackData, report: Report): void {
  const keyOfId = new Map<string, string>();
  for (const key in pack.prompts) {
    const prompt = pack.prompts[key];
    if (prompt === undefined) continue;
    if (prompt.id !== key) {
      report(
        "PROMPT_KEY_MISMATCH",
        formatPointer("prompts", key, "id"),
        `the prompt under the key "${key}" has the id "${prompt.id}"; look-ups go by the key`,
      );
    }
    const first = keyOfId.get(prompt.id);
    if (first === undefined) keyOfId.set(prompt.id, key);
    else {
      const related = [{ pointer: formatPointer("prompts", first, "id"), message: "the first of the two" }];
      report("DUPLICATE_PROMPT_ID", formatPointer("prompts", key, "id"), `two prompts have the id "${prompt.id}"`, {
        related,
      });
    }
  }
}

function checkStages(stages: readonly string[], key: string, report: Report): void {
  const provider = stages.indexOf("provider");
  const fault =
    provider < 0
      ? "the pipeline has no provider stage, so nothing calls a model"
      : stages.indexOf("template") > provider
        ? "the provider stage comes before the template stage"
        : undefined;
  if (fault !== undefined) report("UNUSUAL_PIPELINE", formatPointer("prompts", key, "pipeline", "stages"), fault);
}

const SCHEMA_URL =
  /^https:\/\/(?:www\.)?promptpack\.org\/schema\/(?:(?:v?(\d+(?:\.\d+){0,2})|latest)\/)?promptpack\.schema\.json$/;

function checkDeclaredSchema(pack: PackData, url: string, report: Report): void {
  const match = SCHEMA_URL.exec(url);
  if (match === null) {
    report(
      "FOREIGN_SCHEMA",
      "/$schema",
      "the URL is not that of a PromptPack schema; it is ignored, as every $schema is",
    );
    return;
  }
  const [, named] = match;
  // "v1" and "latest" stand for the newest schema
  if (named === undefined || named === "1") return;
  const declared = findSpecVersion(named);
  if (declared === undefined) {
    report(
      "SCHEMA_TOO_NEW",
      "/$schema",
      `the pack names spec ${named}; this library knows ${SPEC_VERSIONS[0]} to ${SPEC_VERSIONS.at(-1)}`,
      { hint: "update the library" },
    );
    return;
  }
  const needed = inferSpecVersion(pack);
  if (position(needed.version) > position(declared)) {
    const related = [{ pointer: needed.pointer, message: `needs spec ${needed.version}` }];
    report("SCHEMA_TOO_OLD", "/$schema", `the pack names spec ${named} and uses what came with ${needed.version}`, {
      related,
    });
  }
}

const position = (version: SpecVersion): number => SPEC_VERSIONS.indexOf(version);
