import { describe, expect, it } from "vitest";
import { PromptPackError } from "promptpack";
import { requireLock } from "../../packages/security/src/lock/require-lock.ts";
import { readyPolicy } from "../../packages/security/src/trust/trust-policy.ts";
import { verifyPack } from "../../packages/security/src/verify/verify-pack.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir } from "./conformance-dir.ts";

interface Attack {
  readonly id: string;
  readonly category: string;
  readonly expected: "rejects" | "safe-result";
  readonly tier: "core" | "control" | "stretch";
  readonly check: { readonly mustAccept?: boolean };
  readonly input: {
    readonly packBase64: string;
    readonly fileName: string;
    readonly envelope: object | null;
    readonly envelopeRaw?: string;
    readonly trust: {
      readonly keys: readonly string[];
      readonly threshold: number;
      readonly requireSignature: boolean;
    };
    readonly lock?: object;
  };
}

const attacks = attacksFor<Attack>("verify");

describe.skipIf(conformanceDir === undefined)(
  "attacks on verification (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    it("finds the cases", () => {
      expect(attacks.length).toBeGreaterThanOrEqual(17);
    });

    it.each(attacks.map((attack) => [attack.id, attack] as const))("%s", async (_, { input, expected, check }) => {
      const verdict = judge(input);
      if (expected === "rejects") {
        const error = await verdict.then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(PromptPackError.isInstance(error), String(error)).toBe(true);
        expect((error as Error).message).not.toMatch(/\p{Cc}/u);
      } else if (check.mustAccept === true) await expect(verdict).resolves.toBeUndefined();
    });
  },
);

async function judge({ packBase64, fileName, envelope, envelopeRaw, trust, lock }: Attack["input"]): Promise<void> {
  const bytes = new Uint8Array(Buffer.from(packBase64, "base64"));
  const policy = await readyPolicy({ version: 1, ...trust });
  const evidence = envelopeRaw ?? (envelope === null ? undefined : JSON.stringify(envelope));
  await verifyPack(bytes, { policy, evidence: evidence === undefined ? [] : [evidence], now: new Date(0) });
  if (lock !== undefined) await requireLock(JSON.stringify({ lockVersion: 1, packs: lock }))(bytes, fileName);
}
