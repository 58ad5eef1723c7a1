import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import type { TemplatePrompt, TemplateSlice } from "./lint/template-slice.ts";
import { checkTemplateRules } from "./rules.ts";

type Parts = Partial<Omit<TemplateSlice, "template_engine">> & {
  readonly text?: string;
  readonly names?: readonly string[];
  readonly overrides?: TemplatePrompt["model_overrides"];
  readonly engine?: Partial<TemplateSlice["template_engine"]>;
  readonly strict?: boolean;
};

function findingsOf({ text = "Hi", names = [], overrides, engine, strict = false, ...sections }: Parts): string[] {
  const { findings, report } = collectFindings();
  const main: TemplatePrompt = {
    system_template: text,
    variables: names.map((name) => ({ name, required: true })),
    ...(overrides === undefined ? {} : { model_overrides: overrides }),
  };
  const pack = {
    template_engine: { version: "v1", syntax: "{{variable}}", ...engine },
    prompts: { main },
    ...sections,
  };
  checkTemplateRules(pack, report, { strict });
  return findings.map(({ diagnostic: { code, severity, pointer }, range }) => {
    const place = pointer.replace("/prompts/main/", "");
    return `${severity} ${code} ${place}${range === undefined ? "" : ` ${range.start}-${range.end}`}`;
  });
}

describe("checkTemplateRules", () => {
  it.each<[string, Parts]>([
    ["plain", {}],
    ["variables, paths and artifacts", { text: "{{a}} {{b.c[0]}} {{artifacts.x}}", names: ["a", "b"] }],
    ["all dialects", { text: "{{fragments.f}} {{fragment:g}} {{h}}", fragments: { f: "1", g: "2", h: "3" } }],
    ["a variable used only in a fragment", { text: "{{f}}", names: ["a"], fragments: { f: "{{g}}", g: "{{a}}" } }],
    ["a variable used only in an override", { names: ["a"], overrides: { m: { system_template_suffix: "{{a}}" } } }],
    [
      "a fragment that shows the variable of its own name",
      { text: "{{fragments.f}} {{b}}", names: ["b"], fragments: { f: "x" } },
    ],
    [
      "twenty levels",
      {
        text: "{{f0}}",
        fragments: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f${n}`, n < 19 ? `{{f${n + 1}}}` : ""])),
      },
    ],
    [
      "a step's input",
      {
        text: "{{input}}",
        compositions: { c: { steps: [{ kind: "parallel", branches: [{ kind: "prompt", prompt_task: "main" }] }] } },
      },
    ],
    ["a state's context", { text: "{{workflow_context}}", workflow: { states: { s: { prompt_task: "main" } } } }],
  ])("is silent about %s", (_, parts) => {
    expect(findingsOf(parts)).toEqual([]);
  });

  it.each<[string, Parts]>([
    ["error BLOCK_TAG system_template 3-10", { text: "Hi {{#if}}" }],
    ["error EMPTY_TAG system_template 0-4", { text: "{{}}" }],
    ["error UNCLOSED_TAG system_template 3-5", { text: "Hi {{a" }],
    ["warning MALFORMED_TAG system_template 0-7", { text: "{{a-b}}" }],
    ["warning SPACED_TAG system_template 0-7", { text: "{{ a }}{{ a }}", names: ["a"] }],
    ["error UNKNOWN_FRAGMENT system_template 0-15", { text: "{{fragments.f}}" }],
    ["warning BLANK_TEMPLATE system_template", { text: " \n" }],
    ["warning UNDECLARED_VARIABLE system_template 0-5", { text: "{{a}}{{a}}" }],
    ["error UNDECLARED_VARIABLE system_template 0-5", { text: "{{a}}", strict: true }],
    ["warning UNDECLARED_VARIABLE system_template 0-9", { text: "{{input}}" }],
    ["warning UNUSED_VARIABLE variables/0", { names: ["a"] }],
    ["info UNUSED_FRAGMENT /fragments/f", { fragments: { f: "" } }],
    ["warning RESERVED_NAME variables/0/name", { text: "{{artifacts}}", names: ["artifacts"] }],
    ["warning UNKNOWN_ENGINE_VERSION /template_engine/version", { engine: { version: "v2" } }],
    ["error UNSUPPORTED_SYNTAX /template_engine/syntax", { engine: { syntax: "handlebars" } }],
    ["warning OTHER_SYNTAX system_template 1-6", { text: " {{a}}", names: ["a"], engine: { syntax: "${variable}" } }],
    ["warning OTHER_SYNTAX system_template 0-5", { text: "{{a}}", names: ["a"], engine: { syntax: "{variable}" } }],
    [
      "warning UNDECLARED_FEATURE system_template 0-5",
      { text: "{{f}}", fragments: { f: "" }, engine: { features: ["basic_substitution"] } },
    ],
    ["info EMPTY_OVERRIDE model_overrides/m", { overrides: { m: {} } }],
    ["warning EMPTY_REPLACEMENT model_overrides/m/system_template", { overrides: { m: { system_template: "" } } }],
    ["warning BLANK_TEMPLATE model_overrides/m/system_template", { overrides: { m: { system_template: " " } } }],
    [
      "warning IGNORED_AFFIX model_overrides/m/system_template_prefix",
      { overrides: { m: { system_template: "x", system_template_prefix: "y" } } },
    ],
    [
      "warning UNDECLARED_VARIABLE model_overrides/m/system_template 2-7",
      { overrides: { m: { system_template: "x {{a}}" } } },
    ],
    ["warning UNDECLARED_VARIABLE /fragments/f 3-8", { text: "{{f}}", fragments: { f: "Hi {{a}}" } }],
    ["error UNKNOWN_FRAGMENT /fragments/f 0-15", { text: "{{f}}", fragments: { f: "{{fragments.x}}" } }],
    ["error FRAGMENT_CYCLE /fragments/b 0-5", { text: "{{a}}", fragments: { a: "{{b}}", b: "{{a}}" } }],
    ["error FRAGMENT_CONTENT_LOST /fragments/a 0-5", { text: "{{a}}", fragments: { a: "{{a}}" } }],
  ])("reports %s and nothing else", (finding, parts) => {
    expect(findingsOf(parts)).toEqual([finding]);
  });

  it("warns of what no prompt reaches", () => {
    expect(findingsOf({ fragments: { a: "x{{b}}", b: "{{a}}", c: "{{fragments.x}}" } })).toEqual([
      "info UNUSED_FRAGMENT /fragments/a",
      "warning UNREACHED_CYCLE /fragments/a",
      "info UNUSED_FRAGMENT /fragments/b",
      "info UNUSED_FRAGMENT /fragments/c",
      "warning UNKNOWN_FRAGMENT /fragments/c 0-15",
    ]);
  });

  it("knows that a declared variable shadows a fragment, so that this is no cycle", () => {
    const fragments = { company: "You work for {{company}}." };
    expect(findingsOf({ text: "{{fragments.company}}", names: ["company"], fragments })).toEqual([
      "warning NAME_CLASH variables/0/name",
    ]);
  });

  it("finds fragments that grow or nest beyond the limits without expanding them", { timeout: 5000 }, () => {
    const bomb = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`f${n}`, n < 29 ? `{{f${n + 1}}}`.repeat(2) : "x".repeat(64)]),
    );
    expect(findingsOf({ text: "{{f0}}", fragments: bomb })).toEqual(["error OUTPUT_TOO_LARGE /fragments/f0"]);
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, n) => [`f${n}`, n < 19_999 ? `{{f${n + 1}}}` : ""]),
    );
    expect(findingsOf({ text: "{{f0}}", fragments: chain })).toEqual(["error FRAGMENT_TOO_DEEP /fragments/f0"]);
    const big = { f: "x".repeat(3_000_000) };
    expect(findingsOf({ text: "{{f}}{{f}}", fragments: big })).toEqual(["error OUTPUT_TOO_LARGE system_template"]);
  });

  it("stays linear in thousands of names, and says of the first thousand cycles", { timeout: 10_000 }, () => {
    const count = 10_000;
    const many = Array.from({ length: count }, (_, index) => index);
    const names = many.map((index) => `v${index}`);
    const fragments = Object.fromEntries(many.map((index) => [`f${index}`, ""]));
    const text = many.map((index) => `{{v${index}}}`).join("");
    expect(findingsOf({ text, names })).toEqual([]);
    expect(findingsOf({ text, names: names.map((name) => `${name}x`) })).toHaveLength(2 * count);
    expect(findingsOf({ text: text.replaceAll("{{", "{{fragments."), fragments })).toHaveLength(2 * count);
    const ring = Object.fromEntries(many.map((index) => [`f${index}`, `{{f${(index + 1) % count}}}{{f0}}`]));
    const told = findingsOf({ text: "{{f0}}", fragments: ring });
    expect(told).toHaveLength(1002);
    expect(told.at(-1)).toBe("warning LIMIT_EXCEEDED /fragments");
  });

  it("finds out once which prompts are run by steps and states", { timeout: 10_000 }, () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
    const { findings, report } = collectFindings();
    const pack = {
      template_engine: { version: "v1", syntax: "{{variable}}" },
      prompts: Object.fromEntries(many.map((id) => [id, { system_template: "{{input}}{{workflow_context}}" }])),
      compositions: Object.fromEntries(
        many.map((id) => [
          id,
          { steps: [{ kind: "parallel", branches: [{ kind: "prompt", prompt_task: id }, "no step"] }] },
        ]),
      ),
      workflow: {
        states: { direct: { prompt_task: "p0" }, composed: { composition: "p1" }, lost: { composition: "none" } },
      },
    };
    checkTemplateRules(pack, report);
    expect(findings.map(({ diagnostic: { code, pointer } }) => `${code} ${pointer}`)).toEqual(
      many.slice(2).map((id) => `UNDECLARED_VARIABLE /prompts/${id}/system_template`),
    );
  });

  it("gives up on a pack whose variables hide fragments again and again", { timeout: 10_000 }, () => {
    const many = Array.from({ length: 2000 }, (_, index) => index);
    const prompts = many.map((index) => [
      `p${index}`,
      { system_template: "{{f0}}", variables: [{ name: "f1999", required: true }] },
    ]);
    const { findings, report } = collectFindings();
    checkTemplateRules(
      {
        template_engine: { version: "v1", syntax: "{{variable}}" },
        prompts: Object.fromEntries(prompts),
        fragments: Object.fromEntries(many.map((index) => [`f${index}`, `{{f${index + 1}}}`])),
      },
      report,
    );
    expect(findings.some(({ diagnostic: { code } }) => code === "LIMIT_EXCEEDED")).toBe(true);
  });

  it("says when it does not look for every variable, and calls none unused then", { timeout: 10_000 }, () => {
    const many = Array.from({ length: 400 }, (_, index) => index);
    const system_template = many.map((index) => `{{f${index}}}`).join("");
    const prompt = { system_template, variables: [{ name: "last", required: false }] };
    const { findings, report } = collectFindings();
    checkTemplateRules(
      {
        template_engine: { version: "v1", syntax: "{{variable}}" },
        prompts: Object.fromEntries(many.map((index) => [`p${index}`, prompt])),
        fragments: Object.fromEntries(many.map((index) => [`f${index}`, index < 399 ? "{{a.b}}" : "{{last}}"])),
      },
      report,
    );
    const codes = new Set(findings.map(({ diagnostic: { code, pointer } }) => `${code} ${pointer.split("/")[1]}`));
    expect([...codes]).toEqual(["UNDECLARED_VARIABLE fragments", "LIMIT_EXCEEDED fragments"]);
  });

  it("tells conditionals, loops and filters apart when features are declared", () => {
    const texts = { "{{#if a}}": "conditionals", "{{#each a}}": "loops", "{{a|b}}": "filters" };
    for (const [text, feature] of Object.entries(texts)) {
      expect(findingsOf({ text, engine: { features: [feature] } })).toHaveLength(1);
      expect(findingsOf({ text, engine: { features: [] } })).toContain(
        `warning UNDECLARED_FEATURE system_template 0-${text.length}`,
      );
    }
  });

  it("takes the names of the prototype as ordinary names", () => {
    expect(findingsOf({ text: "{{constructor}} {{fragments.toString}}", fragments: {} })).toEqual([
      "warning UNDECLARED_VARIABLE system_template 0-15",
      "error UNKNOWN_FRAGMENT system_template 16-38",
    ]);
  });
});
