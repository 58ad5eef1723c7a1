import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Report } from "../diagnostics/report.ts";
import { nameCodePoint } from "../json/code-points.ts";
import { formatPointer } from "../json/pointer.ts";
import type { PackData } from "../schema/sections/pack.ts";

// Soft hyphen, Arabic letter mark, Mongolian separator, zero-width and bidirectional characters, word joiner and the
// invisible operators, byte order mark, and the high surrogate of tag characters and of variation selectors 17 to 256.
const HIDDEN = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\udb40[\udc00-\uddef]/;

// The fixed beginnings of widely used credentials; the security package looks far closer.
const SECRET =
  /\b(?:sk-(?:proj-|ant-|live-)?[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35})|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const TEMPLATES = ["system_template", "system_template_prefix", "system_template_suffix"] as const;

/** Reports templates and descriptions that hold what a reader does not see or should never see. Source: SECURITY 1a. */
export function checkTexts(pack: PackData, report: Report): void {
  const check = (text: string | undefined, ...place: readonly (string | number)[]): void => {
    if (text === undefined) return;
    const tell = (code: DiagnosticCode, { index, 0: found }: RegExpExecArray, message: string, hint?: string): void =>
      report(code, formatPointer(...place), message, { range: { start: index, end: index + found.length }, hint });
    const hidden = HIDDEN.exec(text);
    if (hidden !== null) {
      const name = nameCodePoint(text, hidden.index);
      tell("HIDDEN_CHARACTERS", hidden, `the text holds ${name}, which no reader sees and a model reads`);
    }
    const secret = SECRET.exec(text);
    if (secret !== null) {
      const message = "the text holds what looks like a credential; a pack is read by everyone who has it";
      tell("SECRET_IN_TEXT", secret, message, "revoke it, and let the host pass credentials to tools and providers");
    }
  };
  check(pack.description, "description");
  for (const [name, text] of Object.entries(pack.fragments ?? {})) check(text, "fragments", name);
  for (const [key, tool] of Object.entries(pack.tools ?? {})) check(tool.description, "tools", key, "description");
  for (const [key, prompt] of Object.entries(pack.prompts)) {
    check(prompt.system_template, "prompts", key, "system_template");
    for (const [model, override] of Object.entries(prompt.model_overrides ?? {})) {
      for (const name of TEMPLATES) check(override[name], "prompts", key, "model_overrides", model, name);
    }
  }
}
