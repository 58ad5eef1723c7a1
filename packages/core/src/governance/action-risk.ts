import type { ActionScope } from "../schema/sections/tools.ts";

export type Effect = NonNullable<ActionScope["effect"]>;
export type Reversibility = NonNullable<ActionScope["reversibility"]>;

/** From harmless to grave; external implies write. Source: R342. */
export const effectOrder: readonly Effect[] = ["read", "write", "external"];
/** From harmless to grave. Source: R342. */
export const reversibilityOrder: readonly Reversibility[] = ["reversible", "compensable", "irreversible"];

/** What a gate assumes about a call. */
export interface ActionRisk {
  readonly effect: Effect;
  readonly reversibility: Reversibility;
  /** The fields that nobody declared, and that count as the gravest value. */
  readonly undeclared: readonly ("effect" | "reversibility")[];
  /** Something outside of the conversation changes: everything but "read". */
  readonly consequential: boolean;
  /** The usual policy asks a person first: external, irreversible or undeclared. */
  readonly approvalAdvised: boolean;
}

/** Returns what a gate assumes about a tool: what is undeclared is external and irreversible. Source: R330, R331, SPEC 4.12. */
export function assessAction(scope: ActionScope | undefined): ActionRisk {
  const effect = scope?.effect ?? "external";
  const reversibility = scope?.reversibility ?? "irreversible";
  return {
    effect,
    reversibility,
    undeclared: (["effect", "reversibility"] as const).filter((field) => scope?.[field] === undefined),
    consequential: effect !== "read",
    approvalAdvised: effect === "external" || reversibility === "irreversible",
  };
}
