import { PromptPackError } from "promptpack";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";
import { verifyAuditLog } from "../../packages/security/src/audit/verify-audit-log.ts";
import { encodeBase64 } from "../../packages/security/src/sign/base64.ts";
import { preAuthEncoding } from "../../packages/security/src/sign/dsse.ts";
import { readPublicKey } from "../../packages/security/src/sign/public-key.ts";
import { readyPolicy, type TrustPolicy } from "../../packages/security/src/trust/trust-policy.ts";
import { verifyPack } from "../../packages/security/src/verify/verify-pack.ts";

interface VerifyInput {
  readonly pack: string;
  readonly evidence: readonly string[];
  readonly policy: TrustPolicy;
  readonly now: string;
}

export const securitySignatures: VectorImplementation = {
  preAuthEncoding: ({ payloadType, payload }: { payloadType: string; payload: string }) =>
    encodeBase64(preAuthEncoding(payloadType, new TextEncoder().encode(payload))),
  keyId: async (pem: string) => (await readPublicKey(pem)).keyId,
  verifyPack: async ({ pack, evidence, policy, now }: VerifyInput) => {
    try {
      const ready = await readyPolicy(policy);
      const bytes = new TextEncoder().encode(pack);
      const { signers } = await verifyPack(bytes, { policy: ready, evidence, now: new Date(now) });
      return { signers };
    } catch (error) {
      if (PromptPackError.isInstance(error)) return { error: error.code };
      throw error;
    }
  },
  verifyAuditLog: async (lines: readonly string[]) => {
    const { ok, records, fault } = await verifyAuditLog(lines);
    return fault === undefined ? { ok, records } : { ok, line: fault.line, code: fault.code };
  },
};
