import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackData } from "promptpack/testing";
import { run } from "../../packages/cli/src/run.ts";
import { createTerminal } from "../../packages/cli/src/terminal/terminal.ts";
import { expectNone, formed } from "./canaries.ts";
import { harmless } from "./canary-places.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-canary-"));
  writeFileSync(join(folder, "old.json"), JSON.stringify(buildPackData()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs one command in this process; returns all that it writes. */
async function said(...argv: readonly string[]): Promise<string> {
  let text = "";
  const sink = { write: (part: string) => void (text += part), color: false, isTerminal: true };
  await run(argv, createTerminal(sink, sink));
  return text;
}

/** Reports of a pack, in every format. What is made of a pack for programs (render, types, sbom, git) holds what it holds. */
const REPORTS: readonly (readonly string[])[] = [
  ...["pretty", "json", "sarif", "github", "junit"].map((format) => ["validate", "P", "--format", format]),
  ["inspect", "P"],
  ["inspect", "P", "--json"],
  ...["text", "json", "sarif", "html", "csv"].map((format) => ["review", "P", "--format", format]),
  ...["text", "json", "sarif", "html", "markdown"].map((format) => ["diff", "O", "P", "--format", format]),
  ...["text", "json", "sarif"].map((format) => ["secrets", "P", "--format", format]),
  ["verify", "P", "--key", "O"],
];

/** What somebody types: the canary in the place of every word. */
const TYPED = (canary: string): readonly (readonly string[])[] => [
  [canary],
  ["help", canary],
  ["explain", canary],
  ["validate", canary],
  ["validate", "O", `--${canary}`],
  ["validate", "O", "--format", canary],
  ["validate", "O", "--max-warnings", canary],
  ["render", "O", canary],
  ["render", "O", "main", "--var", canary],
  ["render", "O", "main", "--var", `${canary}=${canary}`],
  ["render", "O", "main", "--vars", canary],
  ["inspect", canary],
  ["diff", "O", canary],
  ["verify", canary, "--key", canary],
  ["secrets", "O", "--allow", canary],
  ["trust", canary],
  ["audit", canary],
  ["lock", canary, "--check"],
];

describe.each(formed)("%s", (kind, canary) => {
  const turn = formed.findIndex(([name]) => name === kind);

  it("is in no report of a command, for packs that hold it and for what is no pack", async () => {
    const mine = harmless.filter((_, index) => index % formed.length === turn).map(({ plant }) => plant(canary));
    const broken = [canary, `{"id": ${JSON.stringify(canary)}, ${JSON.stringify(canary)}: 1}`, `{"a": "${canary}`];
    const packs = [...mine, ...broken];
    const path = join(folder, `${turn}.json`);
    for (const [index, text] of packs.entries()) {
      writeFileSync(path, text);
      // Every report meets every canary and every kind of place, though not each with each.
      const isBroken = index >= mine.length;
      for (const command of REPORTS.filter((_, report) => isBroken || report % 5 === index % 5)) {
        const argv = command.map((word) => (word === "P" ? path : word === "O" ? join(folder, "old.json") : word));
        const text = await said(...argv);
        expect(text).not.toBe("");
        try {
          expectNone(canary, text);
        } catch (error) {
          throw new Error(command.join(" "), { cause: error });
        }
      }
    }
  });

  it("is not repeated to who typed it: as a command, an option, a value, a name or a file", async () => {
    for (const command of TYPED(canary)) {
      const text = await said(...command.map((word) => (word === "O" ? join(folder, "old.json") : word)));
      try {
        expectNone(canary, text);
      } catch (error) {
        throw new Error(command.join(" ").replaceAll(canary, "X"), { cause: error });
      }
    }
  });

  it.skipIf(/[/\n]/.test(canary))("is not in a report that names its file", async () => {
    const path = join(folder, canary, `${canary}.json`);
    mkdirSync(join(folder, canary), { recursive: true });
    for (const text of ["{}", JSON.stringify(buildPackData())]) {
      writeFileSync(path, text);
      for (const command of REPORTS)
        expectNone(canary, await said(...command.map((word) => (word === "P" || word === "O" ? path : word))));
    }
  });
});
