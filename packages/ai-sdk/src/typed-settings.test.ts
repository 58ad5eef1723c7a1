import { describe, expect, it } from "vitest";
import { compileProgram } from "../../../test/types/compile-program.ts";

const program = new URL("./typed-settings.test-d.ts", import.meta.url);
const flags = ["--skipLibCheck"];

describe.each(["generated", "inline"] as const)("settings from a typed pack, %s", (origin) => {
  it("compile when the calls are right", () => {
    expect(compileProgram(program, { origin, flags }).unexpected).toEqual([]);
  });

  it("refuse wrong calls, each with a message that names what there is", () => {
    expect(compileProgram(program, { origin, flags })).toMatchObject({ announced: 23, silent: [] });
  });
});
