import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../credentials/redactor.ts";
import { generateKeyPair, readPrivateKey, type Signer } from "../sign/private-key.ts";
import { type AuditLog, createAuditLog } from "./audit-log.ts";
import type { AuditEvent } from "./audit-record.ts";
import { verifyAuditLog } from "./verify-audit-log.ts";

const now = (): Date => new Date("2026-11-22T12:00:00Z");
const first: AuditEvent = { event: "load", pack: "help", version: "1.0.0", diagnostics: 2 };
const events: readonly AuditEvent[] = [
  first,
  { event: "verify", pack: "help", version: "1.0.0", ok: false, code: "UNSIGNED" },
  { event: "render", pack: "help", prompt: "main", variables: 3, sha256: "ab".repeat(32) },
  { event: "tool-call", tool: "lookup", decision: "allow", sha256: "cd".repeat(32) },
  { event: "guardrail", guardrail: "banned_words", status: "passed", blocks: false },
];

async function writeLog(act: (log: AuditLog) => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  await act(createAuditLog({ append: (line) => void lines.push(line), now }));
  return lines;
}
const full = (signer?: Signer): Promise<string[]> =>
  writeLog(async (log) => {
    for (const event of events) await log.record(event);
    if (signer !== undefined) await log.checkpoint(signer);
  });
const newSigner = async (): Promise<Signer> => readPrivateKey((await generateKeyPair()).privateKey);

describe("an audit log", () => {
  it("is a chain that verifies, also when it goes on later", async () => {
    const lines = await full();
    const verdict = await verifyAuditLog(lines);
    expect(verdict).toEqual({ ok: true, records: 5, signedRecords: 0, head: JSON.parse(lines[4] ?? "").hash });
    const log = createAuditLog({ append: (line) => void lines.push(line), now, last: lines.at(-1) ?? "" });
    await log.record({
      event: "approve",
      pack: "help",
      version: "1.0.0",
      sha256: "ab".repeat(32),
      reviewer: "ada@example.com",
    });
    expect(await verifyAuditLog(lines, { head: verdict.head })).toMatchObject({ ok: true, records: 6 });
  });

  it("keeps the order of calls that do not wait for each other", async () => {
    const lines = await writeLog((log) => Promise.all(events.map((event) => log.record(event))));
    expect(await verifyAuditLog(lines)).toMatchObject({ ok: true, records: 5 });
    expect(lines.map((line) => JSON.parse(line).entry.event)).toEqual(events.map(({ event }) => event));
  });

  it("goes on from the line before when a write fails", async () => {
    const lines: string[] = [];
    let isFull = true;
    const log = createAuditLog({
      append: (line) => (isFull ? Promise.reject(new Error("disk full")) : void lines.push(line)),
      now,
    });
    await expect(log.record(first)).rejects.toThrow("disk full");
    isFull = false;
    await log.record(first);
    expect(await verifyAuditLog(lines)).toMatchObject({ ok: true, records: 1 });
  });

  it("names the line for every byte that is changed", async () => {
    const lines = await full();
    const position = fc
      .nat({ max: lines.length - 1 })
      .chain((line) =>
        fc.tuple(fc.constant(line), fc.nat({ max: (lines[line] ?? "").length - 1 }), fc.integer({ min: 32, max: 126 })),
      );
    await fc.assert(
      fc.asyncProperty(position, async ([line, at, unit]) => {
        const text = lines[line] ?? "";
        fc.pre(text.charCodeAt(at) !== unit);
        const changed = lines.with(line, text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1));
        const { ok, fault } = await verifyAuditLog(changed);
        expect(ok).toBe(false);
        expect(fault?.line).toBe(line + 1);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ["removed", (lines: string[]) => lines.toSpliced(2, 1), 3, "OUT_OF_ORDER"],
    ["repeated", (lines: string[]) => lines.toSpliced(2, 0, lines[1] ?? ""), 3, "OUT_OF_ORDER"],
    ["moved", (lines: string[]) => [lines[1], lines[0], ...lines.slice(2)] as string[], 1, "OUT_OF_ORDER"],
    ["empty", (lines: string[]) => lines.with(3, ""), 4, "NOT_A_RECORD"],
    [
      "of another log",
      (lines: string[]) => lines.with(3, (lines[3] ?? "").replace(/"prev":"[^"]+"/, `"prev":"${"0".repeat(64)}"`)),
      4,
      "CHAIN_BROKEN",
    ],
    [
      "given a member",
      (lines: string[]) => lines.with(0, (lines[0] ?? "").replace("{", '{"more":1,')),
      1,
      "NOT_A_RECORD",
    ],
    [
      "given a member twice",
      (lines: string[]) => lines.with(0, (lines[0] ?? "").replace("{", '{"seq":0,')),
      1,
      "NOT_A_RECORD",
    ],
  ])("names a line that is %s", async (_, change, line, code) => {
    expect((await verifyAuditLog(change(await full()))).fault).toMatchObject({ line, code });
  });

  it("is found cut by its head, and rewritten by its checkpoints", async () => {
    const [signer, forger] = [await newSigner(), await newSigner()];
    const keys = [signer.publicKey];
    const lines = await full(signer);
    const { head, signedRecords } = await verifyAuditLog(lines, { keys });
    expect(signedRecords).toBe(6);
    expect(await verifyAuditLog(lines.slice(0, 4))).toMatchObject({ ok: true });
    expect((await verifyAuditLog(lines.slice(0, 4), { head })).fault).toMatchObject({ code: "TRUNCATED", line: 5 });
    const rewritten = await full(forger);
    expect((await verifyAuditLog(rewritten, { keys })).fault).toMatchObject({ code: "NOT_SIGNED" });
    const posing = { ...forger, publicKey: signer.publicKey };
    expect((await verifyAuditLog(await full(posing), { keys })).fault).toMatchObject({
      code: "CHECKPOINT_INVALID",
      line: 6,
    });
  });

  it("goes on from what others wrote, and not from a log that was cut or replaced", async () => {
    const lines: string[] = [];
    const open = (): AuditLog =>
      createAuditLog({ append: (line) => void lines.push(line), now, exclusive: (write) => write(lines.at(-1)) });
    const [one, other] = [open(), open()];
    for (const event of events) {
      await one.record(event);
      await other.record(event);
    }
    expect(await verifyAuditLog(lines)).toMatchObject({ ok: true, records: 10 });
    const changed = expect.objectContaining({ name: "VerificationError", code: "AUDIT_LOG_CHANGED" }) as object;
    const before = [...lines];
    for (const attack of [
      () => lines.splice(5), // cut
      () => lines.splice(0), // emptied
      () => lines.splice(9, 1, (lines[9] ?? "").replace(/"hash":"[^"]+"/, `"hash":"${"0".repeat(64)}"`)),
      () => lines.push("not a record"),
    ]) {
      attack();
      await expect(other.record(first)).rejects.toThrow(changed);
      lines.splice(0, Infinity, ...before);
    }
    await other.record(first);
    expect(await verifyAuditLog(lines)).toMatchObject({ ok: true, records: 11 });
  });

  it("holds no content: what is no name becomes a digest, and what is no member a TypeError", async () => {
    const secret = "ghp_WHtP3fS2qHx6kwXoIIXGvOoNZYW2mZp0zVZo";
    const known = "correct-horse-battery";
    const lines: string[] = [];
    const log = createAuditLog({ append: (line) => void lines.push(line), now, redactor: createRedactor([known]) });
    for (const tool of ["my dear customer Ada", secret, known, `a-${known}-b`, "x".repeat(300)])
      await log.record({ event: "tool-call", tool, decision: "deny" });
    for (const line of lines) expect(JSON.parse(line).entry.tool).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(lines.join("")).not.toMatch(/Ada|ghp_|horse/);
    await expect(log.record({ event: "render", pack: "p", prompt: "m", text: "Dear Ada" } as never)).rejects.toThrow(
      TypeError,
    );
    await expect(log.record({ event: "constructor" } as never)).rejects.toThrow(TypeError);
    await expect(log.record({ event: "render", pack: "p", prompt: "m", variables: 1.5 })).rejects.toThrow("count");
    expect(() => createAuditLog({ append: () => {}, now, last: "{}" })).toThrow(TypeError);
  });
});
