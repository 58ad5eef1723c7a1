import type { Diagnostic, Pack } from "promptpack";
import { describe, expect, it } from "vitest";
import { recordTerminal } from "../../test/record-terminal.ts";
import type { CheckedFile } from "../packs/check-file.ts";
import { decideVerdict } from "../verdict.ts";
import { github } from "./github.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { pretty } from "./pretty.ts";
import type { Reporter } from "./reporter.ts";
import { sarif } from "./sarif.ts";

const HOSTILE = "x\n::error::y\r\x1b[2J\u202E\u009B<script>&\"'%0A##[x] ]]> \uD800\uFFFE";

const span = { file: "a.json", start: { offset: 3, line: 2, column: 1 }, end: { offset: 7, line: 2, column: 5 } };
const error: Diagnostic = {
  code: "UNKNOWN_FIELD",
  severity: "error",
  layer: "schema",
  message: 'unknown field "nmae"',
  pointer: "/prompts/a/nmae",
  span,
  hint: 'did you mean "name"?',
  related: [{ pointer: "/prompts", span, message: "here" }],
};
const warning: Diagnostic = {
  code: "BYTE_ORDER_MARK",
  severity: "warning",
  layer: "document",
  message: "BOM",
  pointer: "",
};
const hostile: Diagnostic = { ...error, message: HOSTILE, pointer: `/${HOSTILE}`, hint: HOSTILE };

const valid: CheckedFile = {
  source: { name: "ok.json", path: "ok.json" },
  diagnostics: [warning],
  pack: { id: "p", version: "1.0.0", minimumSpecVersion: "1.4.0" } as Pack,
};
const invalid: CheckedFile = {
  source: { name: "a.json", path: "a.json" },
  diagnostics: [error, error],
  text: '{\n"nmae"}',
};
const unread: CheckedFile = {
  source: { name: "gone.json", path: "gone.json" },
  diagnostics: [],
  problem: "no such file",
};
const attack: CheckedFile = { source: { name: HOSTILE, path: HOSTILE }, diagnostics: [hostile], text: HOSTILE };

function report(reporter: Reporter, results: readonly CheckedFile[], maxWarnings?: number): string {
  const { terminal, output } = recordTerminal();
  reporter(results, decideVerdict(results, maxWarnings), terminal);
  return output();
}

/** Returns the names of the elements in order; throws when tags do not nest or text is not escaped. */
function readXml(text: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const body = text.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, "");
  const rest = body.replace(/<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g, (_, end, name, _attributes, empty) => {
    if (end === "/") expect(open.pop()).toBe(name);
    else names.push(name);
    if (end === "" && empty === "") open.push(name);
    return "";
  });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(body.replace(/&(amp|lt|gt|quot|apos);/g, "")).not.toContain("&");
  return names;
}

describe("every reporter", () => {
  it.each(Object.entries({ github, json, junit, pretty, sarif }))(
    "prints hostile text harmlessly: %s",
    (name, reporter) => {
      const text = report(
        reporter,
        [attack, { ...unread, source: { name: HOSTILE, path: HOSTILE }, problem: HOSTILE }],
        0,
      );
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ufffe\ud800-\udfff]/u);
      const commands = text.split("\n").filter((line) => /^\s*::/.test(line));
      expect(text).not.toMatch(/##\w*\[/);
      expect(commands.length).toBe(name === "github" ? 2 : 0);
      for (const line of commands) expect(line).toMatch(/^::error file=[^:,]*(,[a-zA-Z]+=[^:,]*)*::[^\n]*$/);
    },
  );

  it.each(Object.entries({ github, json, junit, pretty, sarif }))(
    "is never empty for a clean run: %s",
    (_, reporter) => {
      expect(report(reporter, [{ ...valid, diagnostics: [] }])).toMatch(/\S\n$/);
    },
  );
});

describe("json", () => {
  it("is one document with the verdict and every file", () => {
    expect(JSON.parse(report(json, [valid, invalid, unread]))).toEqual({
      format: 1,
      pass: false,
      exitCode: 2,
      summary: { files: 3, failed: 1, unreadable: 1, errors: 2, warnings: 1, infos: 0 },
      files: [
        {
          file: "ok.json",
          valid: true,
          pack: { id: "p", version: "1.0.0", minimumSpecVersion: "1.4.0" },
          diagnostics: [warning],
        },
        { file: "a.json", valid: false, diagnostics: [error, error] },
        { file: "gone.json", valid: false, problem: "no such file", diagnostics: [] },
      ],
    });
  });
});

describe("github", () => {
  it("writes one annotation a finding, with its place, and the verdict", () => {
    const lines = report(github, [valid, { ...invalid, diagnostics: [error] }, unread], 0)
      .trimEnd()
      .split("\n");
    expect(lines).toEqual([
      "::warning file=ok.json,title=BYTE_ORDER_MARK::BOM",
      '::error file=a.json,line=2,endLine=2,col=1,endColumn=5,title=UNKNOWN_FIELD::unknown field "nmae" (did you mean "name"?) at /prompts/a/nmae',
      "::error file=gone.json,title=cannot be read::no such file",
      expect.stringContaining("::error title=too many warnings::"),
      expect.stringMatching(/^✖ /),
    ]);
  });

  it("encodes what would end a property or a message", () => {
    const path = "a,b:c%.json";
    const text = report(github, [
      { source: { name: path, path }, diagnostics: [{ ...warning, message: "100%\n::x" }] },
    ]);
    expect(text.split("\n")[0]).toBe("::warning file=a%2Cb%3Ac%25.json,title=BYTE_ORDER_MARK::100%25\\n::x");
  });
});

describe("junit", () => {
  it("has a suite for each file, a failure for each error and an error for each unread file", () => {
    const text = report(junit, [valid, invalid, unread], 0);
    expect(readXml(text)).toEqual([
      "testsuites",
      "testsuite",
      "testcase",
      "system-out",
      "testsuite",
      "testcase",
      "failure",
      "testcase",
      "failure",
      "testsuite",
      "testcase",
      "error",
      "testsuite",
      "testcase",
      "failure",
    ]);
    expect(text).toContain('<testsuites name="promptpack" tests="5" failures="3" errors="1">');
    expect(text).toContain("2:1 unknown field &quot;nmae&quot; (did you mean &quot;name&quot;?)");
  });

  it("is well-formed whatever the text holds", () => {
    expect(readXml(report(junit, [attack]))).toEqual(["testsuites", "testsuite", "testcase", "failure"]);
  });
});

describe("sarif", () => {
  interface Run {
    readonly results: readonly { readonly partialFingerprints: { readonly [name: string]: string } }[];
  }
  const read = (...results: CheckedFile[]): Run => (JSON.parse(report(sarif, results)) as { runs: [Run] }).runs[0];

  it("has the shape of 2.1.0", () => {
    const log = JSON.parse(report(sarif, [valid, invalid, unread]));
    expect(log).toMatchObject({ version: "2.1.0", $schema: expect.stringContaining("sarif-2.1.0") });
    const [run] = log.runs;
    expect(run.tool.driver).toEqual({
      name: "promptpack",
      version: expect.any(String),
      rules: [{ id: "BYTE_ORDER_MARK" }, { id: "UNKNOWN_FIELD" }],
    });
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: false, exitCode: 2 });
    expect(run.invocations[0].toolExecutionNotifications).toHaveLength(1);
    expect(run.results[0]).toMatchObject({ ruleId: "BYTE_ORDER_MARK", ruleIndex: 0, level: "warning" });
    expect(run.results[1]).toMatchObject({
      ruleId: "UNKNOWN_FIELD",
      ruleIndex: 1,
      level: "error",
      message: { text: 'unknown field "nmae" (did you mean "name"?)' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "a.json" },
            region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 5, charOffset: 3, charLength: 4 },
          },
          logicalLocations: [{ fullyQualifiedName: "/prompts/a/nmae" }],
        },
      ],
      relatedLocations: [{ message: { text: "here" } }],
    });
  });

  it("has fingerprints that differ within a run and stay when lines move", () => {
    const prints = (file: CheckedFile): (string | undefined)[] =>
      read(file).results.map((result) => result.partialFingerprints["promptpack/v1"]);
    const moved = { ...error, span: { ...span, start: { offset: 90, line: 9, column: 3 } } };
    expect(prints(invalid)).toEqual(prints({ ...invalid, diagnostics: [moved, moved] }));
    expect(new Set(prints(invalid)).size).toBe(2);
    expect(prints({ ...invalid, source: { name: "b.json", path: "b.json" } })).not.toEqual(prints(invalid));
  });
});

describe("a file with more findings than anybody reads", () => {
  const many: CheckedFile = {
    ...invalid,
    diagnostics: [...Array.from({ length: 2000 }, () => warning), ...Array.from({ length: 3 }, () => error)],
  };

  it.each(Object.entries({ github, json, junit, sarif }))(
    "has a thousand of them, errors first, in %s",
    (_, reporter) => {
      const text = report(reporter, [many]);
      expect(text).toContain("unknown field");
      expect(text.match(/\bBOM\b/g)).toHaveLength(997);
      expect(text).toMatch(/and 1003 findings more|"omitted": 1003/);
    },
  );

  it("still has its errors in what people see", () => {
    const text = report(pretty, [many]);
    expect(text.match(/UNKNOWN_FIELD/g)).toHaveLength(3);
    expect(text).toContain("... and 1953 findings more (--format json has more)");
  });
});

describe("pretty", () => {
  it("shows findings, what could not be read, a table and the verdict", () => {
    const text = report(pretty, [valid, invalid, unread]);
    expect(text).toContain("UNKNOWN_FIELD");
    expect(text).toContain("✖ gone.json: no such file");
    expect(text).toContain("  file     errors  warnings\n  ok.json                 1\n  a.json        2");
    expect(text.trimEnd().split("\n").at(-1)).toBe(
      "✖ 1 file could not be read; 1 of 3 packs is not valid (2 errors, 1 warning)",
    );
  });

  it("shows the first findings of a file that has very many", () => {
    const text = report(pretty, [{ ...invalid, diagnostics: Array.from({ length: 60 }, () => error) }]);
    expect(text.match(/UNKNOWN_FIELD/g)).toHaveLength(50);
    expect(text).toContain("... and 10 findings more (--format json has all)");
  });
});
