// Packs of any size that look like real ones and have no finding, for the load benchmark.

/** Returns the pretty-printed text of a pack with that many prompts and tools; 2 make about 7.5 KB, 232 about 1 MB. */
export function generatePack(prompts) {
  const names = Array.from({ length: prompts }, (_, index) => index);
  return JSON.stringify(
    {
      $schema: "https://promptpack.org/schema/latest/promptpack.schema.json",
      id: "bench-pack",
      name: "Bench Pack",
      version: "1.4.2",
      description: "A pack that is only there to be loaded.",
      template_engine: { version: "v1", syntax: "{{variable}}", features: ["basic_substitution", "fragments"] },
      prompts: Object.fromEntries(names.map((index) => [`desk_${index}`, prompt(index)])),
      fragments: {
        tone: "Be brief and friendly. Say so when you do not know something, and never invent an order number.",
        signature: "Close with the name of {{company}} and nothing else.",
      },
      tools: Object.fromEntries(names.map((index) => [`find_order_${index}`, tool(index)])),
      evals: [
        {
          id: "polite",
          type: "contains",
          trigger: "every_turn",
          params: { patterns: ["please"] },
          metric: { name: "bench_polite", type: "boolean" },
        },
      ],
    },
    null,
    2,
  );
}

function prompt(index) {
  const variable = (name, required, extra) => ({
    name,
    type: "string",
    required,
    description: `What the desk knows as ${name}.`,
    ...extra,
  });
  return {
    id: `desk_${index}`,
    name: `Desk ${index}`,
    description: `Answers customers of desk ${index} about their orders.`,
    version: "1.0.0",
    system_template: [
      `You work at desk ${index} of {{company}} and answer {{customer}}.`,
      ...Array.from(
        { length: 12 },
        (_, line) => `Rule ${line}: look an order up before you speak about it, and quote "its state" as it stands.`,
      ),
      "The customer writes in {{language}}; answer in that language. Their plan is {{plan}}.",
      "{{fragments.tone}}",
      "{{fragments.signature}}",
    ].join("\n"),
    variables: [
      variable("company", true, { validation: { min_length: 1, max_length: 100 } }),
      variable("customer", true, { example: "Ada" }),
      variable("language", false, { default: "en", validation: { pattern: "^[a-z]{2}$" } }),
      variable("plan", false, { default: "basic", validation: { enum: ["basic", "plus", "pro"] } }),
    ],
    tools: [`find_order_${index}`],
    tool_policy: { tool_choice: "auto", max_rounds: 3, max_tool_calls_per_turn: 6 },
    parameters: { temperature: 0.3, max_tokens: 800, top_p: 0.95 },
    validators: [
      { type: "banned_words", enabled: true, params: { words: ["guarantee", "lawsuit", "refund today"] } },
      { type: "max_length", enabled: true, params: { max_characters: 2000 } },
    ],
    tested_models: [{ provider: "acme", model: "north-1", date: "2026-03-01", success_rate: 0.97 }],
    model_overrides: { "north-1": { system_template_prefix: "Think first.\n", parameters: { temperature: 0.1 } } },
  };
}

function tool(index) {
  return {
    name: `find_order_${index}`,
    description: `Finds an order of desk ${index} by its number.`,
    parameters: {
      type: "object",
      properties: {
        number: { type: "string", description: "The number on the invoice.", pattern: "^[0-9]{6}$" },
        limit: { type: "integer", description: "How many to find at most.", minimum: 1, maximum: 20 },
      },
      required: ["number"],
    },
  };
}
