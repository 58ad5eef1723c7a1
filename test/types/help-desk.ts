import { definePack } from "promptpack";

/** A small pack that has a name, a variable or an argument of every kind that a compiler can know. */
export default definePack({
  id: "help-desk",
  name: "Help Desk",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    support: {
      id: "support",
      name: "Support",
      version: "1.0.0",
      system_template: "{{company}} {{plan}} {{seats}} {{vip}} {{address}} {{labels}} {{level}}",
      variables: [
        { name: "company", type: "string", required: true },
        { name: "plan", type: "string", required: false, validation: { enum: ["free", "plus"] } },
        { name: "seats", type: "number", required: false, default: 1 },
        { name: "vip", type: "boolean", required: false },
        { name: "address", type: "object", required: false },
        { name: "labels", type: "array", required: false },
        { name: "level", type: "number", required: false, validation: { enum: [1, 2] } },
      ],
      tools: ["find_order", "close_case"],
      evals: [
        {
          id: "tone",
          type: "contains",
          trigger: "every_turn",
          params: { patterns: ["x"] },
          metric: { name: "tone_score", type: "gauge" },
        },
      ],
    },
    triage: { id: "triage", name: "Triage", version: "1.0.0", system_template: "Sort.", tools: ["close_case"] },
  },
  tools: {
    find_order: {
      name: "find_order",
      description: "Finds.",
      parameters: {
        type: "object",
        properties: {
          number: { type: "string" },
          urgency: { enum: ["low", "high"] },
          tags: { type: "array", items: { type: ["string", "null"] } },
          range: { type: "object", properties: { from: { type: "integer" } }, required: ["from"] },
          by: { anyOf: [{ const: "me" }, { type: "integer" }] },
        },
        required: ["number"],
      },
    },
    close_case: { name: "close_case", description: "Closes." },
  },
  workflow: {
    version: 1,
    entry: "open",
    states: {
      open: { prompt_task: "triage", on_event: { Assigned: "working", Dropped: "done" } },
      working: { prompt_task: "support", on_event: { Solved: "done" } },
      done: { prompt_task: "triage", terminal: true },
    },
  },
  agents: { entry: "triage", members: { triage: {}, support: {} } },
});
