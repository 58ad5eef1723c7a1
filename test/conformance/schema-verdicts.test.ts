import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../packages/core/src/diagnostics/diagnostic.ts";
import { appendPointer, parsePointer } from "../../packages/core/src/json/pointer.ts";
import { safeParsePack } from "../../packages/core/src/pack/parse-pack.ts";
import { conformanceDir, readConformance } from "./conformance-dir.ts";

interface OracleError {
  readonly path: string;
  readonly keyword: string;
  readonly detail?: string;
}
type Oracle = true | readonly OracleError[];
interface PackIndex {
  readonly packs: readonly { readonly file: string; readonly oracle: Readonly<Record<string, Oracle>> }[];
}
interface PatchStep {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: unknown;
}
interface Mutant {
  readonly id: string;
  readonly base: string;
  readonly patch: readonly PatchStep[];
  readonly valid: boolean;
  readonly errors?: readonly OracleError[];
}

describe.skipIf(conformanceDir === undefined)(
  "the verdict of the schema layer (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    it("equals the official schema's for every real pack and every version", () => {
      const { packs } = readConformance<PackIndex>("packs.index.json");
      const differences: string[] = [];
      let verdicts = 0;
      for (const { file, oracle } of packs) {
        const text = JSON.stringify(readConformance(file));
        for (const [spec, expected] of Object.entries(oracle)) {
          verdicts++;
          const errors = schemaErrors(text, spec);
          if ((errors.length === 0) !== (expected === true)) differences.push(`${file} ${spec}`);
          if (expected !== true)
            differences.push(...missingPlaces(errors, expected).map((place) => `${file} ${spec} ${place}`));
        }
      }
      expect(verdicts).toBe(1337);
      expect(differences).toEqual([]);
    });

    for (const spec of ["1.4", "1.9"]) {
      it(`equals the oracle's for every mutant of ${spec}, at the oracle's places`, () => {
        const { mutants, count } = readConformance<{ readonly count: number; readonly mutants: readonly Mutant[] }>(
          `mutants-${spec}.json`,
        );
        const differences: string[] = [];
        for (const { id, base, patch, valid, errors = [] } of mutants) {
          const found = schemaErrors(applyPatch(base, patch), spec);
          if ((found.length === 0) !== valid) differences.push(`${id}: ${found.length} errors, valid: ${valid}`);
          differences.push(...missingPlaces(found, errors).map((place) => `${id} ${place}`));
        }
        expect(mutants).toHaveLength(count);
        expect(differences).toEqual([]);
      });
    }
  },
);

function schemaErrors(text: string, spec: string): readonly Diagnostic[] {
  return safeParsePack(text, { spec }).diagnostics.filter(
    ({ layer, severity }) => layer === "schema" && severity === "error",
  );
}

/**
 * The places of the oracle that ours leave out. A missing or unknown field is at the field itself. Where the oracle
 * says only that an object fits no shape, ours name the fault inside it and the object as the place of the choice.
 */
function missingPlaces(found: readonly Diagnostic[], expected: readonly OracleError[]): string[] {
  const ours = new Set(
    found.flatMap(({ pointer, related = [] }) => [pointer, ...related.map((place) => place.pointer)]),
  );
  return expected
    .map(({ path, keyword, detail }) =>
      keyword === "required" || keyword === "additionalProperties" ? appendPointer(path, String(detail)) : path,
    )
    .filter((place) => !ours.has(place));
}

/** Applies a JSON Patch and returns the text; own keys named __proto__ survive, as in the corpus. */
function applyPatch(base: string, patch: readonly PatchStep[]): string {
  let root: unknown = readConformance(base);
  for (const { op, path, value } of patch) {
    const segments = parsePointer(path);
    const last = segments.pop();
    if (last === undefined) {
      root = value;
      continue;
    }
    let target = root as Record<string, unknown>;
    for (const segment of segments) target = target[segment] as Record<string, unknown>;
    if (op === "remove" && Array.isArray(target)) target.splice(Number(last), 1);
    else if (op === "remove") delete target[last];
    else if (Array.isArray(target) && op === "add")
      target.splice(last === "-" ? target.length : Number(last), 0, value);
    else Object.defineProperty(target, last, { value, enumerable: true, configurable: true, writable: true });
  }
  return JSON.stringify(root);
}
