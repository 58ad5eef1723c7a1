import { harmlessJson } from "./ground/encode.ts";
import type { Finding, Severity } from "./ground/finding.ts";
import { printable } from "promptpack";
import { sha256 } from "./ground/sha256.ts";

/** The findings about one file. */
export interface SarifFile {
  /** The file's own place as a URI reference, never anything from the pack. */
  readonly uri: string;
  readonly findings: readonly Finding[];
}

export interface SarifOptions {
  /** Version of the tool that made the findings. */
  readonly version: string;
  /** What each rule looks for. */
  readonly rules?: Readonly<Record<string, string>>;
}

const LEVELS: Readonly<Record<Severity, string>> = {
  info: "note",
  low: "note",
  medium: "warning",
  high: "error",
  critical: "error",
};
/** What code scanning sorts by; it calls 9 and more critical, 7 high, 4 medium. */
const SCORES: Readonly<Record<Severity, string>> = {
  info: "0.0",
  low: "2.0",
  medium: "5.0",
  high: "8.0",
  critical: "9.5",
};

/** Returns a SARIF 2.1.0 log as text. Fingerprints hold the file, the rule and the pointer, so they survive moved lines. */
export function toSarif(files: readonly SarifFile[], { version, rules = {} }: SarifOptions): string {
  const worst = new Map<string, Severity>();
  for (const { rule, severity } of files.flatMap(({ findings }) => findings)) {
    const known = worst.get(rule);
    if (known === undefined || Number(SCORES[severity]) > Number(SCORES[known])) worst.set(rule, severity);
  }
  const ids = [...worst.keys()];
  return `${harmlessJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "promptpack",
            version,
            rules: ids.map((id) => ({
              id,
              ...(Object.hasOwn(rules, id) ? { shortDescription: { text: rules[id] } } : {}),
              properties: { "security-severity": SCORES[worst.get(id) ?? "info"], tags: ["security"] },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: files.flatMap((file) => resultsOf(file, ids)),
      },
    ],
  })}\n`;
}

function resultsOf({ uri, findings }: SarifFile, ids: readonly string[]): unknown[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, severity, message, pointer, span }) => {
    const identity = `${uri}\n${rule}\n${pointer}`;
    const occurrence = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, occurrence);
    const region = span && {
      startLine: span.start.line,
      startColumn: span.start.column,
      endLine: span.end.line,
      endColumn: span.end.column,
    };
    return {
      ruleId: rule,
      ruleIndex: ids.indexOf(rule),
      level: LEVELS[severity],
      message: { text: printable(message) },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri }, ...(region === undefined ? {} : { region }) },
          ...(pointer === "" ? {} : { logicalLocations: [{ fullyQualifiedName: printable(pointer) }] }),
        },
      ],
      partialFingerprints: { "promptpack/v1": sha256(`${identity}\n${occurrence}`).slice(7, 39) },
      properties: { severity },
    };
  });
}
