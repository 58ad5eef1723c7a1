import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { checkCredentials, scopeCredentials } from "./check-credentials.ts";
import { type CredentialPlan, parseCredentialPlan } from "./credential-plan.ts";
import { createCredentials, envSource } from "./credentials.ts";

const now = new Date("2026-11-22T12:00:00Z");
const env = { MAIN: "key-of-main-1", JUDGE: "key-of-judge-2", SAME: "key-of-main-1", constructor: undefined };
const check = (plan: Omit<CredentialPlan, "version">, date?: string): Promise<string[]> =>
  checkCredentials(
    { version: 1, ...plan },
    { sources: { env: envSource(env) }, dates: { env: () => (date === undefined ? undefined : new Date(date)) }, now },
  ).then((findings) => {
    expect(inspect(findings)).not.toMatch(/key-of/);
    return findings.map(({ code, severity, uses }) => `${severity} ${code} ${uses.join("+")}`);
  });

describe("a plan of credentials", () => {
  it.each([
    ["no JSON", "{"],
    ["a use twice", '{"version":1,"uses":{"a":"env:A","a":"env:B"}}'],
    ["no version", '{"uses":{}}'],
    ["a misspelt limit", '{"version":1,"maxAge":90,"uses":{}}'],
    ["no days", '{"version":1,"maxAgeDays":0,"uses":{}}'],
    ["a day that is none", '{"version":1,"uses":{"a":{"ref":"env:A","expires":"2026-13-40"}}}'],
  ])("is refused with %s", (_, source) => {
    expect(() => parseCredentialPlan(source)).toThrow(
      expect.objectContaining({ name: "PolicyError", code: "POLICY_INVALID" }),
    );
  });

  it("never holds a credential, and does not repeat one that it was given", () => {
    for (const literal of ["sk-proj-abcdefgh", { ref: "sk-proj-abcdefgh" }]) {
      try {
        parseCredentialPlan({ version: 1, uses: { main: literal } });
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: "INLINE_SECRET" });
        expect(inspect(error)).not.toContain("abcdefgh");
      }
    }
  });
});

describe("checkCredentials", () => {
  it("finds nothing when each use has a young key of its own", async () => {
    const uses = { main: "env:MAIN", judge: { ref: "env:JUDGE", issued: "2026-11-01", expires: "2027-01-01" } };
    expect(await check({ maxAgeDays: 90, uses }, "2026-10-01")).toEqual([]);
  });

  it("finds keys that are too old by the day, by what the plan or the source says", async () => {
    const uses = { main: { ref: "env:MAIN", issued: "2026-08-24" }, judge: "env:JUDGE" };
    expect(await check({ maxAgeDays: 90, uses }, "2026-08-20")).toEqual(["error CREDENTIAL_OLD judge"]);
    expect(await check({ maxAgeDays: 89, uses }, "2026-11-20")).toEqual(["error CREDENTIAL_OLD main"]);
    expect(await check({ uses }, "2020-01-01")).toEqual([]);
  });

  it("says when nobody knows the age, also when a date lies ahead", async () => {
    const uses = { main: "env:MAIN", judge: { ref: "env:JUDGE", issued: "2026-12-01" } };
    expect(await check({ maxAgeDays: 90, uses })).toEqual([
      "warning CREDENTIAL_AGE_UNKNOWN main",
      "warning CREDENTIAL_AGE_UNKNOWN judge",
    ]);
  });

  it("finds keys at their end", async () => {
    const until = (expires: string): Promise<string[]> => check({ uses: { main: { ref: "env:MAIN", expires } } });
    expect(await until("2026-11-22T12:00:00Z")).toEqual(["error CREDENTIAL_EXPIRED main"]);
    expect(await until("2026-12-06")).toEqual(["warning CREDENTIAL_EXPIRES_SOON main"]);
    expect(await until("2026-12-07")).toEqual([]);
  });

  it("finds one key behind several uses, whatever the references are called", async () => {
    const uses = { main: "env:MAIN", judge: "env:SAME", "registry of acme": "env:MAIN", other: "env:JUDGE" };
    expect(await check({ uses })).toEqual(["warning CREDENTIAL_SHARED main+judge+registry of acme"]);
  });

  it("finds a key in a file, plain or in base64, and names the file only", async () => {
    const files = [
      { name: ".env", text: "OTHER=1\nMODEL_KEY=key-of-main-1\n" },
      { name: "secret.yaml", text: `data: ${Buffer.from("key-of-judge-2").toString("base64")}` },
      { name: "README.md", text: "the key of main" },
    ];
    const plan: CredentialPlan = { version: 1, uses: { main: "env:MAIN", judge: "env:JUDGE" } };
    const findings = await checkCredentials(plan, { sources: { env: envSource(env) }, files, now });
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringContaining("CREDENTIAL_IN_FILE .env holds the key of main"),
      expect.stringContaining("CREDENTIAL_IN_FILE secret.yaml holds the key of judge"),
    ]);
    expect(inspect(findings)).not.toMatch(/key-of/);
  });

  it("goes on after one that is not there", async () => {
    const uses = { a: "env:NONE", b: "env:constructor", c: "vault:x", d: "env:MAIN" };
    expect(await check({ uses })).toEqual([
      "error CREDENTIAL_MISSING a",
      "error CREDENTIAL_MISSING b",
      "error UNKNOWN_SOURCE c",
    ]);
  });
});

describe("scopeCredentials", () => {
  it("hands out the keys of the named uses and no other", async () => {
    const plan: CredentialPlan = { version: 1, uses: { main: "env:MAIN", judge: { ref: "env:JUDGE" } } };
    const lookUp = scopeCredentials(createCredentials({ sources: { env: envSource(env) } }), plan, [
      "judge",
      "toString",
    ]);
    expect((await lookUp("judge")).reveal()).toBe("key-of-judge-2");
    for (const use of ["main", "toString", "constructor", "env:MAIN"])
      await expect(lookUp(use)).rejects.toMatchObject({ code: "CREDENTIAL_OUT_OF_SCOPE" });
  });
});
