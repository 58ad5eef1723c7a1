import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSkills } from "./read-skills.ts";

let root = "";
afterAll(() => rm(root, { recursive: true, force: true }));
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "promptpack-skills-"));
  for (const folder of [
    "pack/skills/a/scripts",
    "pack/skills/deep/b",
    "pack/linked",
    "pack/bare",
    "pack/a/b/c/d/e",
    "outside",
    "package",
  ])
    await mkdir(join(root, folder), { recursive: true });
  for (const file of ["pack/skills/a/SKILL.md", "pack/skills/deep/b/SKILL.md", "outside/SKILL.md", "package/SKILL.md"])
    await writeFile(join(root, file), `text of ${file}`);
  await writeFile(join(root, "pack/skills/a/scripts/run.js"), "process.exit(66)");
  await writeFile(join(root, "package/index.js"), "process.exit(66)");
  await writeFile(join(root, "pack/big.md"), "x".repeat(100));
  await writeFile(join(root, "pack/bad.md"), new Uint8Array([0xff, 0xfe]));
  await symlink(join(root, "outside"), join(root, "pack/link"));
  await symlink(join(root, "outside/SKILL.md"), join(root, "pack/linked/SKILL.md"));
});
const read = (source: string, options = {}) => readSkills([source], join(root, "pack"), options);

describe("reading skills from disk", () => {
  it("gives the SKILL.md files below a source and runs nothing", async () => {
    const files = await read("./skills");
    expect([...files]).toEqual([
      [
        "skills",
        [
          { path: "a/SKILL.md", text: "text of pack/skills/a/SKILL.md" },
          { path: "deep/b/SKILL.md", text: "text of pack/skills/deep/b/SKILL.md" },
        ],
      ],
    ]);
    expect((await read("skills/a/SKILL.md")).get("skills/a/SKILL.md")).toHaveLength(1);
  });

  it("refuses symbolic links anywhere on the way and in the tree", async () => {
    for (const source of ["link", "link/SKILL.md", "linked", "linked/SKILL.md"])
      await expect(read(source), source).rejects.toThrow(/SKILL_UNRESOLVED.*symbolic link/);
  });

  it("refuses what is missing, too deep, too big, no text or no skill", async () => {
    for (const source of ["gone", "bare", "a", "bad.md", "skills/a/scripts/run.js"])
      await expect(read(source), source).rejects.toThrow(/SKILL_UNRESOLVED/);
    await expect(read("big.md", { maxBytes: 99 })).rejects.toThrow(/99 bytes/);
    await expect(read("skills", { maxEntries: 1 })).rejects.toThrow(/1 entries/);
  });

  it("reads a package only from the folder that the host names, as data", async () => {
    await expect(read("@acme/evil")).rejects.toThrow(/SKILL_UNRESOLVED/);
    const files = await read("@acme/evil@1.0.0", { packages: { "@acme/evil": join(root, "package") } });
    expect(files.get("@acme/evil@1.0.0")).toEqual([{ path: "SKILL.md", text: "text of package/SKILL.md" }]);
  });

  it("reports every refused source together and skips inline skills", async () => {
    const inline = { name: "n", description: "d", instructions: "i" };
    await expect(readSkills(["../x", "gone", inline, "https://x.example"], root)).rejects.toThrow(
      /UNSAFE_SKILL_PATH.*and 2 more/,
    );
    expect((await readSkills([inline], root)).size).toBe(0);
  });
});
