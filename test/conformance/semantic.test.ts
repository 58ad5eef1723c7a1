import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type DiagnosticCode, diagnosticCodes } from "../../packages/core/src/diagnostics/codes.ts";
import { safeParsePack } from "../../packages/core/src/index.ts";

interface Case {
  readonly id: string;
  readonly rule: string;
  readonly path: string;
  readonly severity: "error" | "warning" | "info" | "none";
  readonly pack: unknown;
}

const dir = process.env["PROMPTPACK_CONFORMANCE_DIR"];
const cases: readonly Case[] =
  dir === undefined ? [] : (JSON.parse(readFileSync(join(dir, "semantic.json"), "utf8")) as { cases: Case[] }).cases;
const codeOf = await mergeMaps();

/** Controls of the collection that our rulings flag all the same, with the ruling. */
const flaggedControls: Readonly<Record<string, string>> = {
  "template-spaced-ok": "ruling 4: a spaced placeholder is accepted with a warning",
};

describe.skipIf(dir === undefined)("semantic cases (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  const controls = cases.filter(({ id, severity }) => severity === "none" && !Object.hasOwn(flaggedControls, id));

  it.each(cases.filter(({ severity }) => severity !== "none"))("$id: $rule", ({ rule, path, pack }) => {
    const code = codeOf.get(rule);
    if (code === undefined) throw new Error(`no map in test/conformance/semantic names a code for "${rule}"`);
    const found = diagnosticsOf(pack).map(({ code: name, pointer, severity }) => `${name} ${severity} ${pointer}`);
    expect(found).toContain(`${code} ${diagnosticCodes()[code].split(" ")[1] ?? ""} ${path}`);
  });

  it.each(controls)("leaves the control $id alone: $rule", ({ path, pack }) => {
    const complaints = diagnosticsOf(pack).filter(({ severity }) => severity !== "info");
    expect(complaints.filter(({ pointer }) => path === "" || pointer === path)).toEqual([]);
  });
});

const diagnosticsOf = (pack: unknown): ReturnType<typeof safeParsePack>["diagnostics"] =>
  safeParsePack(JSON.stringify(pack)).diagnostics;

/** Reads rule text to code from every map beside this file; two maps may not name one rule differently. */
async function mergeMaps(): Promise<ReadonlyMap<string, DiagnosticCode>> {
  const merged = new Map<string, DiagnosticCode>();
  for (const file of readdirSync(new URL("semantic/", import.meta.url)).toSorted()) {
    const maps = Object.values((await import(`./semantic/${file}`)) as Record<string, Record<string, DiagnosticCode>>);
    for (const [rule, code] of maps.flatMap((map) => Object.entries(map))) {
      const other = merged.get(rule) ?? code;
      if (other !== code) throw new Error(`semantic/${file}: "${rule}" is ${other} elsewhere and ${code} here`);
      merged.set(rule, code);
    }
  }
  return merged;
}
