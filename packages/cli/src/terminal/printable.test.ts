import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable as inCore } from "../../../core/src/diagnostics/printable.ts";
import { printable } from "./printable.ts";

describe("printable", () => {
  it("is the library's, for every text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => printable(text) === inCore(text)));
    for (let point = 0; point <= 0xffff; point++) {
      const character = String.fromCharCode(point);
      if (printable(character) !== inCore(character)) expect.fail(point.toString(16));
    }
  });
});
