import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as yaml from "yaml";
import { parsePack, safeParsePack } from "../pack/parse-pack.ts";
import { documentFromYaml, type YamlParser } from "./from-yaml.ts";
import type { DocumentLimits } from "./limits.ts";
import { parseDocument } from "./parse-document.ts";

const parser: YamlParser = yaml;
const read = (text: string, limits?: DocumentLimits) =>
  documentFromYaml(text, parser, limits === undefined ? {} : { limits });
const codes = (text: string, limits?: DocumentLimits) => read(text, limits).diagnostics.map(({ code }) => code);

const PACK = `id: harbour
name: Harbour
version: 1.0.0
template_engine: {version: v1, syntax: "{{variable}}"}
prompts:
  berths:
    id: berths
    name: Berths
    version: 1.0.0
    system_template: |
      You assign berths.
      Ask for {{ship}}.
`;

describe("documentFromYaml", () => {
  it("gives a document that parsePack takes", () => {
    const pack = parsePack(documentFromYaml(PACK, parser, { file: "harbour.yaml" }));
    expect(pack.prompt("berths").system_template).toBe("You assign berths.\nAsk for {{ship}}.\n");
    expect(pack.diagnostics).toMatchObject([
      { code: "UNDECLARED_VARIABLE", span: { file: "harbour.yaml", start: { line: 12 } } },
    ]);
  });

  it("reads every JSON text as the value that it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value, null, 1);
        fc.pre(!/[\x7f-\x9f\ufeff\ufffe\uffff]/.test(text));
        expect(read(text).data).toEqual(parseDocument(text).data);
      }),
    );
  });

  it("freezes the value at every depth", () => {
    const data = read("a: [{b: 1}]").data as { a: [object] };
    expect([data, data.a, data.a[0]].every(Object.isFrozen)).toBe(true);
  });

  it("keeps text that looks like a number only in quotes", () => {
    expect(read('a: "1.10"\nb: 1.10\nc: 0x10\nd: 0o17\ne: ~\nf:').data).toEqual({
      a: "1.10",
      b: 1.1,
      c: 16,
      d: 15,
      e: null,
      f: null,
    });
  });

  it.each([
    ["a tag", "a: !!js/function 'x'"],
    ["a tag of a collection", "a: !thing {b: 1}"],
    ["a tag of a key", "!!str a: 1"],
    ["a number as a key", "1: a"],
    ["null as a key", "~: a"],
    ["a collection as a key", "? [a]\n: 1"],
    ["an alias as a key", "a: &k x\n*k : 1"],
    ["a merge key", "a: &a {b: 1}\n<<: *a"],
    ["a second document", "a: 1\n---\nb: 2"],
    ["another version of YAML", "%YAML 1.1\n---\na: 1"],
    ["an alias inside its own anchor", "a: &m {self: *m}"],
  ])("refuses %s, with UNSUPPORTED_YAML", (_, text) => {
    const { data, diagnostics } = read(text);
    expect(data).toBeUndefined();
    expect(diagnostics).toEqual([expect.objectContaining({ code: "UNSUPPORTED_YAML", span: expect.anything() })]);
  });

  it.each(["a: [", "a: 'b", "\tx: 1", "a: b: c", "a: *nothing", "", "# only a comment", "a: &x &y 1"])(
    "refuses %j, which is not YAML or nothing",
    (text) => {
      expect(codes(text)).toEqual([expect.stringMatching(/^(INVALID|UNSUPPORTED)_YAML$/)]);
    },
  );

  it("refuses duplicate keys and shows the first", () => {
    const { diagnostics } = read('a: 1\n"\\x61": 2');
    expect(diagnostics).toMatchObject([
      {
        code: "DUPLICATE_KEY",
        pointer: "/a",
        span: { start: { line: 2 } },
        related: [{ span: { start: { line: 1 } } }],
      },
    ]);
  });

  it("refuses what no JSON number holds", () => {
    expect(codes("a: .inf\nb: .nan\nc: -.Inf\nd: 12345678901234567890\ne: 0xEFFFFFFFFFFFFFFFF")).toEqual(
      Array(5).fill("INEXACT_NUMBER"),
    );
  });

  it("refuses the key __proto__ and half of a surrogate pair", () => {
    expect(codes("a: {__proto__: 1}")).toEqual(["FORBIDDEN_KEY"]);
    expect(codes('a: "\\ud800"\n"\\ud800": 1')).toEqual(["LONE_SURROGATE", "LONE_SURROGATE"]);
  });

  it("warns of words that YAML 1.1 reads as true or false", () => {
    expect(codes("on: 1\nb: no\n\"off\": 1\nc: 'yes'\nnote: yes please")).toEqual(["AMBIGUOUS_YAML", "AMBIGUOUS_YAML"]);
    expect(read("on: 1").data).toEqual({ on: 1 });
  });

  it("replaces an alias by what it names", () => {
    expect(read("a: &x {b: [1, 2]}\nc: *x\nd: [*x, &y 3, *y]").data).toEqual({
      a: { b: [1, 2] },
      c: { b: [1, 2] },
      d: [{ b: [1, 2] }, 3, 3],
    });
  });

  it("names the anchor that stands last before the alias", () => {
    expect(read("a: &x 1\nb: &y [*x]\nc: &x 2\nd: [*x, *y]").data).toEqual({ a: 1, b: [1], c: 2, d: [2, [1]] });
  });

  it("counts an alias as all that it stands for", () => {
    const laughs = Array.from(
      { length: 30 },
      (_, level) => `l${level}: &l${level} [${level === 0 ? "ha" : `*l${level - 1}, *l${level - 1}`}]`,
    ).join("\n");
    expect(codes(laughs)).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("a: &x [[[1]]]\nb: [*x]", { maxDepth: 4 })).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("a: &x [[1]]\nb: [*x]", { maxDepth: 4 })).toEqual([]);
  });

  it("keeps the limits of JSON", () => {
    expect(codes("a: 1", { maxBytes: 3 })).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("[1, 2, 3]", { maxNodes: 3 })).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("abc: 1", { maxKeyLength: 2 })).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("a: 12345", { maxNumberLength: 4 })).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("a:\n b:\n  c: 1", { maxDepth: 2 })).toEqual(["LIMIT_EXCEEDED"]);
    expect(codes("a:\n b:\n  c: 1", { maxDepth: 3 })).toEqual([]);
  });

  it.each(["[", "{a: ", "- ", "? ", "[[{"])("survives a hundred thousand of %j", (unit) => {
    expect(codes(unit.repeat(100_000))).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("survives lines that nest deeper and deeper", () => {
    expect(codes(Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"))).toEqual([
      "LIMIT_EXCEEDED",
    ]);
  });

  it("does not take brackets inside texts and comments for nesting", () => {
    const text = `a: "${"[".repeat(500)}"\nb: |\n  ${"{".repeat(500)}\nc: x${"[".repeat(500)} # ${"- ".repeat(500)}`;
    expect(codes(text)).toEqual([]);
  });

  it("says nothing of the text when the parser throws", () => {
    const failing: YamlParser = {
      ...yaml,
      parseAllDocuments: () => {
        throw new Error("sk-secret");
      },
    };
    const { data, diagnostics } = documentFromYaml("a: sk-secret", failing);
    expect(data).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: "INVALID_YAML" }]);
    expect(JSON.stringify(diagnostics)).not.toContain("sk-secret");
  });

  it("never quotes the text in a fault", () => {
    for (const text of ["secret-a: [", "!!secret-a x", "secret-a: b: c", "? [secret-a]"])
      expect(JSON.stringify(read(text).diagnostics)).not.toContain("secret-a");
  });

  it("wants the module of the yaml package", () => {
    expect(() => documentFromYaml("a: 1", {} as YamlParser)).toThrow(TypeError);
  });

  it("locates schema faults at the key or the value that is wrong", () => {
    const { diagnostics } = safeParsePack(
      read(
        PACK.replace("name: Berths", "nmae: Berths").replace("version: 1.0.0\n    system", "version: 1\n    system"),
      ),
    );
    const places = diagnostics.map(({ code, span }) => `${code} ${span?.start.line}:${span?.start.column}`);
    expect(places).toEqual(["MISSING_FIELD 6:3", "UNKNOWN_FIELD 8:5", "WRONG_TYPE 9:14"]);
  });
});

describe("places inside a YAML text", () => {
  const styles = [
    "a: plain Word here",
    "a: plain\n  on two\n\n  lines Word",
    "a: 'it''s a Word'",
    "a: 'two\n  lines Word'",
    'a: "tab\\t quote\\" \\u00e9 \\U0001F600 \\x41 Word"',
    'a: "joined \\\n   here Word"',
    'a: "two\n\n  lines Word"',
    "a: |\n  one\n\n    two Word\n",
    "a: |2\n    kept\n  Word\n",
    "a: |+\n\n  one Word\n\n\n",
    "a: >-\n  one\n  two\n\n  three\n    indented\n  Word\n",
    "a: |\r\n  one\r\n  Word\r\n",
  ];

  it.each(styles)("finds a word in %j", (text) => {
    const document = read(text);
    const { a } = document.data as { a: string };
    const start = a.indexOf("Word");
    const span = document.locate("/a", { range: { start, end: start + 4 } });
    expect(text.slice(span?.start.offset, span?.end.offset)).toBe("Word");
  });

  it("points exactly or at the whole scalar, whatever is written", () => {
    const line = fc.stringMatching(/^[a-z'"\\ ]{0,8}x$/);
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 5 }),
        fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL", "BLOCK_FOLDED"),
        fc.nat(),
        (lines, style, at) => {
          const value = lines.join("\n");
          const scalar = new yaml.Scalar(value);
          scalar.type = style as yaml.Scalar.Type;
          const text = new yaml.Document({ a: scalar }).toString({ lineWidth: 12 });
          const document = read(text);
          const decoded = (document.data as { a: string }).a;
          const start = at % decoded.length;
          const span = document.locate("/a", { range: { start, end: start + 1 } });
          const shown = text.slice(span?.start.offset, span?.end.offset);
          const character = decoded[start] as string;
          // an escaped line break stands for nothing and counts to the character before it
          fc.pre(/[a-z]/.test(character));
          expect(shown.replace(/\\\n *$/, "")).toBe(character);
        },
      ),
    );
  });

  it("shows an alias where it stands, and the inside of its text where that is written", () => {
    const text = "a: &x one Word\nb: *x";
    const document = read(text);
    expect(document.locate("/b")?.start.line).toBe(2);
    expect(document.locate("/b", { range: { start: 4, end: 8 } })?.start).toMatchObject({ line: 1, column: 11 });
  });

  it("shows a key, and the object that misses a member", () => {
    const document = read("a:\n  b: 1");
    expect(document.locate("/a/b", { atKey: true })).toMatchObject({
      start: { line: 2, column: 3 },
      end: { column: 4 },
    });
    expect(document.locate("/a/c")?.start).toMatchObject({ line: 1, column: 1 });
  });
});
