import { describe, expect, it } from "vitest";
import { findSecrets } from "../../packages/security/src/secrets/find-secrets.ts";
import { conformanceDir, readConformance } from "./conformance-dir.ts";

interface Corpus {
  readonly positive: Readonly<Record<string, string>>;
  readonly negative: Readonly<Record<string, string>>;
}

const corpus: Corpus =
  conformanceDir === undefined ? { positive: {}, negative: {} } : readConformance("secrets-corpus.json");

/** Every way in which a text may come: alone, inside a pack, and behind each disguise. */
const inPack = (text: string): object => ({
  id: "p",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: { main: { id: "main", system_template: `Use ${text} for {{x}}.` } },
});

describe.skipIf(conformanceDir === undefined)("secrets corpus (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  it("holds 19 secrets and 16 look-alikes", () => {
    expect([Object.keys(corpus.positive).length, Object.keys(corpus.negative).length]).toEqual([19, 16]);
  });

  it.each(Object.entries(corpus.positive))("finds %s", (_, text) => {
    expect(findSecrets(text).length).toBeGreaterThan(0);
    const findings = findSecrets(inPack(text));
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toContain(text.slice(4, 40));
    for (const encoding of ["base64", "hex"] as const) {
      if (text.length > 32)
        expect(findSecrets(inPack(Buffer.from(text).toString(encoding))).length, encoding).toBeGreaterThan(0);
    }
    expect(findSecrets(inPack(Array.from(text).join("\u200B"))).length, "invisible characters").toBeGreaterThan(0);
  });

  it.each(Object.entries(corpus.negative))("leaves %s", (_, text) => {
    expect(findSecrets(text)).toEqual([]);
    expect(findSecrets(inPack(text))).toEqual([]);
  });
});
