import { checkJsonSchema, type Diagnostic, parseDocument } from "promptpack";
import { PolicyError } from "../errors.ts";
import { problem } from "../verify/problem.ts";
import { parseReference } from "./credentials.ts";

/** Which credential serves what, as JSON (`promptpack.credentials.json`). It holds references, never a credential. */
export interface CredentialPlan {
  readonly version: 1;
  /** Days after which a credential is to be replaced; not judged when absent. */
  readonly maxAgeDays?: number;
  /** By what the credential is for: a prompt, an agent, the judge of evals, a pack, a registry. A text is a reference. */
  readonly uses: { readonly [use: string]: string | PlannedCredential };
}

export interface PlannedCredential {
  /** Such as "env:MODEL_KEY". */
  readonly ref: string;
  /** ISO 8601: the day or the moment at which the provider issued it. */
  readonly issued?: string;
  /** ISO 8601: it no longer works from this moment on. */
  readonly expires?: string;
}

/**
 * Reads a plan from JSON text or from parsed JSON; unknown members are errors.
 * @throws {PolicyError} POLICY_INVALID with every fault
 * @throws {CredentialError} INLINE_SECRET when a reference is none
 */
export function parseCredentialPlan(source: string | Uint8Array | object): CredentialPlan {
  const isText = typeof source === "string" || source instanceof Uint8Array;
  const { data, diagnostics } = isText ? parseDocument(source) : { data: source, diagnostics: [] };
  const faults: readonly Pick<Diagnostic, "message" | "pointer">[] =
    data === undefined ? diagnostics.filter(({ severity }) => severity === "error") : checkJsonSchema(planSchema, data);
  if (faults.length > 0)
    throw new PolicyError(
      faults.map(({ message, pointer }) => problem("POLICY_INVALID", `the credential plan: ${message}`, pointer)),
    );
  const plan = data as CredentialPlan;
  for (const use of Object.keys(plan.uses)) {
    const { ref, issued, expires } = plannedOf(plan, use);
    parseReference(ref);
    for (const [member, day] of Object.entries({ issued, expires }))
      if (day !== undefined && Number.isNaN(Date.parse(day)))
        throw new PolicyError([
          problem("POLICY_INVALID", `the credential plan: "${member}" of "${use}" is not a date`, "/uses"),
        ]);
  }
  return plan;
}

/** Returns what the plan says of a use that it has. */
export function plannedOf({ uses }: CredentialPlan, use: string): PlannedCredential {
  const planned = Object.hasOwn(uses, use) ? uses[use] : undefined;
  return typeof planned === "string" ? { ref: planned } : (planned ?? { ref: "" });
}

const date = { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?$" };
const planSchema = {
  type: "object",
  properties: {
    version: { const: 1 },
    maxAgeDays: { type: "integer", minimum: 1, maximum: 3650 },
    uses: {
      type: "object",
      maxProperties: 1000,
      additionalProperties: {
        anyOf: [
          { type: "string" },
          {
            type: "object",
            properties: { ref: { type: "string" }, issued: date, expires: date },
            required: ["ref"],
            additionalProperties: false,
          },
        ],
      },
    },
  },
  required: ["version", "uses"],
  additionalProperties: false,
};
