import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTemplate } from "./parse-template.ts";
import { findSyntax, type TemplateSyntax } from "./syntax.ts";

const braces = findSyntax("{{variable}}") as TemplateSyntax;
const dollar = findSyntax("${variable}") as TemplateSyntax;
const exact = findSyntax("{variable}") as TemplateSyntax;

const shown = (text: string, syntax = braces): string[] =>
  parseTemplate(text, syntax).map(
    ({ kind, name, path = [], start, end }) => `${kind} ${[name, ...path].join("/")} ${text.slice(start, end)}`,
  );

describe("parseTemplate", () => {
  it.each([
    ["no tags", []],
    ["{{a}}{{_b1}}", ["path a {{a}}", "path _b1 {{_b1}}"]],
    ["{{ a }}", ["path a {{ a }}"]],
    ["{{a.b-c[0].d}}", ["path a/b-c/0/d {{a.b-c[0].d}}"]],
    [
      "{{fragments.a b}}{{fragment:c}}{{artifacts.d-e}}",
      ["fragment a b {{fragments.a b}}", "fragment c {{fragment:c}}", "artifact d-e {{artifacts.d-e}}"],
    ],
    ["{{{a}}}", ["path a {{a}}"]],
    ["{{a{{b}}}}", ["unclosed  {{", "path b {{b}}"]],
    ["{{a", ["unclosed  {{"]],
    ["{{}}{{ }}", ["empty  {{}}", "empty  {{ }}"]],
    [
      "{{#if a}}{{/if}}{{>p}}{{!c}}{{^n}}{{a|upper}}",
      [
        "block #if a {{#if a}}",
        "block /if {{/if}}",
        "block >p {{>p}}",
        "block !c {{!c}}",
        "block ^n {{^n}}",
        "block a|upper {{a|upper}}",
      ],
    ],
    [
      "{{a-b}}{{1a}}{{a.}}{{a[x]}}{{a b}}",
      ["other a-b {{a-b}}", "other 1a {{1a}}", "other a. {{a.}}", "other a[x] {{a[x]}}", "other a b {{a b}}"],
    ],
    ["} }} {x} ${x}", []],
  ])("reads %j", (text, tags) => {
    expect(shown(text)).toEqual(tags);
  });

  it("knows the dollar syntax with every kind of tag", () => {
    expect(shown("${a.b} {{c}} $d ${} ${ e }", dollar)).toEqual(["path a/b ${a.b}", "empty  ${}", "path e ${ e }"]);
  });

  it("takes only an exact path in single braces, because prompts hold JSON", () => {
    const text = '{"a": {b}, "c": { d }, "e": {f.g[0]}} {#if} {} {fragment:h} {x|y}';
    expect(shown(text, exact)).toEqual(["path b {b}", "path f/g/0 {f.g[0]}", "fragment h {fragment:h}"]);
  });

  it("reports thousands of openings before one close as one fault", { timeout: 2000 }, () => {
    expect(shown(`${"{{a ".repeat(100_000)}{{x}}`).map((tag) => tag.slice(0, 8))).toEqual(["unclosed", "path x {"]);
    expect(parseTemplate("{{".repeat(200_000), braces)).toHaveLength(1);
    expect(parseTemplate(`{{${"a".repeat(1_000_000)}}}`, braces)[0]?.kind).toBe("path");
  });

  it("gives ranges that lie apart, in order, and on the delimiters", () => {
    const text = fc.string({ unit: fc.constantFrom("{", "{{", "$", "}", "}}", "{a}", "{{a.b[0]}}", "a", "#", " ") });
    let closed = 0;
    fc.assert(
      fc.property(text, fc.constantFrom(braces, dollar, exact), (source, syntax) => {
        let last = 0;
        for (const { kind, start, end } of parseTemplate(source, syntax)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(source.startsWith(syntax.open, start)).toBe(true);
          if (kind !== "unclosed") {
            closed++;
            expect(source.slice(start, end).endsWith(syntax.close)).toBe(true);
          }
          last = end;
        }
      }),
      { numRuns: 500 },
    );
    expect(closed).toBeGreaterThan(100);
  });
});
