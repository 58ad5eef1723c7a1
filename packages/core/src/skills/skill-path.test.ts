import fc from "fast-check";
import { posix, win32 } from "node:path";
import { describe, expect, it } from "vitest";
import { findPathFault, isWithin, normalizePath } from "./skill-path.ts";
import { parseSkillSource } from "./skill-source.ts";

describe("skill paths", () => {
  it("refuse every spelling that leads out of the pack", () => {
    const hostile = [
      "..",
      "../x",
      "a/../../x",
      "a/..",
      "/etc",
      "//host/x",
      "\\\\host\\x",
      "a\\..\\x",
      "C:/x",
      "c:x",
      "file:///etc",
      "https://evil.example/x",
      "git+ssh://evil.example/x",
      "git@evil.example:x/y",
      "node:child_process",
      "data:text/plain,x",
      "%2e%2e/x",
      "a%2Fb",
      "a\u0000b",
      "a\nb",
      "~/x",
      "~root",
      ".. /x",
      "a/...",
      "a/b. /c",
      "x".repeat(1025),
    ];
    for (const path of hostile) expect(findPathFault(path), path).toBeDefined();
  });

  it("accept ordinary folders and files", () => {
    for (const path of ["skills", "./skills/", "skills/a-b_c/SKILL.md", ".", "./.skills", "a/100%", "Größe/東京"]) {
      expect(findPathFault(path), path).toBeUndefined();
    }
  });

  it("never resolve to a place outside of the root, on POSIX and on Windows", () => {
    const piece = fc.oneof(
      fc.constantFrom("..", ".", "/", "\\", "C:", "%2e", "~", " ", "a", "\0", "..."),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = pieces.join("");
        if (findPathFault(path) !== undefined) return;
        const normal = normalizePath(path);
        expect(normalizePath(normal)).toBe(normal);
        expect(posix.resolve("/pack", normal)).toSatisfy((full: string) => isWithin(full.slice(1), "pack"));
        expect(win32.resolve("C:\\pack", normal)).toSatisfy(
          (full: string) => full === "C:\\pack" || full.startsWith("C:\\pack\\"),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("tell a folder from one whose name only begins alike", () => {
    expect(isWithin("skills/a", "skills")).toBe(true);
    expect(isWithin("skills-b", "skills")).toBe(false);
    expect(isWithin("anything", ".")).toBe(true);
  });
});

describe("skill sources", () => {
  it("have one normal form for paths, references and inline skills", () => {
    expect(parseSkillSource("./skills//billing/")).toEqual({ kind: "path", path: "skills/billing", preload: false });
    expect(parseSkillSource({ path: "s", preload: true })).toEqual({ kind: "path", path: "s", preload: true });
    expect(parseSkillSource("@acme/billing@1.2.0-rc.1")).toEqual({
      kind: "package",
      name: "@acme/billing",
      version: "1.2.0-rc.1",
      preload: false,
    });
    const skill = { name: "n", description: "d", instructions: "i" };
    expect(parseSkillSource(skill)).toEqual({ kind: "inline", skill });
  });

  it("refuse package references that are no scope and name", () => {
    for (const text of [
      "@../..",
      "@a/..",
      "@a",
      "@a/b/c",
      "@A/b",
      "@a/b@",
      "@a/b@../x",
      "@/b",
      "@a/b@--upload-pack=x",
      `@${"a".repeat(99)}/b`,
    ]) {
      expect(parseSkillSource(text), text).toMatchObject({ kind: "fault", code: "INVALID_SKILL_REFERENCE" });
    }
    expect(parseSkillSource("  ")).toMatchObject({ code: "EMPTY_SKILL_PATH" });
    expect(parseSkillSource({ path: "../x" })).toMatchObject({ code: "UNSAFE_SKILL_PATH" });
  });
});
