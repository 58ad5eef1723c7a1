// The pack that every set of checks uses.
export const pack = {
  id: "smoke",
  name: "Smoke",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    support: {
      id: "support",
      name: "Support",
      version: "1.0.0",
      system_template: "Hello {{name}}, welcome to {{company}}.",
      variables: [
        { name: "name", type: "string", required: true },
        { name: "company", type: "string", required: false, default: "Acme" },
      ],
      tools: ["lookup"],
      validators: [{ type: "banned_words", enabled: true, params: { words: ["secret"] } }],
    },
  },
  tools: {
    lookup: {
      name: "lookup",
      description: "Looks an order up",
      parameters: { type: "object", properties: { id: { type: "string", pattern: "^[a-z]+$" } }, required: ["id"] },
    },
  },
};

export const source = JSON.stringify(pack, null, 2);
