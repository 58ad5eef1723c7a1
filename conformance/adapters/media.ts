import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import { checkMediaParts, type MediaPartsOptions } from "../../packages/core/src/media/check-media-parts.ts";
import { checkMediaUrl, type MediaUrlOptions } from "../../packages/core/src/media/check-media-source.ts";
import { toContentParts } from "../../packages/core/src/media/content-parts.ts";
import { isPublicAddress } from "../../packages/core/src/media/is-public-address.ts";
import { checkMediaRules } from "../../packages/core/src/media/rules.ts";
import type { MediaConfig, MultimodalPart } from "../../packages/core/src/schema/sections/media.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface Parts {
  readonly parts: readonly MultimodalPart[];
  readonly media?: MediaConfig;
  readonly options?: MediaPartsOptions;
}

/** Our library behind the ops of the section "media". */
export const media: VectorImplementation = {
  rules: (settings: MediaConfig) => {
    const { findings, report } = collectFindings();
    const prompt = { id: "p", name: "P", version: "1.0.0", system_template: "x", media: settings };
    checkMediaRules({ prompts: { p: prompt } }, report);
    const root = "/prompts/p/media".length;
    return findings.map(({ diagnostic: { code, pointer } }) => `${code} ${pointer.slice(root)}`).sort();
  },
  convert: ({ parts }: Parts) => {
    const result = toContentParts(parts);
    return result.parts ?? { errors: result.diagnostics.map(({ code }) => code) };
  },
  check: ({ parts, media: settings, options }: Parts) => {
    const result = checkMediaParts(parts, settings, options);
    return result.parts ?? { errors: result.diagnostics.map(({ code }) => code) };
  },
  url: ({ url, options }: { url: string; options?: MediaUrlOptions }) => checkMediaUrl(url, options).length === 0,
  address: ({ address }: { address: string }) => isPublicAddress(address),
};
