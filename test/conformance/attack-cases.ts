import { conformanceDir, readConformance } from "./conformance-dir.ts";

/** What every case of the catalogue has; each test adds the fields that it reads. */
export interface AttackCase {
  readonly id: string;
  readonly category: string;
  readonly api: string;
  readonly tier: "core" | "control" | "stretch";
  readonly note: string;
  readonly target?: string;
  readonly command?: string;
}

export const allAttacks: readonly AttackCase[] =
  conformanceDir === undefined ? [] : readConformance<{ cases: AttackCase[] }>("attacks", "index.json").cases;

/** Reports of a pack that the catalogue speaks of, which the tests of the review write. */
const REPORTS = ["html", "report-csv", "review-sarif", "inspect"];

const isOf =
  (...categories: readonly string[]) =>
  ({ category }: AttackCase): boolean =>
    categories.includes(category);

/** Which cases `attacks-<name>.test.ts` runs: there is no other way to them, so what no row takes is run nowhere. */
const ROWS = {
  load: isOf("json", "schema", "names", "files", "yaml"),
  // A second pack is registered by loading a folder.
  render: (attack) =>
    isOf("template", "names", "binding", "regex")(attack) && attack.id !== "name-registry-duplicate-id",
  guardrail: ({ target }) => target === "response",
  tool: isOf("tool"),
  media: ({ api }) => api === "media",
  skills: isOf("skills"),
  review: (attack) =>
    isOf("review", "diff")(attack) || (attack.category === "cli-output" && REPORTS.includes(attack.command ?? "")),
  cli: (attack) =>
    isOf("files", "yaml")(attack) ||
    (attack.category === "cli-output" && ["inspect", "validate"].includes(attack.command ?? "")),
  verify: isOf("verify"),
} satisfies Readonly<Record<string, (attack: AttackCase) => boolean>>;

export type AttackRunner = keyof typeof ROWS;
export const attackRunners = Object.keys(ROWS) as readonly AttackRunner[];

/** Returns the cases that a test of that name runs, every one of them. */
export function attacksFor<Case>(runner: AttackRunner): readonly (Case & AttackCase)[] {
  return allAttacks.filter(ROWS[runner]) as readonly unknown[] as readonly (Case & AttackCase)[];
}
