import { describe, expect, it } from "vitest";
import { compileProgram } from "../../../../test/types/compile-program.ts";

const program = new URL("./typed-pack.test-d.ts", import.meta.url);

describe.each(["generated", "inline", "declared"] as const)("a typed pack, %s", (origin) => {
  it("compiles right calls", () => {
    expect(compileProgram(program, { origin }).unexpected).toEqual([]);
    const stricter = ["--exactOptionalPropertyTypes", "--verbatimModuleSyntax"];
    expect(compileProgram(program, { origin, flags: stricter }).unexpected).toEqual([]);
  });

  it("refuses wrong calls, each with a message that names what there is", () => {
    expect(compileProgram(program, { origin })).toMatchObject({ announced: 36, silent: [] });
  });
});

it("refuses a pack that is written inline and lacks what every pack has", () => {
  const faults = new URL("./inline-pack.test-d.ts", import.meta.url);
  expect(compileProgram(faults)).toEqual({ announced: 4, silent: [], unexpected: [] });
});
