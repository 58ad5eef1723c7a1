import { pointTo } from "../../ground/pointer.ts";
import type { PackData, Prompt } from "../../review/settings/note.ts";
import type { ValueChange } from "../compare-values.ts";
import type { NoteRisk } from "./note.ts";

const AUTONOMY = ["suggests", "acts_with_approval", "acts_with_oversight", "acts_autonomously"];

/** policy-weakened. */
export function checkPolicies(
  before: PackData,
  after: PackData,
  changes: readonly ValueChange[],
  note: NoteRisk,
): void {
  for (const [id, old] of Object.entries(before.prompts)) {
    const now = Object.hasOwn(after.prompts, id) ? after.prompts[id] : undefined;
    if (now !== undefined) comparePolicy(old, now, pointTo("/prompts", id, "tool_policy"), note);
  }
  for (const change of changes) checkLimit(change, note);
}

function comparePolicy(
  { tool_policy: old = {} }: Prompt,
  { tool_policy: now = {} }: Prompt,
  at: string,
  note: NoteRisk,
): void {
  const kept = new Set(now.blocklist);
  const freed = (old.blocklist ?? []).filter((name) => !kept.has(name));
  if (freed.length > 0)
    note("policy-weakened", "high", `no longer blocked: ${freed.join(", ")}`, pointTo(at, "blocklist"));
  const strength = (choice = "auto"): number => ["none", "auto", "required"].indexOf(choice);
  if (strength(now.tool_choice) > strength(old.tool_choice)) {
    note(
      "policy-weakened",
      old.tool_choice === "none" ? "high" : "medium",
      `tool_choice went from ${old.tool_choice ?? "auto"} to ${now.tool_choice ?? "auto"}`,
      pointTo(at, "tool_choice"),
    );
  }
  for (const [limit, usual] of [
    ["max_rounds", 5],
    ["max_tool_calls_per_turn", 10],
  ] as const) {
    const [was, is] = [old[limit] ?? usual, now[limit] ?? usual];
    if (is > was) note("policy-weakened", "medium", `${limit} went from ${was} to ${is}`, pointTo(at, limit));
  }
}

/** Limits that stand anywhere: of workflows, steps, variables and governance. */
function checkLimit({ kind, pointer, before, after }: ValueChange, note: NoteRisk): void {
  const path = pointer.split("/").slice(1);
  const [section] = path;
  const name = path.at(-1) ?? "";
  const weakened = (severity: "medium" | "high", about: string): void =>
    note("policy-weakened", severity, about, pointer);
  if (pointer.startsWith("/metadata/governance"))
    return checkGovernance({ kind, pointer, before, after }, name, weakened);
  if (section === "workflow" || section === "compositions") {
    const isBudget = pointer.startsWith("/workflow/engine") || name === "budget";
    if (isBudget && kind === "removed") return weakened("high", `the workflow's ${name} is gone`);
    if (name.startsWith("max_") && kind === "removed") return weakened("medium", `the limit ${name} is gone`);
    if (name.startsWith("max_") && kind === "changed" && Number(after) > Number(before))
      return weakened(isBudget ? "high" : "medium", `${name} went from ${String(before)} to ${String(after)}`);
    if (name === "control" && after === "agent")
      weakened("medium", "the agent, and no longer the user, is in control of a state");
    return;
  }
  const rule = path.indexOf("validation");
  if (section !== "prompts" || path[2] !== "variables" || rule < 0) return;
  const isWider =
    kind === "removed"
      ? path.at(-2) !== "enum"
      : name.startsWith("max")
        ? Number(after) > Number(before)
        : name.startsWith("min")
          ? Number(after) < Number(before)
          : kind === "added" && path.at(-2) === "enum";
  if (isWider)
    weakened("medium", `a variable takes more than before: ${path.slice(rule + 1).join(" ") || "validation"}`);
}

function checkGovernance(
  { kind, before, after }: ValueChange,
  name: string,
  weakened: (severity: "medium" | "high", about: string) => void,
): void {
  if (name === "autonomy_level" && AUTONOMY.indexOf(String(after)) > AUTONOMY.indexOf(String(before))) {
    weakened("high", `autonomy went from ${nameOf(before)} to ${nameOf(after)}`);
  } else if (name === "requires_ai_disclosure" && before === true)
    weakened("high", "users need no longer be told that this is a machine");
  else if (kind === "removed") weakened("high", "a declared duty, review or limit of use is gone");
}

const nameOf = (value: unknown): string => (typeof value === "string" ? value : "undeclared");
