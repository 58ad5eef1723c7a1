import { createHash } from "node:crypto";
import type { Diagnostic } from "promptpack";
import { reportUri } from "../files.ts";
import type { CheckedFile } from "../packs/check-file.ts";
import { printable } from "promptpack";
import { harmlessJson } from "../terminal/terminal.ts";
import { version } from "../version.ts";
import { counted } from "../verdict.ts";
import { listFindings, type Reporter } from "./reporter.ts";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

/** SARIF 2.1.0 for code scanning. Fingerprints hold the file, code and pointer, so they survive moved lines. */
export const sarif: Reporter = (results, verdict, { write }) => {
  const rules = new Map<string, number>();
  const findings = results.flatMap((result) => formatResults(result, rules));
  const notifications = results
    .filter(({ problem }) => problem !== undefined)
    .map((result) => ({
      level: "error",
      message: { text: printable(result.problem ?? "") },
      locations: [{ physicalLocation: { artifactLocation: locateFile(result) } }],
    }));
  for (const result of results) {
    const { omitted } = listFindings(result.diagnostics);
    if (omitted === 0) continue;
    notifications.push({
      level: "warning",
      message: { text: `and ${counted(omitted, "finding")} more` },
      locations: [{ physicalLocation: { artifactLocation: locateFile(result) } }],
    });
  }
  if (verdict.tooManyWarnings) notifications.push({ level: "error", message: { text: verdict.line }, locations: [] });
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "promptpack", version, rules: [...rules.keys()].map((id) => ({ id })) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: verdict.exitCode !== 2,
            exitCode: verdict.exitCode,
            toolExecutionNotifications: notifications,
          },
        ],
        results: findings,
      },
    ],
  };
  write(`${harmlessJson(log)}\n`);
};

function formatResults(result: CheckedFile, rules: Map<string, number>): unknown[] {
  const artifactLocation = locateFile(result);
  const seen = new Map<string, number>();
  return listFindings(result.diagnostics).shown.map((diagnostic) => {
    const { code, severity, message, hint, pointer, related = [] } = diagnostic;
    if (!rules.has(code)) rules.set(code, rules.size);
    const identity = `${artifactLocation.uri}\n${code}\n${pointer}`;
    const occurrence = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, occurrence);
    return {
      ruleId: code,
      ruleIndex: rules.get(code),
      level: LEVELS[severity],
      message: { text: printable(hint === undefined ? message : `${message} (${hint})`) },
      locations: [locate(artifactLocation, diagnostic)],
      ...(related.length === 0
        ? {}
        : {
            relatedLocations: related.map((place) => ({
              ...locate(artifactLocation, place),
              message: { text: printable(place.message) },
            })),
          }),
      partialFingerprints: { "promptpack/v1": fingerprint(`${identity}\n${occurrence}`) },
    };
  });
}

function locate(artifactLocation: object, { span, pointer }: Pick<Diagnostic, "span" | "pointer">): object {
  const region = span && {
    startLine: span.start.line,
    startColumn: span.start.column,
    endLine: span.end.line,
    endColumn: span.end.column,
    charOffset: span.start.offset,
    charLength: span.end.offset - span.start.offset,
  };
  return {
    physicalLocation: { artifactLocation, ...(region === undefined ? {} : { region }) },
    ...(pointer === "" ? {} : { logicalLocations: [{ fullyQualifiedName: printable(pointer) }] }),
  };
}

function locateFile({ source }: CheckedFile): { readonly uri: string } {
  return { uri: reportUri(source) };
}

const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
