import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkCredentials } from "../credentials/check-credentials.ts";
import { createCredentials } from "../credentials/credentials.ts";
import { evidenceBeside } from "./evidence-beside.ts";
import { fileDate, fileSource } from "./file-source.ts";

const folder = mkdtempSync(join(tmpdir(), "promptpack-security-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("credentials in files", () => {
  it("are read only when nobody else may", async () => {
    const path = join(folder, "key");
    writeFileSync(path, "key-value\n", { mode: 0o600 });
    const { refresh } = createCredentials({ sources: { file: fileSource() } });
    expect((await refresh(`file:${path}`)).reveal()).toBe("key-value");
    chmodSync(path, 0o640);
    await expect(refresh(`file:${path}`)).rejects.toMatchObject({
      code: "CREDENTIAL_EXPOSED",
      message: expect.stringContaining("0640"),
    });
    expect(await fileSource({ allowShared: true })(path)).toBe("key-value");
    await expect(refresh(`file:${folder}/none`)).rejects.toMatchObject({ code: "CREDENTIAL_MISSING" });
    await expect(refresh(`file:${folder}`)).rejects.toMatchObject({ code: "CREDENTIAL_UNREADABLE" });
  });

  it("that are replaced while the program runs are used from the next lookup on", async () => {
    const path = join(folder, "rotated");
    let time = 0;
    const seen: string[] = [];
    writeFileSync(path, "old-key", { mode: 0o600 });
    const { resolve } = createCredentials({
      sources: { file: fileSource() },
      ttl: 10,
      now: () => time,
      onRotate: (name) => seen.push(name),
    });
    expect((await resolve(`file:${path}`)).reveal()).toBe("old-key");
    writeFileSync(path, "new-key");
    time = 10;
    expect((await resolve(`file:${path}`)).reveal()).toBe("new-key");
    expect(seen).toEqual([`file:${path}`]);
  });

  it("are as old as their last change", async () => {
    const path = join(folder, "aged");
    writeFileSync(path, "aged-key", { mode: 0o600 });
    utimesSync(path, new Date("2026-01-01"), new Date("2026-01-01"));
    const plan = { version: 1, maxAgeDays: 90, uses: { main: `file:${path}`, gone: `file:${folder}/none` } } as const;
    const sources = { file: fileSource() };
    const findings = await checkCredentials(plan, { sources, dates: { file: fileDate }, now: new Date("2026-11-22") });
    expect(findings.map(({ code, uses }) => [code, ...uses])).toEqual([
      ["CREDENTIAL_OLD", "main"],
      ["CREDENTIAL_MISSING", "gone"],
    ]);
    expect(await fileDate(join(folder, "none"))).toBeUndefined();
  });

  it("do not hang on a pipe", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", ["-m", "600", path]);
    await expect(fileSource()(path)).rejects.toMatchObject({ code: "CREDENTIAL_UNREADABLE" });
  });
});

describe("signatures beside a pack", () => {
  it("are those with the pack's name, and none is no error", async () => {
    const pack = join(folder, "p.pack.json");
    expect(await evidenceBeside(pack)).toEqual([]);
    writeFileSync(`${pack}.dsse`, "{}");
    expect((await evidenceBeside(pack)).map((bytes) => Buffer.from(bytes).toString())).toEqual(["{}"]);
  });

  it("that are no small regular file are an error, not nothing", async () => {
    const pack = join(folder, "q.pack.json");
    writeFileSync(`${pack}.dsse`, "x".repeat(1024 * 1024 + 1));
    await expect(evidenceBeside(pack)).rejects.toThrow("regular file");
  });
});
