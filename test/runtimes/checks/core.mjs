// Core: what must hold on every runtime. A check throws when it does not hold.
import * as core from "promptpack";
import * as types from "promptpack/types";
import * as fromYaml from "promptpack/yaml";
import * as yaml from "yaml";
import { equal, thrown } from "./expect.mjs";
import { pack, source } from "./pack.mjs";

export const checks = {
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
  "guards an answer of several parts, and gives back what waited with its place": () => {
    const guard = core.createAnswerGuard(core.parsePack(source).prompt("support").validators);
    const steps = [
      guard.push("thought", "reasoning", "so "),
      guard.push("text", "text", "it is sec"),
      guard.pass("call"),
    ];
    equal(steps.flatMap(({ pieces }) => pieces.map(({ place }) => place)).includes("call"), false);
    guard.push("text 2", "text", "ret");
    equal(guard.end().ok, false);
  },
  "types a pack that is written inline, and writes the types of one that is not": () => {
    const typed = core.definePack(pack);
    equal(
      core.renderPrompt(core.compilePrompt(typed, "support"), { name: "Ada" }).system.startsWith("Hello Ada"),
      true,
    );
    const declared = types.packToTypes(typed);
    equal(
      ["name: string", "company?: string", "lookup"].filter((word) => !declared.includes(word)),
      [],
    );
  },
  "reads a pack from YAML": () => {
    equal(core.parsePack(fromYaml.documentFromYaml(yaml.stringify(pack), yaml)).id, "smoke");
  },
};
