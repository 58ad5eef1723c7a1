import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as yaml from "yaml";
import type { Diagnostic } from "../../packages/core/src/diagnostics/diagnostic.ts";
import { PromptPackError } from "../../packages/core/src/diagnostics/errors.ts";
import { documentFromYaml } from "../../packages/core/src/document/from-yaml.ts";
import { compilePrompt, type Pack, parsePack, renderPrompt } from "../../packages/core/src/index.ts";
import { loadPack, loadPacks } from "../../packages/core/src/node.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir } from "./conformance-dir.ts";

interface Attack {
  readonly id: string;
  readonly category: string;
  readonly expected: "rejects" | "safe-result";
  readonly tier: "core" | "control" | "stretch";
  readonly note: string;
  readonly prompt?: string;
  readonly model?: string;
  readonly second?: unknown;
  readonly format?: "yaml";
  readonly loadPath?: string;
  readonly loadDirectory?: string;
  readonly check?: {
    readonly maxMs?: number;
    readonly mustAccept?: boolean;
    readonly equals?: string;
    readonly equalsField?: readonly [string, unknown];
    readonly errorNotContains?: readonly string[];
    readonly errorMaxLength?: number;
    readonly outputNotContainsFile?: string;
  };
}
interface Materials {
  readonly packBytes: (attack: Attack, folder: string) => Uint8Array;
  readonly variables: (attack: Attack) => Readonly<Record<string, unknown>>;
  readonly setup: (attack: Attack, root: string) => void;
}

/** What the catalogue calls a stretch and our rulings decide otherwise: the attack, and the code of the warning that it gets. */
const warnedInstead: Readonly<Record<string, string>> = {
  // ruling 4: an unknown variable type is a warning
  "schema-variable-unknown-type": "UNKNOWN_VARIABLE_TYPE",
};

describe.skipIf(conformanceDir === undefined)(
  "hostile packs (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  async () => {
    const folder = join(conformanceDir ?? "", "attacks");
    const attacks = attacksFor<Attack>("load");
    const materials =
      conformanceDir === undefined
        ? undefined
        : ((await import(pathToFileURL(join(folder, "materialize.mjs")).href)) as Materials);
    let root = "";
    beforeAll(() => {
      root = mkdtempSync(join(tmpdir(), "promptpack-attacks-"));
    });
    afterAll(() => rmSync(root, { recursive: true, force: true }));

    for (const category of new Set(attacks.map((attack) => attack.category))) {
      describe(category, () => {
        for (const attack of attacks.filter((each) => each.category === category)) {
          it(`${attack.id}: ${attack.note}`, { timeout: (attack.check?.maxMs ?? 1000) * 5 }, async () => {
            if (materials === undefined) throw new TypeError("no materials");
            await checkAttack(attack, materials);
          });
        }
      });
    }

    async function checkAttack(attack: Attack, using: Materials): Promise<void> {
      const {
        check: {
          maxMs = 1000,
          mustAccept,
          equals,
          equalsField,
          errorNotContains = [],
          errorMaxLength,
          outputNotContainsFile,
        } = {},
      } = attack;
      const before = Object.getOwnPropertyNames(Object.prototype);
      const started = performance.now();
      const outcome = await run(attack, using).catch((error: unknown) => error);
      // the machine that runs the tests is slower and busier than the one that the catalogue thinks of
      expect(performance.now() - started).toBeLessThan(maxMs * 4);
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);

      const refusal = outcome instanceof Error ? outcome : undefined;
      if (refusal !== undefined) {
        expect(PromptPackError.isInstance(refusal), String(refusal)).toBe(true);
        expect(refusal.message).not.toMatch(/\p{Cc}/u);
        for (const text of errorNotContains)
          expect(JSON.stringify([refusal.message, (refusal as PromptPackError).diagnostics])).not.toContain(text);
        if (errorMaxLength !== undefined) expect(refusal.message.length).toBeLessThanOrEqual(errorMaxLength);
        if (outputNotContainsFile !== undefined)
          expect(refusal.message).not.toContain(readFileSync(outputNotContainsFile, "utf8").trim());
      }
      const warning = warnedInstead[attack.id];
      if (warning !== undefined)
        expect((outcome as Pack).diagnostics.map(({ code }: Diagnostic) => code)).toContain(warning);
      else if (attack.expected === "rejects") expect(refusal).toBeDefined();
      if (mustAccept === true) expect(refusal).toBeUndefined();
      if (equals !== undefined) expect(outcome).toBe(equals);
      if (equalsField !== undefined) expect((outcome as Pack).data).toHaveProperty(...equalsField);
    }

    async function run(attack: Attack, { packBytes, variables, setup }: Materials): Promise<unknown> {
      const place = mkdtempSync(join(root, "case-"));
      setup(attack, place);
      if (attack.loadDirectory !== undefined) return loadPacks(join(place, attack.loadDirectory));
      if (attack.loadPath !== undefined)
        return loadPack(
          isAbsolute(attack.loadPath) || attack.loadPath.includes(":") ? attack.loadPath : join(place, attack.loadPath),
        );
      const bytes = packBytes(attack, folder);
      if (attack.format === "yaml") return parsePack(documentFromYaml(bytes, yaml));
      if (attack.second !== undefined) {
        setup(
          {
            ...attack,
            setup: [
              { writeText: ["a.json", bytes.toString()] },
              { writeText: ["b.json", JSON.stringify(attack.second)] },
            ],
          } as Attack,
          place,
        );
        return loadPacks(place);
      }
      const pack = parsePack(bytes);
      if (attack.prompt === undefined) return pack;
      const compiled = compilePrompt(pack, attack.prompt, attack.model === undefined ? {} : { model: attack.model });
      return renderPrompt(compiled, variables(attack)).system;
    }
  },
);
