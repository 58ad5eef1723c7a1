import { pointTo } from "../../ground/pointer.ts";
import type { PackData, Prompt } from "../../review/settings/note.ts";
import { compareValues, type ValueChange } from "../compare-values.ts";
import type { NoteRisk } from "./note.ts";

type Validator = NonNullable<Prompt["validators"]>[number];

/** guardrail-weakened. A prompt that is gone takes its guardrails with it; that is no weakening. */
export function checkGuardrails(before: PackData, after: PackData, note: NoteRisk): void {
  for (const [id, old] of Object.entries(before.prompts)) {
    const now = Object.hasOwn(after.prompts, id) ? after.prompts[id] : undefined;
    if (now !== undefined) comparePrompt(old, now, pointTo("/prompts", id, "validators"), note);
  }
}

function comparePrompt(old: Prompt, now: Prompt, at: string, note: NoteRisk): void {
  const left = [...(now.validators ?? [])];
  const places = left.map((_, index) => index);
  (old.validators ?? []).forEach((validator, oldIndex) => {
    const found = left.findIndex((other) =>
      validator.id === undefined ? other.type === validator.type : other.id === validator.id,
    );
    const [other] = found < 0 ? [] : left.splice(found, 1);
    const [place] = found < 0 ? [] : places.splice(found, 1);
    if (validator.enabled === false) return;
    if (other === undefined)
      note("guardrail-weakened", "critical", `the guardrail "${validator.type}" was removed`, pointTo(at, oldIndex));
    else if (other.enabled === false)
      note(
        "guardrail-weakened",
        "critical",
        `the guardrail "${validator.type}" was switched off`,
        pointTo(at, place ?? 0, "enabled"),
      );
    else compareValidator(validator, other, pointTo(at, place ?? 0), note);
  });
}

function compareValidator(old: Validator, now: Validator, at: string, note: NoteRisk): void {
  if (old.type !== now.type)
    note("guardrail-weakened", "high", `the guardrail "${old.type}" became "${now.type}"`, pointTo(at, "type"));
  if (old.fail_on_violation === true && now.fail_on_violation !== true) {
    note(
      "guardrail-weakened",
      "high",
      `the guardrail "${old.type}" no longer asks to block`,
      pointTo(at, "fail_on_violation"),
    );
  }
  for (const change of compareValues(old.params ?? {}, now.params ?? {})) {
    const verdict = judge(change);
    const name = change.pointer.split("/")[1] ?? "";
    if (verdict === "looser")
      note(
        "guardrail-weakened",
        "high",
        `the guardrail "${old.type}" was loosened: ${name}`,
        at + pointTo("", "params") + change.pointer,
      );
    else if (verdict === "unclear")
      note(
        "guardrail-weakened",
        "medium",
        `the guardrail "${old.type}" was changed, and whether it is as strict cannot be told: ${name}`,
        at + pointTo("", "params") + change.pointer,
      );
  }
}

function judge({ kind, pointer, before, after }: ValueChange): "looser" | "tighter" | "unclear" {
  const [, name = ""] = pointer.split("/");
  const isItem = pointer.split("/").length > 2;
  const isAllowed = /allow|except|ignore|exclude/i.test(name);
  if (isItem && kind !== "changed") return (kind === "removed") === isAllowed ? "tighter" : "looser";
  if (/^(?:max|limit)/.test(name))
    return kind === "added" || (kind === "changed" && Number(after) < Number(before)) ? "tighter" : "looser";
  if (name.startsWith("min"))
    return kind === "added" || (kind === "changed" && Number(after) > Number(before)) ? "tighter" : "looser";
  if (name === "match" && after === "substring") return "tighter";
  return kind === "removed" ? "looser" : "unclear";
}
