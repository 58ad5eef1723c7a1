import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../../", import.meta.url);
const guide = readFileSync(new URL("docs/migration.md", root), "utf8");
const rows = [...guide.matchAll(/^\| (.+?) \| .+ \| \[(.+)\]\(\.\.\/(.+?)\) \|$/gm)];

describe("the migration guide", () => {
  it("has a test in every row", () => {
    const written = guide.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| old"));
    expect(rows.length).toBe(written.length);
    expect(rows.length).toBeGreaterThan(60);
  });

  for (const [, old, title, file] of rows) {
    it(`names a test that exists for ${old}`, () => {
      const path = new URL(file as string, root);
      expect(existsSync(path)).toBe(true);
      expect(readFileSync(path, "utf8")).toMatch(
        new RegExp(`\\bit\\((["'\`])${title?.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&")}\\1`),
      );
    });
  }
});
