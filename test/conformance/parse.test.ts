import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DiagnosticCode, Severity } from "../../packages/core/src/diagnostics/codes.ts";
import type { Diagnostic } from "../../packages/core/src/diagnostics/diagnostic.ts";
import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { type Pack, parsePack, safeParsePack } from "../../packages/core/src/index.ts";
import { loadPack, loadPacks } from "../../packages/core/src/node.ts";
import { conformanceDir, readConformance } from "./conformance-dir.ts";

interface Finding {
  readonly path: string;
  readonly rule: string;
}
interface Verdict {
  readonly ok: boolean;
  readonly errors?: readonly string[];
  readonly error?: string;
  readonly semantic?: {
    readonly errors?: readonly Finding[];
    readonly warnings?: readonly Finding[];
    readonly absent?: readonly (string | Finding)[];
  };
}
interface Step {
  readonly call: string;
  readonly args: readonly (string | number | object)[];
}
interface Lookup {
  readonly what: string;
  readonly key: string;
  readonly prompt: string;
}
type Input =
  | { readonly op: "parse"; readonly pack?: unknown; readonly text?: string }
  | { readonly op: "parse_file"; readonly path: string }
  | { readonly op: "lookup"; readonly pack: unknown; readonly lookups: readonly Lookup[] }
  | {
      readonly op: "registry";
      readonly packs: readonly unknown[];
      readonly steps: readonly Step[];
      readonly files?: Readonly<Record<string, unknown>>;
    };
interface Vector {
  readonly id: string;
  readonly title: string;
  readonly open?: boolean;
  readonly input: Input;
  readonly expect: (Verdict & { readonly values?: unknown; readonly results?: readonly unknown[] }) | null;
}

/** The collection's name of a rule, our code, and the severity that the rulings give it where that is not the collection's. */
const rules: Readonly<Record<string, readonly [code: DiagnosticCode, severity?: Severity]>> = {
  prompt_id_differs_from_key: ["PROMPT_KEY_MISMATCH"],
  unknown_tool: ["UNDEFINED_TOOL", "warning"], // ruling 4
  default_on_required_variable: ["REQUIRED_WITH_DEFAULT"],
  duplicate_variable: ["DUPLICATE_VARIABLE", "error"], // ruling 3
  duplicate_eval_id: ["DUPLICATE_EVAL"],
  range_min_above_max: ["INVERTED_METRIC_RANGE"],
  format_date: ["WRONG_FORMAT", "error"], // R029: a date is a calendar date, and the official schema says so too
  text_required: ["EMPTY_TEXT_PART"],
  media_required: ["MISSING_MEDIA"],
  media_source_required: ["MISSING_MEDIA_SOURCE"],
  media_type_without_config: ["UNCONFIGURED_MEDIA_TYPE"],
  unknown_state: ["UNKNOWN_STATE"],
  terminal_state_has_transitions: ["TERMINAL_WITH_EVENTS"],
  dead_end_state: ["DEAD_END_STATE"],
  undeclared_artifact: ["UNDECLARED_ARTIFACT"],
  unknown_prompt: ["UNKNOWN_PROMPT"],
  agent_references_itself: ["AGENT_CALLS_ITSELF", "warning"], // the agent is never offered to itself, so nothing fails
  duplicate_skill_name: ["DUPLICATE_SKILL", "error"], // ruling 3
};

/** Rules about a missing field, which we point at the object that misses it. */
const atParent: readonly string[] = ["text_required", "media_required"];

/** What our rulings answer where the collection has no answer, or another one. */
const ruled: Readonly<Record<string, Verdict & { readonly code?: DiagnosticCode }>> = {
  // ruling 2: one byte order mark is accepted with a warning
  "parse-285": { ok: true, code: "BYTE_ORDER_MARK" },
  // ruling 2: duplicate keys are errors
  "parse-289": { ok: false, code: "DUPLICATE_KEY" },
  // ruling 2: so is a key __proto__, anywhere
  "parse-291": { ok: false, code: "FORBIDDEN_KEY" },
};

const vectors =
  conformanceDir === undefined
    ? []
    : readConformance<{ readonly vectors: readonly Vector[] }>("vectors", "parse.json").vectors;

describe.skipIf(conformanceDir === undefined)("vectors of parsing (skipped without PROMPTPACK_CONFORMANCE_DIR)", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "promptpack-parse-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  for (const { id, title, input, expect: expected, open } of vectors) {
    it(`${id}: ${title}`, async () => {
      if (input.op === "parse") {
        const text = input.text ?? JSON.stringify(input.pack);
        const ruling = ruled[id];
        if (open === true) expect(ruling).toBeDefined();
        if (ruling === undefined) checkVerdict(text, expected as Verdict);
        else {
          const { pack, diagnostics } = safeParsePack(text);
          expect(pack !== undefined).toBe(ruling.ok);
          expect(diagnostics.map(({ code }) => code)).toContain(ruling.code);
        }
      } else if (input.op === "parse_file") {
        await expect(loadPack(input.path)).rejects.toMatchObject({
          code: "FILE_UNREADABLE",
          message: expect.stringContaining("no such file"),
        });
      } else if (input.op === "lookup") {
        const pack = parsePack(JSON.stringify(input.pack));
        expect(input.lookups.map((lookup) => lookUp(pack, lookup))).toEqual(expected?.values);
      } else await checkRegistry(id, input, expected?.results ?? [], root);
    });
  }
});

function checkVerdict(text: string, expected: Verdict): void {
  const { diagnostics } = safeParsePack(text);
  if (expected.error !== undefined) {
    expect(expected.error).toBe("invalid_json");
    expect(diagnostics).toEqual([
      expect.objectContaining({ code: "INVALID_JSON", layer: "document", span: expect.anything() }),
    ]);
    return;
  }
  const { errors = [], warnings = [], absent = [] } = expected.semantic ?? {};
  // a date is text to a schema whose formats are notes; ours are checked (R013, R029)
  const lenient = new Set(warnings.filter(({ rule }) => rule === "format_date").map(({ path }) => path));
  const faults = diagnostics.filter(
    ({ layer, severity, pointer }) => layer === "schema" && severity === "error" && !lenient.has(pointer),
  );
  expect(faults.length === 0).toBe(expected.ok);
  const places = new Set(
    faults.flatMap(({ pointer, related = [] }) => [pointer, ...related.map((place) => place.pointer)]),
  );
  expect([...places]).toEqual(expect.arrayContaining([...(expected.errors ?? [])]));
  for (const finding of errors) expect(found(diagnostics)).toContain(named(finding, "error"));
  for (const finding of warnings) expect(found(diagnostics)).toContain(named(finding, "warning"));
  for (const finding of absent) {
    const [code] = rules[typeof finding === "string" ? finding : finding.rule] ?? [];
    expect(code).toBeDefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).not.toContain(code);
  }
}

const found = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);

function named({ rule, path }: Finding, usual: Severity): string {
  const [code, severity = usual] = rules[rule] ?? [];
  if (code === undefined) throw new Error(`no code for the rule ${rule}`);
  return `${severity} ${code} ${atParent.includes(rule) ? path.slice(0, path.lastIndexOf("/")) : path}`;
}

function lookUp(pack: Pack, { what, key, prompt }: Lookup): unknown {
  const orNull = <T>(get: () => T): T | null => {
    try {
      return get();
    } catch (error) {
      if (PackError.isInstance(error)) return null;
      throw error;
    }
  };
  switch (what) {
    case "prompt":
      return orNull(() => pick(pack.prompt(key), "id", "name"));
    case "tool":
      return orNull(() => pick(pack.tool(key), "name", "description"));
    case "prompt_tools":
      return orNull(() => pack.toolsFor(key).map(({ name }) => name)) ?? [];
    case "variable": {
      const variable = pack.prompt(prompt).variables?.find(({ name }) => name === key);
      return variable === undefined
        ? null
        : { type: variable.type, required: variable.required, default: variable.default ?? null };
    }
    case "metadata":
      return { ...pick(pack.data, "id", "name", "version"), prompt_count: Object.keys(pack.data.prompts).length };
    default:
      throw new Error(`no look-up of ${what}`);
  }
}

const pick = <T extends object>(value: T, ...keys: readonly (keyof T)[]): object =>
  Object.fromEntries(keys.map((key) => [key, value[key]]));

/** A registry is a Map of packs by id: the library has none of its own, and its loader never lets one pack hide another. */
async function checkRegistry(
  id: string,
  { packs, steps, files = {} }: Extract<Input, { op: "registry" }>,
  expected: readonly unknown[],
  root: string,
): Promise<void> {
  const registry = new Map<string, Pack>();
  const textOf = (index: unknown): string => JSON.stringify(packs[index as number]);
  const register = (index: unknown): void => {
    const pack = parsePack(textOf(index));
    registry.set(pack.id, pack);
  };
  const results: unknown[] = [];
  for (const { call, args } of steps) {
    const [first, second] = args as [string, string];
    const pack = registry.get(first);
    switch (call) {
      case "register":
      case "register_many":
        args.forEach(register);
        results.push(null);
        break;
      case "get_pack":
        results.push(pack?.id ?? { error: "not_found" });
        break;
      case "get_prompt":
        results.push(pack?.findPrompt(second)?.id ?? { error: "not_found" });
        break;
      case "list_prompts":
        results.push(Object.keys(pack?.data.prompts ?? {}));
        break;
      case "has_pack":
        results.push(pack !== undefined);
        break;
      case "version":
        results.push(pack?.version);
        break;
      case "unregister":
        results.push(registry.delete(first));
        break;
      case "clear":
        registry.clear();
        results.push(null);
        break;
      case "size":
        results.push(registry.size);
        break;
      case "load_file_and_register": {
        const path = join(mkdtempSync(join(root, "file-")), "pack.json");
        writeFileSync(path, textOf(args[0]));
        const loaded = await loadPack(path);
        registry.set(loaded.id, loaded);
        results.push(loaded.id);
        break;
      }
      case "load_dir": {
        const folder = mkdtempSync(join(root, "dir-"));
        for (const [name, content] of Object.entries(files))
          writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
        const failures: string[] = [];
        // ruling 5: nothing bad is skipped silently, and partial results are for who asks for them
        await expect(loadPacks(folder)).rejects.toSatisfy(PackError.isInstance);
        const loaded = await loadPacks(folder, { onError: (path) => failures.push(path) });
        expect(failures).toHaveLength(Object.keys(files).length - loaded.size);
        results.push([...loaded.keys()]);
        break;
      }
      default:
        throw new Error(`no call ${call} in ${id}`);
    }
  }
  expect(results).toEqual(expected);
}
