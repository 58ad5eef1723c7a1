import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackError } from "../diagnostics/errors.ts";
import { parseSkill } from "./parse-skill.ts";

const head = "name: refunds\ndescription: How to refund";
const file = (front: string, body = "Be kind.\n"): string => `---\n${front}\n---\n${body}`;
const faults = (text: string, path?: string): string[] => {
  try {
    parseSkill(text, path === undefined ? {} : { path });
  } catch (error) {
    if (PackError.isInstance(error))
      return error.diagnostics.map((one) => `${one.code} ${one.span?.start.line} ${one.pointer}`);
    throw error;
  }
  return [];
};

describe("SKILL.md", () => {
  it("gives name, description and the trimmed Markdown", () => {
    expect(parseSkill(file(head), { path: "skills/refunds/SKILL.md" })).toEqual({
      name: "refunds",
      description: "How to refund",
      instructions: "Be kind.",
    });
  });

  it("reads quoted and block texts, a map, a list, comments, CRLF and a byte order mark", () => {
    const front = [
      "# a comment",
      "name: 'refunds'",
      'description: "With: a \\"colon\\""',
      "license: >-",
      "  Apache",
      "  2.0",
      "",
      "  or MIT",
      "compatibility: |",
      "  one",
      "    two",
      "metadata:",
      "  version: 1.0",
      "  author: 'it''s me'",
      "allowed-tools:",
      "  - read",
      "  - find",
    ].join("\r\n");
    expect(parseSkill(`\uFEFF${file(front)}`)).toMatchObject({
      name: "refunds",
      description: 'With: a "colon"',
      license: "Apache 2.0\nor MIT",
      compatibility: "one\n  two",
      metadata: { version: "1.0", author: "it's me" },
      allowedTools: ["read", "find"],
    });
    expect(parseSkill(file(`${head}\nallowed-tools: read, find`)).allowedTools).toEqual(["read", "find"]);
  });

  it("collects every fault with its line", () => {
    expect(faults(file("name: Refunds\ndescription: \nlicence: MIT\n- x"))).toEqual([
      "INVALID_SKILL_FILE 5 ",
      "INVALID_SKILL_FILE 2 /name",
      "INVALID_SKILL_FILE 3 /description",
      "INVALID_SKILL_FILE 4 /licence",
    ]);
    expect(faults("no front matter")).toContain("INVALID_SKILL_FILE 1 ");
    expect(faults("---\nname: a\n")).toContain("INVALID_SKILL_FILE 1 /description");
  });

  it("refuses YAML beyond its small part", () => {
    const lines = [
      "license: &a x",
      "license: *a",
      "license: !!js/function x",
      "license: [a]",
      "license: {a: b}",
      "license: a: b",
      "license: a # b",
      'license: "a',
      "license: 'a",
      "license: a\n  b",
      "<<: x",
      "metadata:\n  a:\n    b: c",
      "metadata: x",
      "metadata:\n  __proto__: x",
      "metadata:\n  a: b\n  a: c",
      "name: again",
      "license:\n\t- a",
      "  stray: x",
      "license: `x`",
      "__proto__: x",
      "license: - a",
    ];
    for (const line of lines) expect(faults(file(`${head}\n${line}`)), line).not.toEqual([]);
  });

  it("keeps the limits of the format", () => {
    const long = (key: string, length: number): string[] => faults(file(`${head}\n${key}: ${"a".repeat(length)}`));
    expect(long("compatibility", 500)).toEqual([]);
    expect(long("compatibility", 501)).toEqual(["INVALID_SKILL_FILE 4 /compatibility"]);
    expect(faults(file(`name: ${"a".repeat(65)}\ndescription: d`))).toEqual(["INVALID_SKILL_FILE 2 /name"]);
    expect(faults(file(`name: a\ndescription: ${"é".repeat(1025)}`))).toEqual(["INVALID_SKILL_FILE 3 /description"]);
    for (const name of ["-a", "a-", "a--b", "a_b", "a b"])
      expect(faults(file(`name: ${name}\ndescription: d`)), name).toEqual(["INVALID_SKILL_FILE 2 /name"]);
    expect(faults(file(head, "x".repeat(1_048_576)))).toEqual(["INVALID_SKILL_FILE 1 "]);
  });

  it("refuses a skill that is not named after its folder", () => {
    expect(faults(file(head), "skills/other/SKILL.md")).toEqual(["INVALID_SKILL_FILE 2 /name"]);
    expect(faults(file(head), "SKILL.md")).toEqual([]);
  });

  it("reads any text or refuses it with our error, and never in another way", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "---",
        "\n",
        "name:",
        " ",
        "- ",
        "metadata:\n  a: b",
        "|",
        ">",
        '"',
        "'",
        "#",
        "description: x",
        "\r\n",
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void faults(`---\n${pieces.join("")}\n---\n`)),
    );
  });

  it("stays linear on hostile front matter", { timeout: 5_000 }, () => {
    expect(faults(file(`${" ".repeat(500_000)}\n${"a".repeat(200_000)}: `)).length).toBeGreaterThan(0);
    expect(faults(file("x\n".repeat(100_000))).length).toBeGreaterThan(0);
  });
});
