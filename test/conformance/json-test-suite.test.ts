import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../../packages/core/src/document/parse-document.ts";
import { conformanceDir } from "./conformance-dir.ts";

const folder = join(conformanceDir ?? "", "json-test-suite", "test_parsing");

describe.skipIf(conformanceDir === undefined)("JSONTestSuite (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  const read = (
    prefix: string,
  ): { readonly name: string; readonly accepted: boolean; readonly codes: readonly string[] }[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith(prefix))
      .map((name) => {
        const { data, diagnostics } = parseDocument(readFileSync(join(folder, name)));
        return { name, accepted: data !== undefined, codes: diagnostics.map(({ code }) => code) };
      });

  it("has all 188 texts that are no JSON refused", () => {
    const texts = read("n_");
    expect(texts).toHaveLength(188);
    expect(texts.filter(({ accepted }) => accepted)).toEqual([]);
  });

  it("has 93 of 95 JSON texts accepted; the other two hold duplicate keys, which RULINGS 2 refuses", () => {
    const texts = read("y_");
    expect(texts).toHaveLength(95);
    expect(texts.filter(({ accepted }) => !accepted).map(({ name, codes }) => [name, ...codes])).toEqual([
      ["y_object_duplicated_key.json", "DUPLICATE_KEY"],
      ["y_object_duplicated_key_and_value.json", "DUPLICATE_KEY"],
    ]);
  });

  it("has every doubtful text refused or accepted without an exception", () => {
    for (const { accepted, codes } of read("i_")) expect(accepted || codes.length > 0).toBe(true);
  });
});
