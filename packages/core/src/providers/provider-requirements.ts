import type { ProviderCapabilities } from "../schema/sections/governance.ts";
import type { PackData } from "../schema/sections/pack.ts";

/** What providers are told by of a pack. */
export type ProviderSlice = Pick<PackData, "prompts" | "workflow" | "agents" | "compositions" | "requires">;

/** A requirement in its one form. Source: R284, R287. */
export interface ProviderNeed {
  readonly key: string;
  readonly role: string;
  readonly required: boolean;
  readonly description?: string;
  readonly capabilities?: ProviderCapabilities;
}

/** The key of the primary model, which needs no declaration. Source: R291. */
export const DEFAULT_PROVIDER = "default";

/** Returns the pack's requirements with the shorthand expanded and the defaults set, in order. Source: SPEC 4.11. */
export function providerRequirements(pack: Pick<PackData, "requires">): readonly ProviderNeed[] {
  return (pack.requires?.providers ?? []).map((entry) =>
    typeof entry === "string"
      ? { key: entry, role: "llm", required: true }
      : { ...entry, required: entry.required ?? true },
  );
}

/** Returns the key that a call uses: the step's, else the prompt's, else "default". Source: R301, R302. */
export function effectiveProvider(
  step: { readonly provider?: string } | undefined,
  prompt: { readonly provider?: string } | undefined,
): string {
  return step?.provider ?? prompt?.provider ?? DEFAULT_PROVIDER;
}
