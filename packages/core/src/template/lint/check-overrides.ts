import type { Report } from "../../diagnostics/report.ts";
import { formatPointer } from "../../json/pointer.ts";
import type { TemplatePrompt } from "./template-slice.ts";

/** Reports model overrides that hardly mean what they say. Source: R032-R034. */
export function checkOverrides(promptId: string, prompt: TemplatePrompt, report: Report): void {
  if (prompt.model_overrides === undefined) return;
  for (const [model, override] of Object.entries(prompt.model_overrides)) {
    const { system_template, system_template_prefix, system_template_suffix } = override;
    const pointer = formatPointer("prompts", promptId, "model_overrides", model);
    if (Object.keys(override).length === 0) {
      report("EMPTY_OVERRIDE", pointer, "the override changes nothing");
    } else if (system_template?.trim() === "") {
      const message = "an empty replacement is no replacement: the prompt's own template is used";
      const blank = "the replacement holds nothing but white space";
      if (system_template === "") report("EMPTY_REPLACEMENT", `${pointer}/system_template`, message);
      else report("BLANK_TEMPLATE", `${pointer}/system_template`, blank);
    } else if (system_template !== undefined) {
      const affixes = { system_template_prefix, system_template_suffix };
      for (const [name, affix] of Object.entries(affixes)) {
        const message = `${name} is ignored, because system_template replaces the whole template`;
        if (affix !== undefined) report("IGNORED_AFFIX", `${pointer}/${name}`, message);
      }
    }
  }
}
