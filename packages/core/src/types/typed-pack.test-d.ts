// Calls that the compiler must take, and calls that it must refuse, with the words that it must say: typed-pack.test.ts reads
// them, for packs of every origin. Nothing here ever runs.
import { checkToolArguments, compilePrompt, initialState, type Pack, renderPrompt, transition } from "promptpack";
import type {
  AgentName,
  EventName,
  MetricName,
  PromptToolName,
  ShapeOfPack,
  StateName,
  ToolArguments,
  ToolHandlers,
} from "promptpack/types";
import pack from "../../../../test/types/help-desk.ts";

type Shape = ShapeOfPack<typeof pack>;
type Workflow = NonNullable<typeof pack.data.workflow>;
declare const anyPack: Pack;
declare const workflow: Workflow;
declare function take<Type>(value: Type): void;
const support = compilePrompt(pack, "support");
const triage = compilePrompt(pack, "triage");
const order = pack.tool("find_order");

export function right(): void {
  renderPrompt(support, { company: "Acme" });
  renderPrompt(support, {
    company: "Acme",
    plan: "plus",
    seats: 2,
    vip: true,
    address: { city: "Oslo" },
    labels: ["a", 1],
    level: 2,
  });
  renderPrompt(support, { company: "Acme" }, { user: "Hello", missing: "empty" });
  renderPrompt(triage);
  renderPrompt(triage, {});
  take<string | undefined>(pack.prompt("triage").system_template);
  take<string | undefined>(pack.findPrompt("anything at all")?.name);
  take<readonly string[]>(pack.toolsFor("support").map(({ name }) => name));
  const args = checkToolArguments(order, "{}").arguments;
  take<string | undefined>(args?.number);
  take<number | undefined>(args?.range?.from);
  take<"me" | number | undefined>(args?.by);
  take<readonly (string | null)[] | undefined>(args?.tags);
  const [next] = transition(workflow, initialState(workflow), { type: "event", by: "host", event: "Assigned" });
  transition(workflow, next, { type: "reply", text: "Hello" });
  take<boolean>(next.state === "open");
  initialState(workflow, { state: "working", at: 0 });
  take<ToolHandlers<Shape>>({ find_order: ({ number }) => number.trim(), close_case: () => "closed" });
  take<AgentName<Shape>>("triage");
  take<MetricName<Shape>>("tone_score");
  take<StateName<Shape>>("done");
  take<EventName<Shape, "open">>("Dropped");
  take<PromptToolName<Shape, "triage">>("close_case");
  take<Pack>(pack);
  compilePrompt(anyPack, String(1));
  renderPrompt(compilePrompt(anyPack, "main"), { whatever: 1 });
}

export function wrong(): void {
  // @ts-expect-error "suport"; "support"; "triage"
  compilePrompt(pack, "suport");
  // @ts-expect-error "suport"; "support"; "triage"
  pack.prompt("suport");
  // @ts-expect-error "suport"; "support"; "triage"
  pack.toolsFor("suport");
  // @ts-expect-error "find_ordr"; "find_order"; "close_case"
  pack.tool("find_ordr");
  // @ts-expect-error 'string'; "support"
  compilePrompt(pack, String(1));
  // @ts-expect-error Expected 2-3 arguments
  renderPrompt(support);
  // @ts-expect-error 'company' is missing
  renderPrompt(support, {});
  // @ts-expect-error 'company' is missing
  renderPrompt(support, { plan: "free" });
  // @ts-expect-error 'compny'; company
  renderPrompt(support, { compny: "Acme" });
  // @ts-expect-error 'plann'; plan
  renderPrompt(support, { company: "Acme", plann: "free" });
  // @ts-expect-error 'number'; 'string'
  renderPrompt(support, { company: 1 });
  // @ts-expect-error "pro"; "free" | "plus"
  renderPrompt(support, { company: "Acme", plan: "pro" });
  // @ts-expect-error 'string'; 'number'
  renderPrompt(support, { company: "Acme", seats: "two" });
  // @ts-expect-error 'string'; 'boolean
  renderPrompt(support, { company: "Acme", vip: "yes" });
  // @ts-expect-error string[]; [name: string]: unknown
  renderPrompt(support, { company: "Acme", address: ["Oslo"] });
  // @ts-expect-error 'a'; readonly unknown[]
  renderPrompt(support, { company: "Acme", labels: { a: 1 } });
  // @ts-expect-error '3'; 1 | 2
  renderPrompt(support, { company: "Acme", level: 3 });
  // @ts-expect-error 'never'
  renderPrompt(triage, { company: "Acme" });
  // @ts-expect-error mising; missing
  renderPrompt(support, { company: "Acme" }, { mising: "keep" });
  // @ts-expect-error "opened"; "open"; "working"; "done"
  initialState(workflow, { state: "opened" });
  const run = initialState(workflow);
  // @ts-expect-error "Asigned"; "Assigned"
  transition(workflow, run, { type: "event", by: "host", event: "Asigned" });
  // @ts-expect-error "closed"; "open"
  void (run.state === "closed");
  // @ts-expect-error 'nmber'; 'number'
  take<string>(checkToolArguments(order, "{}").arguments!.nmber);
  // @ts-expect-error 'string'; 'number'
  take<number>(checkToolArguments(order, "{}").arguments!.number);
  // @ts-expect-error "mid"; "low"; "high"
  take<ToolArguments<Shape, "find_order">>({ number: "1", urgency: "mid" });
  // @ts-expect-error 'number' is missing
  take<ToolArguments<Shape, "find_order">>({ urgency: "low" });
  // @ts-expect-error 'from' is missing
  take<ToolArguments<Shape, "find_order">>({ number: "1", range: {} });
  // @ts-expect-error 'never'
  take<ToolArguments<Shape, "close_case">>({ number: "1" });
  // @ts-expect-error close_cas; close_case
  take<ToolHandlers<Shape>>({ find_order: () => 1, close_cas: () => 1 });
  // @ts-expect-error 'close_case' is missing
  take<ToolHandlers<Shape>>({ find_order: () => 1 });
  // @ts-expect-error 'nummer'; number: string
  take<ToolHandlers<Shape>>({ find_order: ({ nummer }) => nummer, close_case: () => 1 });
  // @ts-expect-error "sales"; "support"; "triage"
  take<AgentName<Shape>>("sales");
  // @ts-expect-error "tone"; "tone_score"
  take<MetricName<Shape>>("tone");
  // @ts-expect-error "dome"; "done"
  take<StateName<Shape>>("dome");
  // @ts-expect-error "Assigned"; "Solved"
  take<EventName<Shape, "working">>("Assigned");
  // @ts-expect-error "find_order"; "close_case"
  take<PromptToolName<Shape, "triage">>("find_order");
}
