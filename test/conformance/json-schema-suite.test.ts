import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkJsonSchema, type JsonSchema } from "../../packages/core/src/schema/check-json-schema.ts";

interface SuiteGroup {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}

const dir = process.env["PROMPTPACK_CONFORMANCE_DIR"];
const folder = dir === undefined ? undefined : join(dir, "json-schema-test-suite", "draft2020-12");

/**
 * Groups that need a document from elsewhere. References are never fetched, so the verdict may differ here;
 * a group of this list that no longer differs fails the test, so the list cannot go stale.
 */
const REMOTE: Readonly<Record<string, readonly string[]>> = {
  // the metaschema of the draft
  "defs.json": ["validate definition against metaschema"],
  "ref.json": ["remote ref, containing refs itself"],
  // documents on the suite's own server
  "dynamicRef.json": [
    "strict-tree schema, guards against misspelled properties",
    "tests for implementation dynamic anchor and reference link",
    "$ref and $dynamicAnchor are independent of order - $defs first",
    "$ref and $dynamicAnchor are independent of order - $ref first",
    "$ref to $dynamicRef finds detached $dynamicAnchor",
  ],
  "refRemote.json": [
    "remote ref",
    "fragment within remote ref",
    "anchor within remote ref",
    "ref within remote ref",
    "base URI change",
    "base URI change - change folder",
    "base URI change - change folder in subschema",
    "root ref in remote ref",
    "remote ref with ref to defs",
    "Location-independent identifier in remote ref",
    "retrieved nested refs resolve relative to their URI not $id",
    "remote HTTP ref with different $id",
    "remote HTTP ref with different URN $id",
    "remote HTTP ref with nested absolute ref",
    "$ref to $ref finds detached $anchor",
  ],
  // a metaschema on that server, which would switch validation off
  "vocabulary.json": ["schema that uses custom metaschema with with no validation vocabulary"],
};

describe.skipIf(folder === undefined)(
  "the official JSON Schema suite (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    for (const file of folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const groups = JSON.parse(readFileSync(join(folder as string, file), "utf8")) as readonly SuiteGroup[];
      it(`gives the official verdicts in ${file}`, () => {
        const differing = groups
          .filter(({ schema, tests }) =>
            tests.some(({ data, valid }) => (checkJsonSchema(schema, data).length === 0) !== valid),
          )
          .map(({ description }) => description);
        expect(differing).toEqual(REMOTE[file] ?? []);
      });
    }
  },
);
