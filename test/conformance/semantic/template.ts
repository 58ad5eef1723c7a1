import type { DiagnosticCode } from "../../../packages/core/src/diagnostics/codes.ts";

/** The semantic rules about templates, fragments and overrides, by the rule's own words. */
export const template: Readonly<Record<string, DiagnosticCode>> = {
  "system_template is only whitespace": "BLANK_TEMPLATE",
  "template variable not declared": "UNDECLARED_VARIABLE",
  "fragment uses an undeclared variable": "UNDECLARED_VARIABLE",
  "model override template uses an undeclared variable": "UNDECLARED_VARIABLE",
  "declared variable never used": "UNUSED_VARIABLE",
  "missing fragment": "UNKNOWN_FRAGMENT",
  "fragment cycle": "FRAGMENT_CYCLE",
  "fragment cycle not reached by any prompt": "UNREACHED_CYCLE",
  "fragment names a missing fragment": "UNKNOWN_FRAGMENT",
  "fragment expansion grows exponentially": "OUTPUT_TOO_LARGE",
  "tag with inner spaces": "SPACED_TAG",
  "template uses a feature the engine does not declare": "UNDECLARED_FEATURE",
  "template uses another syntax than declared": "OTHER_SYNTAX",
  "template_engine.syntax is unknown": "UNSUPPORTED_SYNTAX",
  "empty model override": "EMPTY_OVERRIDE",
  "override replaces the template with nothing": "EMPTY_REPLACEMENT",
};
