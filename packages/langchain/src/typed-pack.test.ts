import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const copy = join(folder, "src", `typed-pack.${process.pid}.test-d.ts`);
const settings =
  "--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --skipLibCheck --module nodenext --target es2023 --lib es2023,dom --types node --allowImportingTsExtensions --pretty false";

afterAll(() => rmSync(copy, { force: true }));

it("refuses wrong calls of a typed pack, each with a message that names what there is", { timeout: 60_000 }, () => {
  const lines = readFileSync(join(folder, "src/typed-pack.test-d.ts"), "utf8").split("\n");
  writeFileSync(copy, lines.map((line) => line.replace("@ts-expect-error", "")).join("\n"));
  const tsc = join(folder, "../../node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, ...settings.split(" "), copy], {
    cwd: folder,
    encoding: "utf8",
  });
  const said = new Map<number, string>();
  for (const report of stdout.split(/\n(?=\S)/)) said.set(Number(/\((\d+),\d+\): error/.exec(report)?.[1]), report);
  const wrong = lines.flatMap((line, index) => {
    const words = /^ +\/\/ @ts-expect-error (.+)$/.exec(line)?.[1];
    return words === undefined ? [] : [{ words: words.match(/"[^"]+"|'[^']+'|[^ |]+/g) ?? [], line: index + 2 }];
  });
  const silent = wrong.flatMap(({ words, line }) => {
    const report = said.get(line) ?? "no error";
    return words.every((word) => report.includes(word))
      ? []
      : [`${lines[line - 1]} needs ${words.join(" ")}: ${report}`];
  });
  expect(silent).toEqual([]);
  expect([...said.keys()]).toEqual(wrong.map(({ line }) => line));
  expect(wrong.length).toBeGreaterThanOrEqual(30);
});
