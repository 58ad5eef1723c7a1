import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createAuditLog } from "../audit/audit-log.ts";
import { verifyAuditLog } from "../audit/verify-audit-log.ts";
import { checkCredentials } from "../credentials/check-credentials.ts";
import { createCredentials } from "../credentials/credentials.ts";
import { auditFile } from "./audit-file.ts";
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

describe("an audit log in a file", () => {
  const event = { event: "load", pack: "help", version: "1.0.0" } as const;
  const now = (): Date => new Date("2026-11-22T12:00:00Z");
  const linesOf = (path: string): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);

  it("is one chain, however many programs write it at once", async () => {
    const path = join(folder, "audit.jsonl");
    const writers = Array.from({ length: 4 }, () => createAuditLog({ ...auditFile(path), now }));
    await Promise.all(writers.flatMap((log) => Array.from({ length: 10 }, () => log.record(event))));
    expect(await verifyAuditLog(linesOf(path))).toMatchObject({ ok: true, records: 40 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("is not written while somebody holds its lock, and goes on after that", async () => {
    const path = join(folder, "locked.jsonl");
    const log = createAuditLog({ ...auditFile(path, { wait: 30 }), now });
    writeFileSync(`${path}.lock`, "");
    await expect(log.record(event)).rejects.toThrow("locked.jsonl.lock");
    rmSync(`${path}.lock`);
    await log.record(event);
    expect(linesOf(path)).toHaveLength(1);
  });

  it("is not continued after a cut, after half a line, and not through a link", async () => {
    const path = join(folder, "cut.jsonl");
    const log = createAuditLog({ ...auditFile(path), now });
    for (let count = 0; count < 3; count++) await log.record(event);
    const whole = readFileSync(path, "utf8");
    for (const text of ["", whole.slice(0, whole.indexOf("\n") + 1), whole.slice(0, -1), `${whole}{"seq":`]) {
      writeFileSync(path, text);
      await expect(log.record(event)).rejects.toMatchObject({ code: "AUDIT_LOG_CHANGED" });
    }
    writeFileSync(path, whole);
    symlinkSync(path, join(folder, "link.jsonl"));
    await expect(createAuditLog({ ...auditFile(join(folder, "link.jsonl")), now }).record(event)).rejects.toThrow(
      "ELOOP",
    );
    expect(readFileSync(path, "utf8")).toBe(whole);
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
    await expect(evidenceBeside(pack)).rejects.toMatchObject({ name: "VerificationError", code: "ENVELOPE_INVALID" });
  });
});
