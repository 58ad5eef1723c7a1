import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compilePrompt } from "../../packages/core/src/prompt/compile-prompt.ts";
import { packOf } from "./pack-of.ts";

const dir = process.env["PROMPTPACK_CONFORMANCE_DIR"];

describe.skipIf(dir === undefined)("override vectors (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  const { vectors } = JSON.parse(
    dir === undefined ? '{"vectors":[]}' : readFileSync(`${dir}/vectors/overrides.json`, "utf8"),
  );
  for (const { id, title, input, expect: expected } of vectors) {
    it(`${id}: ${title}`, () => {
      const compiled = compilePrompt(packOf(input), "main", input.model === undefined ? {} : { model: input.model });
      const { template, parameters, pack, id: prompt_id, model } = compiled;
      // serialising a template is LangChain's; what it says is what a compiled prompt knows of itself
      const described = { type: "promptpack", pack_id: pack.id, prompt_id, model_id: model ?? null };
      expect(input.op === "describe" ? described : { template, parameters }).toEqual(expected);
    });
  }
});
