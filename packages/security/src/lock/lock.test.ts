import { describe, expect, it } from "vitest";
import { checkLock } from "./check-lock.ts";
import { formatLock, type LockFile, parseLock } from "./lock-file.ts";
import { createLock } from "./lock-pack.ts";
import { requireLock } from "./require-lock.ts";

const pack = {
  id: "help",
  name: "Help",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  fragments: { tone: "Be kind." },
  prompts: {
    main: { id: "main", name: "Main", version: "1.0.0", system_template: "{{fragments.tone}}", tools: ["lookup"] },
  },
  tools: {
    lookup: {
      name: "lookup",
      description: "Looks an order up",
      parameters: { type: "object", properties: { id: { type: "string" } } },
      action_scope: { effect: "read" },
    },
  },
};
type Sample = typeof pack;
const bytesOf = (value: unknown, indent?: number): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(value, null, indent));
const changed = (change: (sample: Sample) => void): Uint8Array => {
  const copy = structuredClone(pack);
  change(copy);
  return bytesOf(copy);
};
const lock = await createLock([{ bytes: bytesOf(pack), file: "help.pack.json" }]);
const codesOf = async (bytes: Uint8Array, given: LockFile = lock): Promise<unknown> =>
  requireLock(given)(bytes, "help.pack.json").then(
    () => [],
    (error: { name: string; diagnostics: { code: string; pointer: string }[] }) => [
      error.name,
      ...error.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`.trim()),
    ],
  );

describe("a lock", () => {
  it("is the same text for the same packs, in any order", async () => {
    const other = changed((sample) => (sample.id = "another"));
    const sources = [{ bytes: bytesOf(pack) }, { bytes: other }];
    expect(formatLock(await createLock(sources))).toBe(formatLock(await createLock(sources.toReversed())));
    expect(parseLock(formatLock(lock))).toEqual(lock);
    expect(formatLock(lock)).toMatchInlineSnapshot(`
      "{
        "lockVersion": 1,
        "packs": {
          "help@1.0.0": {
            "file": "help.pack.json",
            "integrity": "${lock.packs["help@1.0.0"]?.integrity}",
            "canonical": "${lock.packs["help@1.0.0"]?.canonical}",
            "prompts": {
              "main": "${lock.packs["help@1.0.0"]?.prompts?.["main"]}"
            },
            "tools": {
              "lookup": "${lock.packs["help@1.0.0"]?.tools?.["lookup"]}"
            },
            "sections": {
              "fragments": "${lock.packs["help@1.0.0"]?.sections?.["fragments"]}",
              "id": "${lock.packs["help@1.0.0"]?.sections?.["id"]}",
              "name": "${lock.packs["help@1.0.0"]?.sections?.["name"]}",
              "template_engine": "${lock.packs["help@1.0.0"]?.sections?.["template_engine"]}",
              "tools/lookup": "${lock.packs["help@1.0.0"]?.sections?.["tools/lookup"]}",
              "version": "${lock.packs["help@1.0.0"]?.sections?.["version"]}"
            }
          }
        }
      }
      "
    `);
  });

  it("is refused for one version of a pack with different bytes", async () => {
    const files = [
      { bytes: bytesOf(pack), file: "a.json" },
      { bytes: bytesOf(pack, 2), file: "b.json" },
    ];
    await expect(createLock(files)).rejects.toThrow("a.json and b.json both hold help@1.0.0");
  });

  it.each([
    ["no JSON", "x"],
    ["a pack twice", '{"lockVersion":1,"packs":{"a@1":{"integrity":"x"},"a@1":{"integrity":"y"}}}'],
    ["a weak digest", '{"lockVersion":1,"packs":{"a@1":{"integrity":"sha1-ryJ+vt/CCNQlNAPR768xNsnTjdE="}}}'],
    ["an unknown member", '{"lockVersion":1,"packs":{},"extra":1}'],
    ["a prototype", '{"lockVersion":1,"packs":{"__proto__":{}}}'],
  ])("is refused with LOCK_INVALID: %s", (_, source) => {
    expect(() => parseLock(source)).toThrow(
      expect.objectContaining({ code: "LOCK_INVALID", name: "VerificationError" }),
    );
  });
});

describe("requireLock", () => {
  it("lets the locked bytes in and nothing else", async () => {
    expect(await codesOf(bytesOf(pack))).toEqual([]);
    expect(await codesOf(bytesOf(pack, 2))).toEqual(["VerificationError", "DIGEST_MISMATCH"]);
    await requireLock(lock, { compare: "content" })(bytesOf(pack, 2), "help.pack.json");
    const other = changed((sample) => (sample.name = "Other"));
    await expect(requireLock(lock, { compare: "content" })(other, "")).rejects.toThrow("section");
  });

  it("names a changed tool, prompt and section", async () => {
    expect(await codesOf(changed(({ tools }) => (tools.lookup.description += " and mails it")))).toEqual([
      "VerificationError",
      "TOOL_CHANGED /tools/lookup",
      "DIGEST_MISMATCH",
    ]);
    expect(await codesOf(changed(({ prompts }) => (prompts.main.name = "M")))).toEqual([
      "VerificationError",
      "PROMPT_CHANGED /prompts/main",
      "DIGEST_MISMATCH",
    ]);
    expect(await codesOf(changed(({ fragments }) => (fragments.tone = "Be rude.")))).toEqual([
      "VerificationError",
      "SECTION_CHANGED /fragments",
      "DIGEST_MISMATCH",
    ]);
    expect(await codesOf(changed(({ tools }) => (tools.lookup.action_scope.effect = "external")))).toEqual([
      "VerificationError",
      "SECTION_CHANGED /tools/lookup",
      "DIGEST_MISMATCH",
    ]);
    await expect(
      requireLock(lock)(
        changed(({ tools }) => (tools.lookup.description = "Evil")),
        "",
      ),
    ).rejects.toThrow('TOOL_CHANGED: the tool "lookup" was changed');
  });

  it("refuses a pack and a version that are not in the lock, also one named like a member of every object", async () => {
    expect(await codesOf(changed((sample) => (sample.version = "1.0.1")))).toEqual(["PolicyError", "NOT_LOCKED"]);
    expect(await codesOf(changed((sample) => (sample.id = "constructor")))).toEqual(["PolicyError", "NOT_LOCKED"]);
    await expect(
      requireLock(lock)(
        changed((sample) => (sample.version = "1.0.1")),
        "",
      ),
    ).rejects.toThrow("the lock has help@1.0.0");
  });
});

describe("checkLock", () => {
  it("says what is the same, changed, new and gone", async () => {
    const actual = await createLock([
      { bytes: changed(({ tools }) => (tools.lookup.description = "Evil")) },
      { bytes: changed((sample) => (sample.id = "new")) },
    ]);
    const before = await createLock([
      { bytes: bytesOf(pack), file: "a.json" },
      { bytes: changed((sample) => (sample.id = "gone")) },
    ]);
    expect(
      checkLock(before, actual).map(({ pack: name, state, changes }) => [name, state, changes.map(({ code }) => code)]),
    ).toEqual([
      ["gone@1.0.0", "gone", []],
      ["help@1.0.0", "changed", ["TOOL_CHANGED", "DIGEST_MISMATCH"]],
      ["new@1.0.0", "new", []],
    ]);
    expect(checkLock(lock, lock).map(({ state }) => state)).toEqual(["same"]);
  });
});
