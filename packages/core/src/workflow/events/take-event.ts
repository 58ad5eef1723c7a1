import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../../diagnostics/report.ts";
import { didYouMean, listNames } from "../../diagnostics/suggest.ts";
import { getOwn } from "../../json/json.ts";
import { isEnding } from "../../schema/sections/workflow.ts";
import { writeArtifact } from "../artifacts.ts";
import type { PendingEvent, WorkflowEvent } from "../workflow-run.ts";
import { mappedEvent, spokenText } from "./composition-output.ts";
import { type OpenRun, withEntry } from "./open-run.ts";

type EventOf<Type extends WorkflowEvent["type"]> = Extract<WorkflowEvent, { readonly type: Type }>;

/** Takes an event in which findEventFault found nothing; what an artifact cannot hold is refused here. */
export function takeEvent(open: OpenRun, event: WorkflowEvent): Diagnostic | undefined {
  switch (event.type) {
    case "message":
      open.change({ busy: true, runs: 0 });
      open.runState();
      break;
    case "round":
      open.isLate();
      break;
    case "tool_call":
      open.countToolCall();
      break;
    case "set_artifact":
      return setArtifact(open, event);
    case "event":
      fire(open, event);
      break;
    case "reply":
      open.say(event.text);
      settle(open, open.run.pending, "agent");
      break;
    case "composition_output":
      open.say(event.text ?? spokenText(event.output));
      settle(open, mappedEvent(open.state, event.output), "composition");
      break;
    case "stop":
      open.stop();
  }
  return undefined;
}

function setArtifact(open: OpenRun, { name, value }: EventOf<"set_artifact">): Diagnostic | undefined {
  const { artifacts, settings, state } = open.run;
  const declared = open.state.artifacts ?? {};
  const definition = getOwn(declared, name);
  if (definition === undefined) {
    const names = Object.keys(declared);
    const message = `state "${state}" declares no artifact "${name}"; it declares ${listNames(names)}`;
    return createDiagnostic("UNKNOWN_ARTIFACT", "/name", message, didYouMean(name, names));
  }
  const written = writeArtifact(definition, getOwn(artifacts, name), value, settings.maxArtifactLength);
  if ("fault" in written)
    return createDiagnostic("INVALID_ARTIFACT", "/value", `artifact "${name}" is refused: ${written.fault}`);
  open.change({ artifacts: withEntry(artifacts, name, written.value) });
  return undefined;
}

function fire(open: OpenRun, { by, event, context }: EventOf<"event">): void {
  if (open.isLate()) return;
  const fired = { event, ...(context === undefined ? {} : { context }) };
  // A model may change its mind within one reply: the last event counts.
  if (by === "agent") return open.change({ pending: Object.freeze(fired) });
  open.change({ runs: 0 });
  if (!open.enter(fired, "host")) return;
  if (isEnding(open.state) || open.state.orchestration === "composition") open.runState();
  else open.change({ busy: false });
}

/** After the current state did its work: end, go on, or give the turn back. */
function settle(open: OpenRun, pending: PendingEvent | null, by: "agent" | "composition"): void {
  open.change({ pending: null });
  if (isEnding(open.state)) open.end("completed");
  else if (pending === null) open.giveTurn(by === "composition" ? "host" : "user");
  else if (open.enter(pending, by)) {
    if (isEnding(open.state) || keepsTurn(open)) open.runState();
    else open.giveTurn("user");
  }
}

function keepsTurn({ run, state: { control, orchestration } }: OpenRun): boolean {
  const absent = orchestration === "external" ? "user" : run.settings.absentControl;
  return orchestration === "composition" || (control ?? absent) === "agent";
}
