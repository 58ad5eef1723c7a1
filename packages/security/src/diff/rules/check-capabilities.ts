import { pointTo } from "../../ground/pointer.ts";
import type { Capabilities, PromptCapabilities } from "../../review/capabilities.ts";
import type { NoteRisk } from "./note.ts";

/** capability-added. */
export function checkCapabilities(before: Capabilities, after: Capabilities, note: NoteRisk): void {
  const added = (severity: "low" | "medium" | "high", about: string, pointer: string): void =>
    note("capability-added", severity, about, pointer);
  const fresh = (kind: "hosts" | "files" | "packages" | "providers" | "compositions"): string[] => {
    const known = new Set(before[kind]);
    return after[kind].filter((name) => !known.has(name));
  };
  for (const host of fresh("hosts")) added("medium", `a new host is named: ${host}`, "");
  for (const file of fresh("files")) added("low", `a new file is named: ${file}`, "");
  for (const name of fresh("packages")) added("high", `a skill comes from elsewhere: ${name}`, "/skills");
  for (const provider of fresh("providers"))
    added("low", `a model provider is asked for: ${provider}`, "/requires/providers");
  for (const name of fresh("compositions")) added("low", `a new composition: ${name}`, pointTo("/compositions", name));
  if (before.workflow === undefined && after.workflow !== undefined)
    added("medium", "a workflow moves between prompts by itself", "/workflow");
  if (after.skills > before.skills)
    added("medium", `there are ${after.skills} skills instead of ${before.skills}`, "/skills");
  const known = new Map(before.prompts.map((prompt) => [prompt.id, prompt]));
  for (const prompt of after.prompts) {
    const old = known.get(prompt.id);
    const at = pointTo("/prompts", prompt.id);
    if (old === undefined) added("low", `a new prompt: ${prompt.id}`, at);
    comparePrompt(old, prompt, at, added);
  }
}

function comparePrompt(
  old: PromptCapabilities | undefined,
  now: PromptCapabilities,
  at: string,
  added: (severity: "low" | "medium" | "high", about: string, pointer: string) => void,
): void {
  const tools = new Set(old?.tools.map(({ name }) => name));
  for (const { name, effect, reversibility } of now.tools) {
    if (tools.has(name)) continue;
    const isStrong = effect === "write" || effect === "external" || reversibility === "irreversible";
    added(isStrong ? "high" : "medium", `the model may call "${name}" now`, pointTo(at, "tools"));
  }
  const agents = new Set(old?.agents);
  for (const agent of now.agents)
    if (!agents.has(agent)) added("medium", `the model may call the agent "${agent}" now`, pointTo(at, "tools"));
  const bindings = new Set(old?.bindings.map(({ kind, field }) => `${kind} ${field}`));
  for (const { kind, field } of now.bindings) {
    if (!bindings.has(`${kind} ${field}`))
      added(
        /^(?:context|session)$/i.test(kind) ? "medium" : "high",
        `a value is taken from the host: ${kind} ${field}`,
        pointTo(at, "variables"),
      );
  }
  for (const type of now.media)
    if (!(old?.media ?? []).includes(type)) added("low", `media are taken: ${type}`, pointTo(at, "media"));
}
