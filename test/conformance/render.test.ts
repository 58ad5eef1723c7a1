import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PromptPackError } from "../../packages/core/src/diagnostics/errors.ts";
import { compilePrompt } from "../../packages/core/src/prompt/compile-prompt.ts";
import { renderPrompt } from "../../packages/core/src/prompt/render-prompt.ts";
import { parseTemplate } from "../../packages/core/src/template/parse-template.ts";
import { renderTemplate } from "../../packages/core/src/template/render-template.ts";
import { findSyntax, type TemplateSyntax } from "../../packages/core/src/template/syntax.ts";
import { packOf } from "./pack-of.ts";

const dir = process.env["PROMPTPACK_CONFORMANCE_DIR"];

/** The answers of RULINGS.md to the vectors that the sources leave open. */
const decided: Readonly<Record<string, unknown>> = {
  "render-004": { text: 'Cargo: ["salt","tin","wool"]' }, // 12
  "render-011": { text: "Begin: Ahoy, Bo! Over." }, // 8
  "render-022": { names: [] }, // 10
  "render-028": { error: "prompt_not_found", mentions: ["ghost", "main"] }, // ARCHITECTURE: lists the ids there are
  "render-059": { text: "Dock 4 now" }, // 7
  "render-063": { text: "Note:." }, // 10
  "render-064": { text: "Note:." }, // 10
  "render-082": { text: "2" }, // 12
  "render-083": { text: "12345678901234567000" }, // 12
  "render-085": { text: "1e-7" }, // 12
  "render-086": { text: "10000000000000000" }, // 12
  "render-087": { text: "0" }, // 12
  "render-089": { text: '{"port":"Århus"}' }, // 12
  "render-090": { text: '{"2":3,"10":2,"b":1}' }, // 12
  "render-091": { text: '[[1,null],true,{"a":false}]' }, // 12
  "render-105": { text: "end" }, // 8
  "render-106": { text: "FROM FRAGMENT" }, // 8
  "render-114": { text: "{{pin}} ${pin}" }, // 9
};

const names: Readonly<Record<string, string>> = {
  UNDEFINED_VARIABLE: "undefined_variable",
  UNKNOWN_PATH: "undefined_variable",
  FRAGMENT_CYCLE: "fragment_cycle",
  MISSING_VARIABLE: "missing_required",
  UNKNOWN_PROMPT: "prompt_not_found",
};

interface Input {
  readonly op: string;
  readonly template: string;
  readonly fragments?: Record<string, string>;
  readonly values?: Record<string, unknown>;
  readonly partial?: Record<string, unknown>;
  readonly strict?: boolean;
  readonly syntax?: string;
  readonly prompt: Record<string, unknown>;
  readonly prompt_key?: string;
  readonly check_mentions?: readonly string[];
}

const compiled = (input: Input) => compilePrompt(packOf(input), input.prompt_key ?? "main");

const ops: Readonly<Record<string, (input: Input) => unknown>> = {
  // the peers' engine takes any values
  render_engine: ({ template, strict, syntax, ...rest }) => ({
    text: renderTemplate(template, {
      ...rest,
      extra: "ignore",
      missing: strict === false ? "keep" : "error",
      ...(syntax === undefined ? {} : { syntax }),
    }),
  }),
  extract: ({ template }) => {
    const tags = parseTemplate(template, findSyntax("{{variable}}") as TemplateSyntax);
    const of = (kind: string) => [...new Set(tags.filter((tag) => tag.kind === kind).map((tag) => tag.name))].sort();
    return { variables: of("path"), fragments: of("fragment") };
  },
  render_prompt: (input) => ({ text: renderPrompt(compiled(input), input.values).system }),
  partial: (input) => ({ text: renderPrompt(compiled(input), { ...input.partial, ...input.values }).system }),
  messages: (input) => {
    const { system, messages } = renderPrompt(compiled(input), input.values);
    return { messages: [{ role: "system", content: system }, ...messages] };
  },
  input_variables: (input) => {
    const { variables, undeclared } = compiled(input);
    const needed = variables.filter((variable) => variable.required && variable.default === undefined);
    return { names: [...needed.map((variable) => variable.name), ...undeclared] };
  },
  unknown_prompt: (input) => compiled(input),
};

function answer(input: Input): unknown {
  try {
    return ops[input.op]?.(input);
  } catch (error) {
    if (!PromptPackError.isInstance(error)) throw error;
    const [first] = error.diagnostics;
    if (first === undefined) throw error;
    const { code, message } = first;
    const quoted = /"(.*?)"/.exec(message)?.[1];
    const about = { undefined_variable: { name: quoted }, missing_required: { variable: quoted } };
    const name = names[code] ?? code;
    return {
      error: name,
      ...(Object.hasOwn(about, name) ? about[name as keyof typeof about] : {}),
      ...(input.check_mentions === undefined
        ? {}
        : { mentions: input.check_mentions.filter((word) => message.includes(word)) }),
    };
  }
}

describe.skipIf(dir === undefined)("render vectors (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  const { vectors } = JSON.parse(
    dir === undefined ? '{"vectors":[]}' : readFileSync(`${dir}/vectors/render.json`, "utf8"),
  );
  for (const { id, title, input, expect: expected, open } of vectors) {
    it(`${id}: ${title}`, () => {
      expect(open === true).toBe(Object.hasOwn(decided, id));
      expect(answer(input)).toEqual(open === true ? decided[id] : expected);
    });
  }
});
