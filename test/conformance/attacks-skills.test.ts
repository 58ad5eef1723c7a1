import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import { readSkills } from "../../packages/core/src/node/read-skills.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import { collectSkills, type Skill } from "../../packages/core/src/skills/collect-skills.ts";
import { checkSkillRules } from "../../packages/core/src/skills/rules.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir as dir } from "./conformance-dir.ts";

interface Case {
  readonly id: string;
  readonly category: string;
  readonly file: string;
  readonly expected: "rejects" | "safe-result";
  readonly tier: "core" | "control" | "stretch";
  readonly setup?: readonly { writeText?: [string, string]; mkdir?: string; symlink?: [string, string] }[];
}

const cases = attacksFor<Case>("skills");

/** Loads a pack's skills as a host does: the rules, then the files, then the texts. */
async function loadSkills(pack: Pick<PackData, "skills" | "workflow">, root: string): Promise<readonly Skill[]> {
  const { findings, report } = collectFindings();
  checkSkillRules(pack, report);
  const errors = findings.map((finding) => finding.diagnostic).filter((one) => one.severity === "error");
  if (errors.length > 0) throw new PackError(errors);
  return collectSkills(pack.skills, await readSkills(pack.skills, root)).skills;
}

let root = "";
afterEach(() => rm(root, { recursive: true, force: true }));

async function prepare(attack: Case): Promise<void> {
  root = await mkdtemp(join(tmpdir(), "promptpack-attack-"));
  for (const step of attack.setup ?? []) {
    if (step.mkdir !== undefined) await mkdir(join(root, step.mkdir), { recursive: true });
    if (step.symlink !== undefined) await symlink(step.symlink[1], join(root, step.symlink[0]));
    if (step.writeText !== undefined) {
      await mkdir(dirname(join(root, step.writeText[0])), { recursive: true });
      await writeFile(join(root, step.writeText[0]), step.writeText[1]);
    }
  }
}

const title = dir === undefined ? "skill attacks (skipped: PROMPTPACK_CONFORMANCE_DIR is not set)" : "skill attacks";
describe.skipIf(dir === undefined)(title, () => {
  it.each(cases)("$id: $expected", { timeout: 1_000 }, async (attack) => {
    await prepare(attack);
    const pack = JSON.parse(await readFile(join(dir ?? "", "attacks", attack.file), "utf8")) as PackData;
    const loaded = loadSkills(pack, root);
    if (attack.expected === "rejects") await expect(loaded).rejects.toSatisfy((error) => PackError.isInstance(error));
    else expect(await loaded).toHaveLength(pack.skills?.length ?? 0);
    expect(globalThis).not.toHaveProperty("__pwned");
  });
});
