import type { Pack } from "promptpack";
import { pointTo } from "../../ground/pointer.ts";
import { securitySentences } from "../../ground/security-sentences.ts";
import type { NoteAt, PackData, Prompt } from "./note.ts";

const SECRET_FIELD = /key|token|secret|passw|credential|auth|cookie|session_id/i;

/** env-binding, guardrail-disabled, override-replaces-template, package-reference and media-reference. */
export function checkSettings(data: PackData, note: NoteAt): void {
  for (const [id, prompt] of Object.entries(data.prompts)) {
    const at = pointTo("/prompts", id);
    checkBindings(prompt, at, note);
    checkGuardrails(prompt, at, note);
    checkOverrides(prompt, at, note);
    checkMedia(prompt, at, note);
  }
  data.skills?.forEach((source, index) => {
    const reference = typeof source === "string" ? source : "path" in source ? source.path : undefined;
    if (reference === undefined || !isPackageReference(reference)) return;
    const pointer = pointTo("/skills", index, ...(typeof source === "string" ? [] : ["path"]));
    note("package-reference", "medium", "a skill that comes from a package and can change without this pack", pointer);
  });
}

/** Returns whether a skill comes from a package; the loader refuses every other place but a folder beside the pack. */
export function isPackageReference(reference: string): boolean {
  return reference.startsWith("@") || /^npm:/i.test(reference);
}

function checkBindings({ variables = [] }: Prompt, at: string, note: NoteAt): void {
  variables.forEach(({ name, binding }, index) => {
    const { kind = "", field = name } = binding ?? {};
    if (!/^(?:env|environment|header|secret|configmap|file|cookie)$/i.test(kind)) return;
    const isSecret = /^(?:secret|file|cookie)$/i.test(kind) || SECRET_FIELD.test(field);
    const what = `the variable "${name}" is filled from the host's ${kind} "${field}"`;
    note(
      "env-binding",
      isSecret ? "high" : "medium",
      isSecret ? `${what}, which is likely to be a credential` : what,
      pointTo(at, "variables", index, "binding"),
    );
  });
}

function checkGuardrails({ validators = [] }: Prompt, at: string, note: NoteAt): void {
  validators.forEach(({ type, enabled }, index) => {
    if (enabled === false)
      note(
        "guardrail-disabled",
        "medium",
        `the guardrail "${type}" is declared and switched off`,
        pointTo(at, "validators", index, "enabled"),
      );
  });
}

function checkOverrides({ system_template: base, model_overrides = {} }: Prompt, at: string, note: NoteAt): void {
  for (const [model, { system_template: own }] of Object.entries(model_overrides)) {
    if (own === undefined || own === base) continue;
    const kept = securitySentences(own);
    const lost = [...securitySentences(base).keys()].filter((sentence) => !kept.has(sentence)).length;
    const count = lost === 1 ? "one restricting sentence" : `${lost} restricting sentences`;
    const message = `for "${model}" another template replaces the reviewed one${lost > 0 ? ` and leaves out ${count} of it` : ""}`;
    note(
      "override-replaces-template",
      lost > 0 ? "high" : "medium",
      message,
      pointTo(at, "model_overrides", model, "system_template"),
    );
  }
}

function checkMedia({ media }: Prompt, at: string, note: NoteAt): void {
  media?.examples?.forEach(({ parts }, example) => {
    parts.forEach((part, index) => {
      const source = (["url", "file_path"] as const).find((key) => part.media?.[key] !== undefined);
      if (source === undefined) return;
      const what = source === "url" ? "another host" : "a file";
      note(
        "media-reference",
        "low",
        `an example whose content comes from ${what} and not from the pack`,
        pointTo(at, "media", "examples", example, "parts", index, "media", source),
      );
    });
  });
}

/** unbounded-loop and guardrail-unknown: what the loader has found out already. */
export function checkAdvice(pack: Pack, note: NoteAt): void {
  for (const { code, message, pointer } of pack.diagnostics) {
    if (code === "UNBOUNDED_LOOP" || code === "NO_WAY_TO_END") note("unbounded-loop", "medium", message, pointer);
    else if (code === "ENDLESS_AGENT_LOOP") note("unbounded-loop", "high", message, pointer);
    else if (code === "UNKNOWN_GUARDRAIL") note("guardrail-unknown", "low", message, pointer);
  }
}
