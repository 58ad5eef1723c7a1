import { describe, expect, it } from "vitest";
import { packData } from "../../test/pack-data.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { parseDocument } from "../document/parse-document.ts";
import { parsePack, safeParsePack, validatePack } from "./parse-pack.ts";
import { Pack } from "./pack.ts";

const prompt = packData().prompts["main"];
const textOf = (rest: object = {}, inPrompt: object = {}): string => JSON.stringify(packData(rest, inPrompt));
const show = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
const found = (rest: object = {}, inPrompt: object = {}) => show(safeParsePack(textOf(rest, inPrompt)).diagnostics);

describe("parsePack", () => {
  it("returns a pack whose data is deeply frozen", () => {
    const pack = parsePack(textOf({ tools: { t: { name: "t", description: "d" } } }, { tools: ["t"] }));
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(pack.data)).toBe(true);
    expect(Object.isFrozen(pack)).toBe(true);
    expect([pack.id, pack.version, pack.minimumSpecVersion, pack.diagnostics]).toEqual([
      "test-pack",
      "1.0.0",
      "1.0",
      [],
    ]);
  });

  it("freezes what the strict parser and validatePack return as well", () => {
    for (const { pack } of [safeParsePack(textOf({ metadata: { n: 9007199254740992 } })), validatePack(packData())]) {
      expect(Object.isFrozen(pack?.data.prompts["main"])).toBe(true);
    }
  });

  it("throws one error with every diagnostic, in the order of the text", () => {
    const text = '{"id": 7, "name": "", "extra": 1, "version": "x", "template_engine": {}, "prompts": {}}';
    try {
      parsePack(text, { file: "p.json" });
      expect.unreachable();
    } catch (error) {
      if (!PackError.isInstance(error)) throw error;
      const offsets = error.diagnostics.map(({ span }) => span?.start.offset ?? -1);
      expect(offsets).toEqual(offsets.toSorted((left, right) => left - right));
      expect(error.diagnostics.map(({ pointer }) => pointer)).toEqual([
        "/id",
        "/name",
        "/extra",
        "/version",
        "/template_engine/version",
        "/template_engine/syntax",
        "/prompts",
      ]);
      expect(error.message).toMatch(/^p\.json:1:8 WRONG_TYPE: .* \(and 6 more\)$/);
    }
  });

  it("takes bytes, text, and a document that is already parsed", () => {
    const text = textOf();
    for (const source of [text, new TextEncoder().encode(text), parseDocument(text)])
      expect(parsePack(source).id).toBe("test-pack");
  });

  it.each([undefined, null, 7, {}, [], new Map()])("says what it reads when it gets %o", (source) => {
    expect(() => parsePack(source as unknown as string)).toThrow(
      new TypeError("the source is text (a string) or bytes (a Uint8Array)"),
    );
  });

  it("says once that a field is missing", () => {
    const compositions = { c: { version: 1, steps: [{ id: "a", prompt_task: "main" }] } };
    const { diagnostics } = safeParsePack(textOf({ compositions }));
    expect(show(diagnostics)).toEqual(["error MISSING_FIELD /compositions/c/steps/0/kind"]);
    expect(diagnostics[0]?.message).toContain('it is one of "prompt"');
  });

  it("names schema faults besides faults of the text, but then no others", () => {
    expect(show(safeParsePack('{"id":"p","id":"q","nmae":1}').diagnostics)).toContain("error UNKNOWN_FIELD /nmae");
    expect(show(safeParsePack('{"id":"p"').diagnostics)).toEqual(["error INVALID_JSON "]);
  });

  it("gives every diagnostic of a text a span", () => {
    const { diagnostics } = safeParsePack(
      textOf(
        {
          $schema: "https://example.com/x",
          workflow: { version: 1, entry: "a", states: { b: { prompt_task: "no" } } },
        },
        { system_template: "Hi {{x}}", tools: ["none"] },
      ),
    );
    expect(diagnostics.length).toBeGreaterThan(4);
    for (const { span, related = [] } of diagnostics)
      expect([span, ...related.map((place) => place.span)]).not.toContain(undefined);
  });

  it("refuses the file and the limits of a document that is made already", () => {
    const document = parseDocument(textOf(), { file: "a.json" });
    for (const options of [{ file: "b.json" }, { limits: { maxNodes: 1 } }])
      expect(() => safeParsePack(document, options)).toThrow(new TypeError("a Document has its file and limits"));
  });

  it("softens nothing for a misspelt choice", () => {
    const options = { unknownFields: "warning" } as unknown as { unknownFields: "warn" };
    expect(safeParsePack(textOf({ extra: 1 }), options).pack).toBeUndefined();
  });

  it("refuses a spec version that there is not, and limits that make no sense", () => {
    expect(() => parsePack(textOf(), { spec: "3.0" })).toThrow(
      /^there is no spec version "3\.0"; there are "1\.0", .*"1\.9\.0"$/,
    );
    expect(() => parsePack(textOf(), { spec: 1.4 as unknown as string })).toThrow(
      new TypeError('a spec version is text, such as "1.4"'),
    );
    expect(() => parsePack(textOf(), { limits: { maxDepth: 0 } })).toThrow(TypeError);
  });

  it("checks against the version that the host names", () => {
    expect(safeParsePack(textOf({}, { provider: "default" }), { spec: "1.8" }).pack).toBeUndefined();
    expect(safeParsePack(textOf(), { spec: "1.0" }).pack).toBeDefined();
  });

  it("says of a field that came later with which version", () => {
    const workflow = {
      version: 1,
      entry: "a",
      states: { a: { prompt_task: "main", terminal: true, control: "agent" } },
    };
    const text = textOf({ workflow, compositions: {}, nmae: 1 }, { provider: "default" });
    const hints = (spec: string): string[] =>
      safeParsePack(text, { spec })
        .diagnostics.filter(({ code }) => code === "UNKNOWN_FIELD")
        .map(({ pointer, hint }) => `${pointer}: ${hint}`);
    expect(hints("1.3").toSorted()).toEqual([
      "/compositions: spec 1.5.0 has it",
      '/nmae: did you mean "name"?',
      "/prompts/main/provider: spec 1.9.0 has it",
      "/workflow/states/a/control: spec 1.7.0 has it",
      "/workflow/states/a/terminal: spec 1.4.0 has it",
    ]);
    expect(hints("1.2")).toContain("/workflow: spec 1.3.0 has it");
    expect(hints("1.9")).toContain('/nmae: did you mean "name"?');
  });

  it("turns unknown fields, and nothing else, into warnings when asked", () => {
    const text = textOf({ extra: 1 }, { nmae: 2 });
    expect(safeParsePack(text).pack).toBeUndefined();
    const { pack, diagnostics } = safeParsePack(text, { unknownFields: "warn" });
    expect(pack).toBeDefined();
    expect(show(diagnostics)).toEqual(
      expect.arrayContaining(["warning UNKNOWN_FIELD /extra", "warning UNKNOWN_FIELD /prompts/main/nmae"]),
    );
    expect(safeParsePack(textOf({ extra: 1, id: 1 }), { unknownFields: "warn" }).pack).toBeUndefined();
  });

  it("keeps the caps of the text", () => {
    expect(show(safeParsePack(textOf(), { limits: { maxBytes: 10 } }).diagnostics)).toEqual(["error LIMIT_EXCEEDED "]);
    expect(safeParsePack(textOf(), { limits: { maxDepth: 2 } }).diagnostics).toMatchObject([
      { code: "LIMIT_EXCEEDED" },
    ]);
  });
});

describe("validatePack", () => {
  it("copies the host's object and leaves it alone", () => {
    const data = packData();
    const { pack, diagnostics } = validatePack(data);
    expect(pack?.data).toEqual(data);
    expect(pack?.data).not.toBe(data);
    expect(Object.isFrozen(data.prompts)).toBe(false);
    expect(diagnostics).toEqual([]);
  });

  it("finds what parsePack finds, without spans", () => {
    const data = packData({ extra: 1 }, { tools: 5 });
    const { diagnostics } = validatePack(data);
    expect(show(diagnostics).toSorted()).toEqual(show(safeParsePack(JSON.stringify(data)).diagnostics).toSorted());
    expect(diagnostics.every(({ span }) => span === undefined)).toBe(true);
  });

  it("never runs a getter and never follows a cycle", () => {
    const cycle: Record<string, unknown> = { ...packData({ metadata: {} }) };
    (cycle["metadata"] as Record<string, unknown>)["self"] = cycle;
    expect(show(validatePack(cycle).diagnostics)).toEqual([expect.stringMatching(/^error LIMIT_EXCEEDED /)]);
    const trap = Object.defineProperty(packData(), "name", {
      enumerable: true,
      get: () => {
        throw new Error("ran");
      },
    });
    expect(show(validatePack(trap).diagnostics)).toEqual(["error INVALID_JSON /name"]);
  });

  it("refuses what is no JSON, and what is no pack", () => {
    expect(show(validatePack(new Map()).diagnostics)).toEqual(["error INVALID_JSON "]);
    for (const value of [null, [], "pack", 7, {}]) expect(validatePack(value).pack).toBeUndefined();
    expect(validatePack(undefined).pack).toBeUndefined();
  });
});

describe("Pack", () => {
  const pack = parsePack(textOf({ tools: { find: { name: "find", description: "d" } } }, { tools: ["find"] }));

  it("finds prompts and tools by key", () => {
    expect(pack).toBeInstanceOf(Pack);
    expect([
      pack.prompt("main").id,
      pack.findPrompt("main")?.id,
      pack.tool("find").name,
      pack.toolsFor("main").map(({ name }) => name),
    ]).toEqual(["main", "main", "find", ["find"]]);
  });

  it("lists what there is when a name is unknown", () => {
    expect(() => pack.prompt("mian")).toThrow('the pack has no prompt "mian"; it has "main"');
    expect(() => pack.tool("fnid")).toThrow(
      expect.objectContaining({
        code: "UNKNOWN_TOOL",
        diagnostics: [expect.objectContaining({ hint: 'did you mean "find"?' })],
      }),
    );
    expect(() => pack.toolsFor("x")).toThrow(expect.objectContaining({ code: "UNKNOWN_PROMPT" }));
    // what a program without types may pass
    expect(() => pack.prompt(undefined as unknown as string)).toThrow('the pack has no prompt "undefined"');
    expect(() => pack.prompt("a\u001b[2J\n")).toThrow('the pack has no prompt "a\\u{1B}[2J\\n"');
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "knows no prompt and no tool %s that the pack does not have",
    (name) => {
      expect(pack.findPrompt(name)).toBeUndefined();
      expect(() => pack.prompt(name)).toThrow(PackError);
      expect(() => pack.tool(name)).toThrow(PackError);
    },
  );

  it("has the prompts and tools that really carry such names", () => {
    const named = parsePack(
      JSON.stringify({
        ...packData(),
        prompts: { constructor: { ...prompt, id: "constructor", tools: ["toString"] } },
        tools: { toString: { name: "toString", description: "d" } },
      }),
    );
    expect([named.prompt("constructor").name, named.toolsFor("constructor").length]).toEqual(["main", 1]);
  });
});

describe("rules of the pack as a whole", () => {
  it("accept a pack that keeps to them", () => {
    expect(
      found(
        {
          $schema: "https://promptpack.org/schema/latest/promptpack.schema.json",
          metadata: { cost_estimate: { min_cost_usd: 1, avg_cost_usd: 2, max_cost_usd: 3 } },
        },
        { pipeline: { stages: ["template", "provider"] } },
      ),
    ).toEqual([]);
  });

  it.each([
    ["a key that is not the id", { prompts: { other: prompt } }, {}, "warning PROMPT_KEY_MISMATCH /prompts/other/id"],
    ["one id twice", { prompts: { main: prompt, copy: prompt } }, {}, "warning DUPLICATE_PROMPT_ID /prompts/copy/id"],
    [
      "a variable named __proto__",
      {},
      { system_template: "{{__proto__}}", variables: [{ name: "__proto__", type: "string", required: false }] },
      "error FORBIDDEN_NAME /prompts/main/variables/0/name",
    ],
    [
      "costs that fall",
      { metadata: { cost_estimate: { min_cost_usd: 2, max_cost_usd: 1 } } },
      {},
      "warning INVERTED_COST /metadata/cost_estimate",
    ],
    [
      "an average below the minimum",
      { metadata: { cost_estimate: { min_cost_usd: 2, avg_cost_usd: 1 } } },
      {},
      "warning INVERTED_COST /metadata/cost_estimate",
    ],
    [
      "a pipeline without a provider",
      {},
      { pipeline: { stages: ["template"] } },
      "warning UNUSUAL_PIPELINE /prompts/main/pipeline/stages",
    ],
    [
      "a provider before the template",
      {},
      { pipeline: { stages: ["provider", "template"] } },
      "warning UNUSUAL_PIPELINE /prompts/main/pipeline/stages",
    ],
    ["a foreign $schema", { $schema: "http://169.254.169.254/x" }, {}, "info FOREIGN_SCHEMA /$schema"],
    [
      "a $schema of a version to come",
      { $schema: "https://promptpack.org/schema/v3.1/promptpack.schema.json" },
      {},
      "warning SCHEMA_TOO_NEW /$schema",
    ],
    [
      "a $schema older than what is used",
      { $schema: "https://promptpack.org/schema/v1.1/promptpack.schema.json", evals: [] },
      {},
      "warning SCHEMA_TOO_OLD /$schema",
    ],
  ])("report %s", (_, rest, inPrompt, expected) => {
    expect(found(rest, inPrompt)).toContain(expected);
  });

  it.each([
    "https://promptpack.org/schema/v1/promptpack.schema.json",
    "https://promptpack.org/schema/latest/promptpack.schema.json",
    "https://www.promptpack.org/schema/v1.8.0/promptpack.schema.json",
  ])("take $schema %s for one that has everything that the pack uses", ($schema) => {
    expect(found({ $schema, evals: [] })).toEqual([]);
  });

  it("show what needs the newer version", () => {
    const { diagnostics } = safeParsePack(
      textOf({ $schema: "https://promptpack.org/schema/v1.0/promptpack.schema.json", evals: [] }),
    );
    expect(diagnostics[0]?.related).toMatchObject([
      { pointer: "/evals", message: "needs spec 1.2.0", span: expect.anything() },
    ]);
  });
});

describe("texts that hide something", () => {
  it.each([
    ["a zero-width space", { description: "a\u200bb" }, {}, "/description"],
    ["a direction override", { fragments: { f: "a\u202eb" } }, {}, "/fragments/f"],
    ["tag characters", { tools: { t: { name: "t", description: "x\u{E0041}" } } }, {}, "/tools/t/description"],
    ["variation selectors that carry data", {}, { system_template: "x\u{E0101}" }, "/prompts/main/system_template"],
    [
      "a soft hyphen in an override",
      {},
      { model_overrides: { m: { system_template_prefix: "a\u00adb" } } },
      "/prompts/main/model_overrides/m/system_template_prefix",
    ],
  ])("are reported for %s", (_, rest, inPrompt, pointer) => {
    expect(found(rest, inPrompt)).toContain(`warning HIDDEN_CHARACTERS ${pointer}`);
  });

  it("are reported at the character", () => {
    const text = textOf({}, { system_template: "Hi\u202e!" });
    const [diagnostic] = safeParsePack(text).diagnostics;
    expect(text.slice(diagnostic?.span?.start.offset, diagnostic?.span?.end.offset)).toBe("\u202e");
  });

  it("are not emoji, accents or other scripts", () => {
    expect(found({}, { system_template: "é 👩‍🚀 ❤️ नमस्ते שלום 日本語 \n\t" })).toEqual([]);
  });

  it.each([
    `sk-proj-${"a1".repeat(20)}`,
    `AKIA${"A1".repeat(8)}`,
    `ghp_${"a1".repeat(18)}`,
    "-----BEGIN RSA PRIVATE KEY-----",
    `AIza${"a".repeat(35)}`,
    `xoxb-${"1".repeat(12)}`,
  ])("are reported for the credential %s, which no message repeats", (secret) => {
    const { diagnostics } = safeParsePack(textOf({}, { system_template: `Use ${secret}.` }));
    expect(show(diagnostics)).toEqual(["warning SECRET_IN_TEXT /prompts/main/system_template"]);
    expect(JSON.stringify(diagnostics)).not.toContain(secret);
  });

  it.each(["sk-short", "AKIA is a prefix", "task-force-one-two-three-four", "ghp_ token"])("are not %s", (text) => {
    expect(found({}, { system_template: text })).toEqual([]);
  });

  it("are read on the way to a refusal too", () => {
    expect(
      found({
        description: "a\u200bb",
        workflow: { version: 1, entry: "none", states: { s: { prompt_task: "main" } } },
      }),
    ).toContain("warning HIDDEN_CHARACTERS /description");
  });
});
