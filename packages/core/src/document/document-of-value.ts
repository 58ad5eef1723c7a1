import { collectFindings, type Report } from "../diagnostics/report.ts";
import { isPlain, type JsonValue } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import { type DocumentLimits, fillLimits, keyFault, type Limits, Stop } from "./limits.ts";
import type { Document } from "./document.ts";

/**
 * Makes a document of a value that is already parsed, such as an imported JSON module. The value is copied, so that
 * freezing the document does not freeze the caller's object. There is no text, so nothing has a span.
 */
export function documentOfValue(value: unknown, options: { readonly limits?: DocumentLimits } = {}): Document {
  const { findings, report } = collectFindings();
  const copier: Copier = { report, limits: fillLimits(options.limits), nodes: 0 };
  let data: JsonValue | undefined;
  try {
    data = copy(value, "", 1, copier);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  const diagnostics = findings.map(({ diagnostic }) => diagnostic);
  return { text: "", data: diagnostics.length > 0 ? undefined : data, diagnostics, locate: () => undefined };
}

interface Copier {
  readonly report: Report;
  readonly limits: Limits;
  nodes: number;
}

function exceed({ report }: Copier, pointer: string, message: string): never {
  report("LIMIT_EXCEEDED", pointer, message);
  throw new Stop();
}

function copy(value: unknown, pointer: string, depth: number, copier: Copier): JsonValue {
  const { report, limits } = copier;
  if (++copier.nodes > limits.maxNodes) exceed(copier, pointer, `the value holds more than ${limits.maxNodes} values`);
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      if (!value.isWellFormed()) report("LONE_SURROGATE", pointer, "the text holds half of a surrogate pair");
      return value;
    case "number":
      if (!Number.isFinite(value)) report("INEXACT_NUMBER", pointer, "the number is not one that JSON can write");
      return value;
    case "object":
      if (value === null) return null;
      // hostile: a value that contains itself ends here too
      if (depth > limits.maxDepth)
        exceed(copier, pointer, `the value is nested more than ${limits.maxDepth} levels deep`);
      if (Array.isArray(value)) {
        return Object.freeze(
          Array.from(value, (item: unknown, index) => copy(item, appendPointer(pointer, index), depth + 1, copier)),
        );
      }
      if (isPlain(value)) return copyObject(value, pointer, depth, copier);
  }
  report(
    "INVALID_JSON",
    pointer,
    `found ${typeof value === "object" ? "a class instance" : typeof value}, which JSON does not have`,
  );
  return null;
}

function copyObject(value: object, pointer: string, depth: number, copier: Copier): JsonValue {
  const result: { [key: string]: JsonValue } = {};
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const place = appendPointer(pointer, key);
    const fault = keyFault(key, pointer, copier.limits);
    if (!descriptor.enumerable || ("value" in descriptor && descriptor.value === undefined)) continue;
    if (key === "__proto__") copier.report("FORBIDDEN_KEY", pointer, 'the key "__proto__" is not allowed');
    else if (!("value" in descriptor)) copier.report("INVALID_JSON", place, "found a getter, which JSON does not have");
    else if (fault !== undefined) exceed(copier, pointer, fault);
    else result[key] = copy(descriptor.value, place, depth + 1, copier);
  }
  return Object.freeze(result);
}
