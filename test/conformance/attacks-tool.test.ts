import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import { decideToolCall, refusalMessage } from "../../packages/core/src/tools/decide-tool-call.ts";
import { createToolPolicyState, startRound } from "../../packages/core/src/tools/tool-policy-state.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir as dir } from "./conformance-dir.ts";

interface Case {
  readonly id: string;
  readonly category: string;
  readonly expected: "rejects" | "safe-result";
  readonly note: string;
  readonly prompt: string;
  readonly call: { readonly name: string; readonly repeat?: number; readonly rounds?: number };
  readonly check: {
    readonly maxMs: number;
    readonly mustAccept?: boolean;
    readonly handlerArgsEqual?: unknown;
  };
}
interface Materials {
  packBytes(c: Case, folder: string): Uint8Array;
  callArgs(c: Case): string;
}

describe.skipIf(dir === undefined)("hostile tool calls (skipped without PROMPTPACK_CONFORMANCE_DIR)", async () => {
  const folder = join(dir ?? "", "attacks");
  const cases = attacksFor<Case>("tool");
  const materials: Materials | undefined =
    dir === undefined ? undefined : await import(pathToFileURL(join(folder, "materialize.mjs")).href);

  for (const attack of cases) {
    it(`${attack.id}: ${attack.note}`, { timeout: attack.check.maxMs }, () => {
      if (materials === undefined) throw new TypeError("no materials");
      const pack = JSON.parse(Buffer.from(materials.packBytes(attack, folder)).toString()) as PackData;
      const prompt = pack.prompts[attack.prompt];
      if (prompt === undefined) throw new TypeError("no prompt");
      const call = { id: "1", name: attack.call.name, arguments: materials.callArgs(attack) };

      let state = createToolPolicyState(prompt, pack);
      for (let round = 0; round < (attack.call.rounds ?? 1); round++) state = startRound(state);
      let decision = decideToolCall(state, call);
      for (let repeat = 1; repeat < (attack.call.repeat ?? 1); repeat++)
        decision = decideToolCall(decision.state, call);

      if (attack.expected === "rejects") expect(decision.allowed).toBe(false);
      else if (attack.check.mustAccept === true) expect(decision.allowed).toBe(true);
      if (attack.check.handlerArgsEqual !== undefined) {
        expect(decision).toMatchObject({ allowed: true, arguments: attack.check.handlerArgsEqual });
      }
      if (!decision.allowed) {
        expect(decision.diagnostics.length).toBeGreaterThan(0);
        expect(refusalMessage(decision).content).not.toMatch(/\p{Cc}/u);
      }
    });
  }
});
