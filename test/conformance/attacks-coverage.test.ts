import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allAttacks, type AttackCase, attackRunners, attacksFor } from "./attack-cases.ts";
import { conformanceDir } from "./conformance-dir.ts";

const sourceOf = (runner: string): string =>
  readFileSync(new URL(`attacks-${runner}.test.ts`, import.meta.url), "utf8");
const countTiers = (cases: readonly AttackCase[]): Record<AttackCase["tier"], number> => {
  const count = (tier: AttackCase["tier"]): number => cases.filter((attack) => attack.tier === tier).length;
  return { core: count("core"), control: count("control"), stretch: count("stretch") };
};

describe.skipIf(conformanceDir === undefined)(
  "the attack catalogue (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    it("has 318 cases with ids of their own", () => {
      expect(countTiers(allAttacks)).toEqual({ core: 285, control: 23, stretch: 10 });
      expect(new Set(allAttacks.map(({ id }) => id)).size).toBe(318);
    });

    it("is run whole: no core, control or stretch case is left to nobody", () => {
      const run = new Set(attackRunners.flatMap((runner) => attacksFor(runner).map(({ id }) => id)));
      expect(allAttacks.filter(({ id }) => !run.has(id)).map(({ id }) => id)).toEqual([]);
    });

    it.each(attackRunners)("is run by attacks-%s.test.ts, which takes its whole row and leaves none out", (runner) => {
      const source = sourceOf(runner);
      expect(source).toMatch(new RegExp(`attacksFor(?:<\\w+>)?\\("${runner}"\\)`));
      expect(source).not.toMatch(
        /index\.json|\.filter\(\s*\(?\{[^}]*\b(?:id|tier|category)\b|it\.(?:skip|todo|only|fails)\b/,
      );
      expect(attacksFor(runner).length).toBeGreaterThan(0);
    });
  },
);
