import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import { answerability } from "../../packages/core/src/providers/answerable-schema.ts";
import { callSites } from "../../packages/core/src/providers/call-sites.ts";
import {
  checkProviders,
  checkSingleProvider,
  type ProviderBinding,
} from "../../packages/core/src/providers/check-providers.ts";
import { effectiveProvider, providerRequirements } from "../../packages/core/src/providers/provider-requirements.ts";
import { checkProviderRules } from "../../packages/core/src/providers/rules.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface BindInput {
  readonly pack: PackData;
  readonly bindings: { readonly [key: string]: ProviderBinding };
  readonly schemas?: { readonly [reference: string]: unknown };
}

/** Our library behind the ops of the section "providers". */
export const providers: VectorImplementation = {
  check: (pack: PackData) => {
    const { findings, report } = collectFindings();
    checkProviderRules(pack, report);
    return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`).sort();
  },
  requirements: (pack: PackData) => providerRequirements(pack),
  effective: ({ step, prompt }: { step?: { provider?: string }; prompt?: { provider?: string } }) =>
    effectiveProvider(step, prompt),
  sites: (pack: PackData) =>
    callSites(pack)
      .map(({ kind, pointer, provider }) => `${kind} ${pointer} ${provider}`)
      .sort(),
  bind: ({ pack, bindings, schemas = {} }: BindInput) =>
    checkProviders(pack, bindings, { findSchema: (reference) => schemas[reference] })
      .map((one) => `${one.code} ${one.pointer}`)
      .sort(),
  single: (pack: PackData) => checkSingleProvider(pack).map((one) => one.code),
  answerable: ({ schema }: { schema: unknown }) => answerability(schema),
};
