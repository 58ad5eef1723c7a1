import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { PromptPackError } from "../../packages/core/src/diagnostics/errors.ts";
import { printable } from "../../packages/core/src/diagnostics/printable.ts";
import { parsePack } from "../../packages/core/src/pack/parse-pack.ts";
import { compilePrompt } from "../../packages/core/src/prompt/compile-prompt.ts";
import { renderPrompt } from "../../packages/core/src/prompt/render-prompt.ts";
import type { Variable } from "../../packages/core/src/schema/sections/prompt.ts";
import { checkVariables } from "../../packages/core/src/variables/check-variables.ts";
import type { Bindings } from "../../packages/core/src/variables/resolve-binding.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir as dir } from "./conformance-dir.ts";

interface Case {
  readonly id: string;
  readonly category: string;
  readonly expected: "rejects" | "safe-result";
  readonly note: string;
  readonly prompt: string;
  readonly model?: string;
  readonly variable?: Variable;
  readonly context?: Bindings["sources"];
  readonly policy?: { readonly allowEnv: readonly string[] };
  readonly check?: {
    readonly maxMs?: number;
    readonly mustAccept?: boolean;
    readonly equals?: string;
    readonly contains?: readonly string[];
    readonly notContains?: readonly string[];
    readonly errorNotContains?: readonly string[];
  };
}
interface Materials {
  packBytes(attack: Case, folder: string): Uint8Array;
  variables(attack: Case): Record<string, unknown>;
  value(attack: Case): unknown;
}

describe.skipIf(dir === undefined)("hostile renders (skipped without PROMPTPACK_CONFORMANCE_DIR)", async () => {
  const folder = join(dir ?? "", "attacks");
  const cases = attacksFor<Case>("render");
  const materials =
    dir === undefined ? undefined : ((await import(pathToFileURL(join(folder, "materialize.mjs")).href)) as Materials);

  for (const attack of cases) {
    const { check = {} } = attack;
    it(`${attack.id}: ${attack.note}`, { timeout: check.maxMs ?? 1000 }, () => {
      const outcome = run(attack, materials as Materials, folder);
      if ("message" in outcome) {
        expect(attack.expected === "rejects" || (check.mustAccept !== true && check.equals === undefined)).toBe(true);
        expect(printable(outcome.message)).toBe(outcome.message);
        for (const text of check.errorNotContains ?? []) expect(outcome.message).not.toContain(text);
        return;
      }
      expect(attack.expected).toBe("safe-result");
      if (check.equals !== undefined) expect(outcome.text).toBe(check.equals);
      for (const text of check.contains ?? []) expect(outcome.text).toContain(text);
      for (const text of check.notContains ?? []) expect(outcome.text).not.toContain(text);
    });
  }
});

/** Anything but a typed error fails the test by itself. */
function run(attack: Case, materials: Materials, folder: string): { text: string } | { message: string } {
  try {
    if (attack.variable !== undefined) {
      const { name } = attack.variable;
      const { diagnostics } = checkVariables([attack.variable], { [name]: materials.value(attack) });
      return diagnostics.length > 0 ? { message: diagnostics.map(({ message }) => message).join("; ") } : { text: "" };
    }
    const pack = parsePack(materials.packBytes(attack, folder));
    const compiled = compilePrompt(pack, attack.prompt, attack.model === undefined ? {} : { model: attack.model });
    const { context: sources, policy } = attack;
    const allow = { env: policy?.allowEnv ?? [] };
    const options = sources === undefined ? {} : { bindings: { sources, allow } };
    return { text: renderPrompt(compiled, materials.variables(attack), options).system };
  } catch (error) {
    if (!PromptPackError.isInstance(error)) throw error;
    return { message: error.diagnostics.map(({ message }) => message).join("; ") };
  }
}
