import { type Pack, safeParsePack } from "promptpack";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diffPacks } from "../../packages/security/src/diff/diff-packs.ts";
import { diffToHtml } from "../../packages/security/src/diff/report/diff-to-html.ts";
import { diffToMarkdown } from "../../packages/security/src/diff/report/diff-to-markdown.ts";
import { diffToText } from "../../packages/security/src/diff/report/diff-to-text.ts";
import { type Finding, isAtLeast, type Severity } from "../../packages/security/src/ground/finding.ts";
import { reviewToCsv } from "../../packages/security/src/review/report/review-to-csv.ts";
import { reviewToHtml } from "../../packages/security/src/review/report/review-to-html.ts";
import { reviewToText } from "../../packages/security/src/review/report/review-to-text.ts";
import { reviewPack } from "../../packages/security/src/review/review-pack.ts";
import { toSarif } from "../../packages/security/src/sarif.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir } from "./conformance-dir.ts";

interface Attack {
  readonly id: string;
  readonly category: string;
  readonly command?: string;
  readonly file?: string;
  readonly input?: { readonly before: unknown; readonly after: unknown };
  readonly check: {
    readonly mustFlag?: readonly string[];
    readonly mustNotFlag?: readonly string[];
    readonly maxSeverity?: Severity;
    readonly stdoutNotContains?: readonly string[];
    readonly stdoutNotMatches?: readonly string[];
  };
}

/** Which output of ours a command of the catalogue speaks of. */
const FORMATS: Readonly<Record<string, string>> = {
  html: "html",
  "report-csv": "csv",
  "review-sarif": "sarif",
  inspect: "text",
};
const attacks = attacksFor<Attack>("review");

const open = (source: string): Pack => {
  const { pack, diagnostics } = safeParsePack(source);
  if (pack === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return pack;
};

/** Everything that the attack's packs can be turned into, and the findings. */
function run({ file, input }: Attack): { findings: readonly Finding[]; outputs: Readonly<Record<string, string>> } {
  if (input !== undefined) {
    const diff = diffPacks(open(JSON.stringify(input.before)), open(JSON.stringify(input.after)));
    return {
      findings: diff.findings,
      outputs: {
        text: diffToText(diff),
        markdown: diffToMarkdown(diff),
        html: diffToHtml(diff),
        json: JSON.stringify(diff),
      },
    };
  }
  const source = readFileSync(join(conformanceDir ?? "", "attacks", file ?? ""), "utf8");
  const review = reviewPack(open(source), { source });
  const sarif = toSarif([{ uri: "packs/a.json", findings: review.findings }], { version: "0" });
  return {
    findings: review.findings,
    outputs: {
      text: reviewToText(review),
      html: reviewToHtml(review),
      csv: reviewToCsv(review),
      sarif,
      json: JSON.stringify(review),
    },
  };
}

describe.skipIf(conformanceDir === undefined)(
  "attacks on reviewers (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    it("finds the cases", () => {
      expect(attacks.length).toBeGreaterThanOrEqual(36);
    });

    it.each(attacks.map((attack) => [attack.id, attack] as const))("%s", (_, attack) => {
      const { check } = attack;
      const { findings, outputs } = run(attack);
      const rules = findings.map(({ rule }) => rule);
      expect(rules).toEqual(expect.arrayContaining((check.mustFlag ?? []).slice()));
      for (const rule of check.mustNotFlag ?? []) expect(rules).not.toContain(rule);
      const { maxSeverity } = check;
      if (maxSeverity !== undefined)
        expect(findings.filter(({ severity }) => severity !== maxSeverity && isAtLeast(severity, maxSeverity))).toEqual(
          [],
        );
      for (const output of Object.values(outputs)) {
        for (const text of check.stdoutNotContains ?? []) expect(output).not.toContain(text);
      }
      const output = outputs[FORMATS[attack.command ?? ""] ?? ""]?.replaceAll("\r\n", "\n");
      for (const pattern of check.stdoutNotMatches ?? []) expect(output).not.toMatch(new RegExp(pattern, "m"));
    });
  },
);
