import { InputError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";
import type { TemplateSlice } from "../../packages/core/src/template/lint/template-slice.ts";
import { renderTemplate, type RenderTemplateOptions } from "../../packages/core/src/template/render-template.ts";
import { checkTemplateRules } from "../../packages/core/src/template/rules.ts";

/** Our library behind the ops of the section "template". */
export const template: VectorImplementation = {
  render: ({ template: text, ...options }: RenderTemplateOptions & { readonly template: string }) => {
    try {
      return { text: renderTemplate(text, options) };
    } catch (error) {
      if (!InputError.isInstance(error)) throw error;
      return { errors: error.diagnostics.map(({ code }) => code) };
    }
  },
  check: ({ pack, strict = false }: { readonly pack: TemplateSlice; readonly strict?: boolean }) => {
    const { findings, report } = collectFindings();
    checkTemplateRules(pack, report, { strict });
    return findings.map(({ diagnostic: { severity, code, pointer } }) => `${severity} ${code} ${pointer}`);
  },
};
