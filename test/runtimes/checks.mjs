// What must hold on every runtime: a list of named checks over the built library, without a test framework.

const pack = {
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
const source = JSON.stringify(pack, null, 2);

/**
 * @param {typeof import("promptpack")} core
 * @param {{ fromYaml?: typeof import("promptpack/yaml"), yaml?: typeof import("yaml") }} [extras]
 * @returns {Record<string, () => unknown>} name to check; a check throws when it does not hold
 */
export const checksOf = (core, { fromYaml, yaml } = {}) => ({
  "parses a pack from bytes": () => {
    equal(core.parsePack(new TextEncoder().encode(source)).id, "smoke");
  },
  "refuses a bad pack with code, line and column": () => {
    const { pack: none, diagnostics } = core.safeParsePack(source.replace('"version": "1.0.0",', '"version": 7,'));
    equal(none, undefined);
    const [first] = diagnostics.filter(({ severity }) => severity === "error");
    equal(
      [first.code, first.pointer, first.span.start.line, first.span.start.column],
      ["WRONG_TYPE", "/version", 4, 14],
    );
  },
  "refuses what is no text": () => {
    equal(core.safeParsePack(new Uint8Array([0x7b, 0xff])).diagnostics[0].code, "INVALID_UTF8");
  },
  "renders a prompt, and never reads a value as template": () => {
    const compiled = core.compilePrompt(core.parsePack(source), "support");
    const { system } = core.renderPrompt(compiled, { name: "{{company}} $& 日本" });
    equal(system, "Hello {{company}} $& 日本, welcome to Acme.");
  },
  "names a missing variable": () => {
    const compiled = core.compilePrompt(core.parsePack(source), "support");
    const error = thrown(() => core.renderPrompt(compiled, {}));
    equal([core.InputError.isInstance(error), error.diagnostics[0].pointer], [true, "/name"]);
  },
  "lets a declared tool call run and refuses others": () => {
    const smoke = core.parsePack(source);
    const state = core.createToolPolicyState(smoke.prompt("support"), smoke.data);
    const decide = (name, args) => core.decideToolCall(state, { id: "1", name, arguments: args });
    equal(decide("lookup", '{"id":"abc"}').allowed, true);
    equal(decide("lookup", '{"id":"ABC"}').reason, "invalid_arguments");
    equal(decide("constructor", "{}").reason, "not_allowed");
  },
  "guards a stream before a banned word is out": () => {
    const guard = core.createStreamGuard(core.parsePack(source).prompt("support").validators);
    const steps = ["the s", "ec", "ret is out"].map((delta) => guard.push(delta));
    const text = [...steps, guard.end()].map((step) => step.text).join("");
    equal([text.includes("secret"), "the secret is out".startsWith(text)], [false, true]);
  },
  "evaluates a hostile pattern in linear time": () => {
    const schema = { type: "string", pattern: "^(a+)+$" };
    equal(core.checkJsonSchema(schema, `${"a".repeat(5000)}!`).length, 1);
  },
  ...(fromYaml === undefined || yaml === undefined
    ? {}
    : {
        "reads a pack from YAML": () => {
          equal(core.parsePack(fromYaml.documentFromYaml(yaml.stringify(pack), yaml)).id, "smoke");
        },
      }),
});

/** Runs the checks and returns what the host program prints: how many held, and what failed. */
export async function runChecks(core, extras) {
  const failures = [];
  let passed = 0;
  for (const [name, check] of Object.entries(checksOf(core, extras))) {
    try {
      await check();
      passed++;
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
    }
  }
  return { passed, failures };
}

function equal(actual, expected) {
  const [found, wanted] = [actual, expected].map((value) => JSON.stringify(value) ?? "undefined");
  if (found !== wanted) throw new Error(`expected ${wanted}, got ${found}`);
}

function thrown(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
