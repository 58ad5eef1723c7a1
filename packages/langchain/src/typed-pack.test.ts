import { expect, it } from "vitest";
import { compileProgram } from "../../../test/types/compile-program.ts";

it("refuses wrong calls of a typed pack, each with a message that names what there is", { timeout: 60_000 }, () => {
  const program = new URL("./typed-pack.test-d.ts", import.meta.url);
  const flags = ["--exactOptionalPropertyTypes", "--skipLibCheck", "--types", "node"];
  expect(compileProgram(program, { flags })).toEqual({ announced: 37, silent: [], unexpected: [] });
});
