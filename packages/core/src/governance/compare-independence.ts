import type { IndependentOf } from "../schema/sections/governance.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { resolveGovernance } from "./resolve-governance.ts";

export type IndependenceAxis = IndependentOf["axes"][number];

/** One of two packs of which the first consumes what the second, the producer, made. */
export interface IndependenceSide {
  readonly pack: Pick<PackData, "metadata" | "agents" | "prompts" | "tools">;
  readonly agent?: string;
  /** The models in effect after overrides; a pack names none, so only the host knows. */
  readonly models?: readonly string[];
  /** The providers in effect. */
  readonly providers?: readonly string[];
}

export interface AxisResult {
  readonly axis: IndependenceAxis;
  /** "unknown" when a side or its value is not known. */
  readonly status: "independent" | "shared" | "unknown";
  /** What both sides have. */
  readonly shared: readonly string[];
}

export interface IndependenceResult {
  readonly axes: readonly AxisResult[];
  readonly enforcement: "strict" | "advisory";
  /** Every axis is independent. */
  readonly satisfied: boolean;
  /** Strict and not satisfied; advisory only reports. Source: R371-R373. */
  readonly refused: boolean;
}

/**
 * Compares two packs along the axes that the consumer's independent_of declares; undefined when it declares none.
 * A missing producer or value is "unknown", never independent. Source: SPEC 4.13.
 * @throws {PackError} UNKNOWN_AGENT
 */
export function compareIndependence(
  consumer: IndependenceSide,
  producer: IndependenceSide | undefined,
): IndependenceResult | undefined {
  const declared = resolveGovernance(consumer.pack, consumer.agent)?.independent_of;
  if (declared === undefined) return undefined;
  const enforcement = declared.enforcement ?? "advisory";
  const axes = declared.axes.map((axis): AxisResult => {
    const own = valuesOf(consumer, axis);
    const others = producer && valuesOf(producer, axis);
    if (own === undefined || others === undefined) return { axis, status: "unknown", shared: [] };
    const shared = [...own].filter((value) => others.has(value));
    return { axis, status: shared.length > 0 ? "shared" : "independent", shared };
  });
  const satisfied = axes.every((result) => result.status === "independent");
  return { axes, enforcement, satisfied, refused: enforcement === "strict" && !satisfied };
}

function valuesOf(
  { pack, agent, models, providers }: IndependenceSide,
  axis: IndependenceAxis,
): ReadonlySet<string> | undefined {
  if (axis === "prompts") return new Set(Object.keys(pack.prompts));
  if (axis === "tools") return new Set(Object.entries(pack.tools ?? {}).flatMap(([key, tool]) => [key, tool.name]));
  if (axis === "accountable_owner") {
    // hostile: "Risk Team " and "risk team" are one owner, or separation could be had by spelling
    const owner = resolveGovernance(pack, agent)?.accountable_owner?.normalize("NFKC").trim().toLowerCase();
    return owner === undefined || owner === "" ? undefined : new Set([owner]);
  }
  const values = axis === "model" ? models : providers;
  return values === undefined || values.length === 0 ? undefined : new Set(values);
}
