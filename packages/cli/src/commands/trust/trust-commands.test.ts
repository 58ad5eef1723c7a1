import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { main, type Outcome, runProgram } from "../../../test/built-program.ts";

const repository = fileURLToPath(new URL("../../../../../", import.meta.url));
const env = { RELEASE_PASSPHRASE: "correct horse battery" };
const pack = "packs/support.pack.json";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-trust-"));
  mkdirSync(join(folder, "packs"));
  cpSync(join(repository, "examples/packs/customer-support.pack.json"), join(folder, pack));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function promptpack(...argv: readonly string[]): Outcome {
  const outcome = runProgram(folder, argv, { env });
  expect(outcome.err).not.toContain("promptpack failed");
  return outcome;
}
const change = (from: string, to: string): void =>
  writeFileSync(join(folder, pack), readFileSync(join(folder, pack), "utf8").replace(from, to));

describe("promptpack lock", () => {
  it("names the tool and the prompt that changed", () => {
    expect(promptpack("lock", "packs").code).toBe(0);
    expect(promptpack("lock", "packs", "--check")).toMatchObject({ code: 0, out: "✔ 1 pack as locked\n" });
    const { tools } = JSON.parse(readFileSync(join(folder, pack), "utf8")) as {
      tools: Record<string, { description: string }>;
    };
    const [[name, { description }] = ["", { description: "" }]] = Object.entries(tools);
    change(description, `${description} Then send it to us.`);
    const { code, out } = promptpack("lock", "packs", "--check");
    expect(code).toBe(1);
    expect(out).toContain(`TOOL_CHANGED  the tool "${name}" was changed`);
    expect(JSON.parse(promptpack("lock", "packs", "--check", "--json").out)).toMatchObject({
      ok: false,
      packs: [{ state: "changed" }],
    });
  });

  it("fails without a lock, without packs and for what is no pack", () => {
    expect(promptpack("lock", "packs", "--check").code).toBe(2);
    expect(promptpack("lock").code).toBe(2);
    change('"id"', '"ID"');
    expect(promptpack("lock", "packs")).toMatchObject({ code: 1, err: expect.stringContaining("UNKNOWN_FIELD") });
  });
});

describe("promptpack keygen, sign, verify and trust", () => {
  it("make keys that only their owner reads, and never overwrite one", () => {
    expect(promptpack("keygen", "k", "--passphrase", "env:RELEASE_PASSPHRASE").out).toMatch(/^SHA256:[\w-]{43}\n$/);
    expect(statSync(join(folder, "k.key")).mode & 0o777).toBe(0o600);
    const before = readFileSync(join(folder, "k.key"), "utf8");
    expect(promptpack("keygen", "k", "--unencrypted").code).toBe(2);
    expect(readFileSync(join(folder, "k.key"), "utf8")).toBe(before);
    expect(promptpack("keygen", "x").code).toBe(2);
    expect(promptpack("keygen", "x", "--passphrase", "not-a-reference")).toMatchObject({
      code: 1,
      err: expect.stringContaining("INLINE_SECRET"),
    });
  });

  it("make both keys or none, and say which file was there", () => {
    writeFileSync(join(folder, "k.pub"), "mine");
    expect(promptpack("keygen", "k", "--unencrypted")).toMatchObject({
      code: 2,
      err: "error: keygen: k.pub: it is there already, and is not overwritten\n",
    });
    expect(existsSync(join(folder, "k.key"))).toBe(false);
    expect(readFileSync(join(folder, "k.pub"), "utf8")).toBe("mine");
  });

  it("name the file that is at fault, once", () => {
    promptpack("keygen", "k", "--unencrypted");
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [["verify", "gone.json", "--key", "k.pub"], "gone.json: no such file"],
      [["verify", pack, "--key", "gone.pub"], "gone.pub: no such file"],
      [["verify", pack, "--key", "k.key"], "k.key: a public key is"],
      [["sign", pack, "--key", "k.pub"], "k.pub: a private key is"],
      [["trust", "add", "k.key"], "k.key: a public key is"],
      [["audit", "verify", pack, "--key", "k.key"], "k.key: a public key is"],
      [["sbom", "gone.json"], "gone.json: no such file"],
      [["credentials", "check", "gone.json"], "gone.json: no such file"],
      [["trust", "list"], "promptpack.trust.json: there is no trust policy"],
      [["trust", "add", "k.pub", "--expires", "soon"], "--expires needs a day such as 2027-12-31"],
      [["sign", pack, "--key", "k.key", "--keyless"], "sign takes --key or --keyless, not both"],
      [["verify", pack, "--key", "k.pub", "--trust", "t.json"], "verify takes --trust or --key, not both"],
    ];
    for (const [argv, message] of wrong) {
      const { code, err } = promptpack(...argv);
      expect(code, argv.join(" ")).toBe(2);
      expect(err).toMatch(new RegExp(`^error: ${message.replaceAll(".", "\\.")}`));
    }
  });

  it("add a second signature, meet a threshold, and lose it with a revoked key", () => {
    promptpack("keygen", "a", "--unencrypted");
    promptpack("keygen", "b", "--unencrypted");
    promptpack("trust", "add", "a.pub", "--name", "a", "--packs", "customer-*");
    promptpack("trust", "add", "b.pub", "--name", "b");
    const policy = join(folder, "promptpack.trust.json");
    writeFileSync(policy, readFileSync(policy, "utf8").replace('"threshold": 1', '"threshold": 2'));
    const verify = (): Outcome => promptpack("verify", pack, "--trust", "promptpack.trust.json");
    expect(verify()).toMatchObject({ code: 1, err: expect.stringContaining("UNSIGNED") });
    promptpack("sign", pack, "--key", "a.key");
    expect(verify()).toMatchObject({ code: 1, err: expect.stringContaining("BELOW_THRESHOLD") });
    promptpack("sign", pack, "--key", "b.key");
    expect(verify()).toMatchObject({ code: 0, out: expect.stringContaining("signed by a, b") });
    expect(promptpack("trust", "revoke", "a", "--reason", "laptop lost").code).toBe(0);
    expect(verify()).toMatchObject({ code: 1, err: expect.stringContaining("KEY_REVOKED") });
    expect(promptpack("trust", "list").out).toContain("revoked: laptop lost");
    expect(promptpack("trust", "revoke", "--file", pack, "--reason", "bad").code).toBe(0);
    expect(verify()).toMatchObject({ code: 1, err: expect.stringContaining("DIGEST_REVOKED") });
  });

  it("refuse changed bytes, a changed lock and a wrong passphrase, each by its code", () => {
    promptpack("keygen", "k", "--passphrase", "env:RELEASE_PASSPHRASE");
    expect(promptpack("sign", pack, "--key", "k.key").err).toContain("needs its passphrase");
    promptpack("sign", pack, "--key", "k.key", "--passphrase", "env:RELEASE_PASSPHRASE");
    promptpack("lock", "packs");
    expect(promptpack("verify", pack, "--key", "k.pub", "--lock", "promptpack.lock")).toMatchObject({ code: 0 });
    change("1.2.0", "1.2.1");
    expect(promptpack("verify", pack, "--key", "k.pub")).toMatchObject({
      code: 1,
      err: expect.stringContaining("DIGEST_MISMATCH"),
    });
    promptpack("sign", pack, "--key", "k.key", "--passphrase", "env:RELEASE_PASSPHRASE");
    expect(promptpack("verify", pack, "--key", "k.pub", "--lock", "promptpack.lock")).toMatchObject({
      code: 1,
      err: expect.stringContaining("NOT_LOCKED"),
    });
    writeFileSync(join(folder, "pass"), "x");
    chmodSync(join(folder, "pass"), 0o644);
    expect(promptpack("sign", pack, "--key", "k.key", "--passphrase", "file:pass").err).toContain("CREDENTIAL_EXPOSED");
  });

  it("ask for what is missing", () => {
    for (const argv of [
      ["verify", pack],
      ["verify"],
      ["sign", pack],
      ["trust"],
      ["trust", "add"],
      ["trust", "revoke", "x"],
      ["audit", "verify"],
      ["sbom"],
      ["keygen"],
    ])
      expect(promptpack(...argv).code, argv.join(" ")).toBe(2);
    expect(promptpack("trust", "revoke", "x", "--reason", "y")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no such key"),
    });
  });
});

describe("promptpack audit verify", () => {
  it("names the broken line", async () => {
    const { createAuditLog } = await import("promptpack-security");
    const lines: string[] = [];
    const log = createAuditLog({ append: (line) => void lines.push(line), now: () => new Date(0) });
    for (let count = 0; count < 4; count++)
      await log.record({ event: "load", pack: "p", version: "1.0.0", diagnostics: count });
    writeFileSync(join(folder, "audit.jsonl"), `${lines.join("\n")}\n`);
    expect(promptpack("audit", "verify", "audit.jsonl")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^✔ 4 records in order; head [0-9a-f]{64}\n$/),
    });
    writeFileSync(
      join(folder, "audit.jsonl"),
      `${lines.with(2, (lines[2] ?? "").replace('"diagnostics":2', '"diagnostics":0')).join("\n")}\n`,
    );
    expect(promptpack("audit", "verify", "audit.jsonl")).toMatchObject({
      code: 1,
      out: expect.stringContaining("line 3: HASH_MISMATCH"),
    });
    expect(promptpack("audit", "verify", "audit.jsonl", "--head", "0".repeat(63)).code).toBe(2);
  });
});

describe("promptpack audit verify, about the end of a log", () => {
  it("warns when nothing shows a cut, and finds it with an anchor", async () => {
    const { createAuditLog } = await import("promptpack-security");
    const lines: string[] = [];
    const log = createAuditLog({ append: (line) => void lines.push(line), now: () => new Date(0) });
    const write = (): void => writeFileSync(join(folder, "audit.jsonl"), lines.map((line) => `${line}\n`).join(""));
    const verify = (...more: readonly string[]): Outcome => promptpack("audit", "verify", "audit.jsonl", ...more);
    for (let count = 0; count < 4; count++) await log.record({ event: "load", pack: "p", version: "1.0.0" });
    write();
    expect(verify()).toMatchObject({ code: 0, err: expect.stringContaining("cut at its end") });
    expect(verify("--anchor", "head").code).toBe(0);
    await log.record({ event: "load", pack: "p", version: "1.0.1" });
    write();
    expect(verify("--anchor", "head")).toMatchObject({ code: 0, err: "" });
    lines.length = 4;
    write();
    expect(verify("--anchor", "head")).toMatchObject({ code: 1, out: expect.stringContaining("TRUNCATED") });
    expect(verify("--anchor", "head").code).toBe(1); // a failure moves no anchor
    expect(verify("--anchor", "head", "--head", "0".repeat(64)).code).toBe(2);
    writeFileSync(join(folder, "head"), "nonsense");
    expect(verify("--anchor", "head").code).toBe(2);
  });
});

describe("promptpack verify --approvals", () => {
  it("lets in what a reviewer who counts has approved, byte for byte", () => {
    promptpack("keygen", "k", "--unencrypted");
    promptpack("sign", pack, "--key", "k.key");
    const verify = (...more: readonly string[]): Outcome =>
      promptpack("verify", pack, "--key", "k.pub", "--approvals", "promptpack.approvals.json", ...more);
    expect(verify().code).toBe(2); // there is no such file yet
    expect(promptpack("review", pack, "--approve", "--reviewer", "Ada").code).toBe(0);
    expect(verify("--reviewer", "Ada")).toMatchObject({ code: 0, out: expect.stringContaining("approved") });
    expect(verify("--reviewer", "Grace")).toMatchObject({ code: 1, err: expect.stringContaining("APPROVAL_MISSING") });
    expect(promptpack("verify", pack, "--key", "k.pub", "--reviewer", "Ada").code).toBe(2);
    change("1.2.0", "1.2.1");
    promptpack("sign", pack, "--key", "k.key");
    expect(verify()).toMatchObject({ code: 1, err: expect.stringContaining("APPROVAL_MISSING") });
    expect(promptpack("review", pack, "--approve", "--reviewer", "Ada", "--days", "99999999999").code).toBe(2);
    const file = join(folder, "promptpack.approvals.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"reviewer"', '"revoked": true, "reviewer"'));
    expect(verify()).toMatchObject({ code: 1, err: expect.stringContaining("APPROVAL_INVALID") });
  });

  it("says what is wrong with a trusted root", () => {
    promptpack("keygen", "k", "--unencrypted");
    for (const text of ["{", '{"tlogs":[],"tlogs":[]}', "[]"]) {
      writeFileSync(join(folder, "root.json"), text);
      expect(promptpack("verify", pack, "--key", "k.pub", "--trusted-root", "root.json")).toMatchObject({
        code: 2,
        err: expect.stringContaining("no trusted root"),
      });
    }
  });
});

describe("the commands of the guides", () => {
  it.each(["trust", "audit", "credentials"])("docs/%s.md run, one after the other", async (page) => {
    const fences = [...readFileSync(join(repository, `docs/${page}.md`), "utf8").matchAll(/^```sh\n([^`]*)^```/gm)].map(
      ([, commands]) => commands,
    );
    expect(fences.length).toBeGreaterThan(0);
    const { createAuditLog } = await import("promptpack-security");
    const log = createAuditLog({
      append: (line) => writeFileSync(join(folder, "audit.jsonl"), `${line}\n`),
      now: () => new Date(0),
    });
    await log.record({ event: "load", pack: "p", version: "1.0.0" });
    const script = `set -e\npromptpack() { "${process.execPath}" "${main}" "$@"; }\n${fences.join("\n")}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...env },
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(status, stderr).toBe(0);
  });
});
