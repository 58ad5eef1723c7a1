import { describe, expect, it } from "vitest";
import { checkSchemaItself } from "./check-schema-itself.ts";

describe("checkSchemaItself", () => {
  it("finds every fault at its place", () => {
    const schema = {
      type: "strnig",
      properties: { a: { pattern: "(?=x)", minLength: -1 }, b: 7 },
      $ref: "http://x/y",
      allOf: [],
      required: [1],
    };
    expect(
      checkSchemaItself(schema, "/s")
        .map(({ code, pointer }) => `${code} ${pointer}`)
        .toSorted(),
    ).toEqual([
      "INVALID_PATTERN /s/properties/a/pattern",
      "INVALID_SCHEMA /s/allOf",
      "INVALID_SCHEMA /s/properties/a/minLength",
      "INVALID_SCHEMA /s/properties/b",
      "INVALID_SCHEMA /s/required",
      "INVALID_SCHEMA /s/type",
      "REMOTE_REFERENCE /s/$ref",
    ]);
  });

  it("accepts schemas, with names of every kind", () => {
    expect(
      checkSchemaItself({
        properties: { constructor: { $ref: "#/$defs/toString" } },
        $defs: { toString: true },
        "x-own": 1,
      }),
    ).toEqual([]);
    expect([checkSchemaItself(true), checkSchemaItself(false)]).toEqual([[], []]);
    expect(checkSchemaItself("x")).toMatchObject([{ code: "INVALID_SCHEMA" }]);
    expect(checkSchemaItself({ $ref: "#/nowhere" })).toMatchObject([{ code: "INVALID_SCHEMA", pointer: "/$ref" }]);
  });

  it("ends at a schema that holds itself", () => {
    const schema: Record<string, unknown> = {};
    schema["not"] = schema;
    expect(checkSchemaItself(schema)).toEqual([]);
  });
});
