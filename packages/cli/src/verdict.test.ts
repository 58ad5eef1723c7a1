import type { Diagnostic, Pack } from "promptpack";
import { describe, expect, it } from "vitest";
import type { CheckedFile } from "./packs/check-file.ts";
import { decideVerdict } from "./verdict.ts";

const finding = (severity: Diagnostic["severity"]): Diagnostic => ({
  code: "UNKNOWN_FIELD",
  severity,
  layer: "schema",
  message: "m",
  pointer: "",
});
const file = (...severities: Diagnostic["severity"][]): CheckedFile => ({
  source: { name: "p.json", path: "p.json" },
  diagnostics: severities.map(finding),
  ...(severities.includes("error") ? {} : { pack: {} as Pack }),
});
const unread: CheckedFile = { source: { name: "x" }, diagnostics: [], problem: "no such file" };

describe("decideVerdict", () => {
  it.each([
    [[file()], undefined, 0, "✔ the pack is valid"],
    [[file(), file("warning", "info", "info")], undefined, 0, "✔ 2 packs are valid (1 warning, 2 notes)"],
    [[file("error")], undefined, 1, "✖ the pack is not valid (1 error)"],
    [
      [file("error", "error"), file(), file("warning")],
      undefined,
      1,
      "✖ 1 of 3 packs is not valid (2 errors, 1 warning)",
    ],
    [[file("warning")], 1, 0, "✔ the pack is valid (1 warning)"],
    [[file("warning")], 0, 1, "✖ 1 warning, and --max-warnings allows 0 (1 warning)"],
    [[unread], undefined, 2, "✖ 1 file could not be read"],
    [[unread, file("error"), unread], undefined, 2, "✖ 2 files could not be read; 1 of 3 packs is not valid (1 error)"],
  ] as const)("decides words and exit code together", (results, maxWarnings, exitCode, line) => {
    expect(decideVerdict(results, maxWarnings)).toMatchObject({ exitCode, line });
    expect(line.startsWith("✔")).toBe(exitCode === 0);
  });
});
