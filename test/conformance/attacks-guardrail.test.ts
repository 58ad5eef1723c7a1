import { describe, expect, it } from "vitest";
import { PromptPackError } from "../../packages/core/src/diagnostics/errors.ts";
import { guardResponse, type GuardInput } from "../../packages/core/src/guardrails/guard-response.ts";
import type { GuardOptions } from "../../packages/core/src/guardrails/guardrail.ts";
import { createStreamGuard } from "../../packages/core/src/guardrails/stream-guard.ts";
import type { Validator } from "../../packages/core/src/schema/sections/guardrails.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir } from "./conformance-dir.ts";

interface Case {
  readonly id: string;
  readonly note: string;
  readonly category: string;
  readonly target?: string;
  readonly expected: "rejects" | "safe-result";
  readonly validators?: readonly Validator[];
  readonly response?: GuardInput;
  readonly responseChunks?: readonly string[];
  readonly responseGen?: {
    readonly prefix?: string;
    readonly repeat?: readonly [string, number];
    readonly suffix?: string;
  };
  readonly tier: string;
  readonly check?: { readonly maxMs?: number };
}

const cases = attacksFor<Case>("guardrail");

function piecesOf({ response, responseChunks, responseGen }: Case): readonly string[] {
  if (responseChunks !== undefined) return responseChunks;
  if (responseGen !== undefined) {
    const [text, times] = responseGen.repeat ?? ["", 0];
    return [`${responseGen.prefix ?? ""}${text.repeat(times)}${responseGen.suffix ?? ""}`];
  }
  return typeof response === "string" ? response.split("") : [];
}

/** True when the text would reach the caller; a typed refusal to run counts as a block. */
function reaches(run: () => { readonly ok: boolean }): boolean {
  try {
    return run().ok;
  } catch (error) {
    if (PromptPackError.isInstance(error)) return false;
    throw error;
  }
}

describe.skipIf(conformanceDir === undefined)(
  "attacks on guardrails (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    it.each(cases)("$id: $note", (attack) => {
      const wanted = attack.expected !== "rejects";
      const pieces = piecesOf(attack);
      const input = typeof attack.response === "object" ? attack.response : pieces.join("");
      for (const options of [{}, { enforcement: "declared" }] as const satisfies readonly GuardOptions[]) {
        const started = performance.now();
        expect(reaches(() => guardResponse(attack.validators, input as GuardInput, options))).toBe(wanted);
        expect(performance.now() - started).toBeLessThan(attack.check?.maxMs ?? 1000);
        if (pieces.length === 0) continue;
        expect(
          reaches(() => {
            const guard = createStreamGuard(attack.validators, options);
            const emitted = pieces.map((piece) => guard.push(piece).text).join("");
            const last = guard.end();
            if (last.ok) expect(emitted + last.text).toBe(pieces.join(""));
            return last;
          }),
        ).toBe(wanted);
      }
    });
  },
);
