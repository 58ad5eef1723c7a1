import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ISSUER,
  type SigstoreAuthority,
  startAuthority,
  SUBJECT,
} from "../../../../security/test/sigstore-authority.ts";
import { main, type Outcome, support } from "../../../test/built-program.ts";

const token = (subject: string): string =>
  `${[{ alg: "none" }, { sub: subject, iss: ISSUER }].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")}.x`;

let folder = "";
let authority: SigstoreAuthority;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-keyless-"));
  cpSync(support, join(folder, "support.pack.json"));
  authority = await startAuthority();
  writeFileSync(join(folder, "trusted_root.json"), JSON.stringify(authority.root));
});
afterAll(() => {
  authority.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The authority answers in this process, so the program must not block it. */
function promptpack(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...argv], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...env },
    timeout: 15_000,
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}
const keyless = (...more: readonly string[]): readonly string[] => [
  ...["sign", "support.pack.json", "--keyless", "--fulcio", authority.url, "--rekor", authority.url],
  ...more,
];
const verify = (...more: readonly string[]): Promise<Outcome> =>
  promptpack(["verify", "support.pack.json", "--trust", "promptpack.trust.json", ...more]);

describe("promptpack sign --keyless", () => {
  it("signs with the job's identity, and verify holds the pack to it without the network", async () => {
    const signed = await promptpack(keyless(), { SIGSTORE_ID_TOKEN: token(SUBJECT) });
    expect(signed).toMatchObject({ code: 0, err: expect.stringContaining("signed: support.pack.json.sigstore") });
    authority.close();
    expect(
      (await promptpack(["trust", "add", "--issuer", ISSUER, "--subject", SUBJECT, "--name", "release"])).code,
    ).toBe(0);
    expect(await verify("--trusted-root", "trusted_root.json")).toMatchObject({
      code: 0,
      out: expect.stringContaining("is signed by release"),
    });
    // Without a root nothing in a bundle can be believed, and changed bytes are not what was signed.
    expect(await verify()).toMatchObject({ code: 1, err: expect.stringContaining("NOT_TRUSTED") });
    const pack = readFileSync(join(folder, "support.pack.json"), "utf8");
    writeFileSync(join(folder, "support.pack.json"), `${pack}\n`);
    expect(await verify("--trusted-root", "trusted_root.json")).toMatchObject({
      code: 1,
      err: expect.stringContaining("DIGEST_MISMATCH"),
    });
    writeFileSync(join(folder, "support.pack.json"), pack);
    expect((await promptpack(["trust", "add", "--issuer", ISSUER, "--subject", `${SUBJECT}2`])).code).toBe(0);
    writeFileSync(
      join(folder, "promptpack.trust.json"),
      JSON.stringify({ version: 1, identities: [{ issuer: ISSUER, subject: `${SUBJECT}2` }] }),
    );
    expect(await verify("--trusted-root", "trusted_root.json")).toMatchObject({
      code: 1,
      err: expect.stringContaining("NOT_TRUSTED"),
    });
  });

  it("fails where no job says who it is, and sends its token nowhere in the open", async () => {
    const nobody = await promptpack(keyless("--output", "none.sigstore"));
    expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining("SIGNING_FAILED") });
    const broken = await promptpack(keyless(), { SIGSTORE_ID_TOKEN: "not-a-token-of-anyone" });
    expect(broken).toMatchObject({ code: 1, err: expect.not.stringContaining("not-a-token") });
    const open = ["sign", "support.pack.json", "--keyless", "--fulcio", "http://fulcio.example"];
    expect(await promptpack(open)).toMatchObject({ code: 2, err: expect.stringContaining("https") });
    expect(await promptpack(["sign", "support.pack.json", "--key", "k", "--rekor", authority.url])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--keyless"),
    });
  });

  it("says what was wrong when the authority is not there, without the token", async () => {
    const away = await promptpack(keyless(), { SIGSTORE_ID_TOKEN: token(SUBJECT) });
    expect(away).toMatchObject({ code: 1, err: expect.stringContaining("SIGNING_FAILED") });
    expect(away.err + away.out).not.toContain(token(SUBJECT));
  });
});
