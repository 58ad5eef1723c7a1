import { describe, expect, it } from "vitest";
import { parseRows } from "./explain.ts";

describe("parseRows", () => {
  it("reads the rows of code tables and nothing else", () => {
    const page = [
      "# Text",
      "",
      "| code | layer, severity | means | example | do | rules |",
      "|---|---|---|---|---|---|",
      '| `DUPLICATE_KEY` | document, error | two members | `{"a":1}` | remove one | R001 |',
      "| BLOCK_TAG | reference, error | a tag with a \\| in it | | | |",
      "Not | a | row",
    ].join("\n");
    expect(parseRows(page)).toEqual([
      {
        code: "DUPLICATE_KEY",
        kind: "document, error",
        meaning: "two members",
        example: '`{"a":1}`',
        advice: "remove one",
        rules: "R001",
      },
      {
        code: "BLOCK_TAG",
        kind: "reference, error",
        meaning: "a tag with a | in it",
        example: "",
        advice: "",
        rules: "",
      },
    ]);
  });
});
