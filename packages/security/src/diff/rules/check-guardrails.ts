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
  const { validators = [] } = now;
  const [byId, byType] = (["id", "type"] as const).map((key) => placesBy(key, validators));
  const taken = new Set<number>();
  (old.validators ?? []).forEach((validator, oldIndex) => {
    const place = takeNext(validator.id === undefined ? byType?.get(validator.type) : byId?.get(validator.id), taken);
    const other = place === undefined ? undefined : validators[place];
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

/** Returns where guardrails of each id or type stand, the first place last. */
function placesBy(key: "id" | "type", validators: readonly Validator[]): Map<string | undefined, number[]> {
  const places = new Map<string | undefined, number[]>();
  for (let index = validators.length - 1; index >= 0; index--) {
    const name = validators[index]?.[key];
    if (places.get(name)?.push(index) === undefined) places.set(name, [index]);
  }
  return places;
}

/** hostile: there may be thousands of one type, so each place is passed once. */
function takeNext(places: number[] = [], taken: Set<number>): number | undefined {
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if (taken.size < taken.add(place).size) return place;
  }
  return undefined;
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
