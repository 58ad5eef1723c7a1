import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { CredentialError } from "./credential-error.ts";
import { createCredentials, envSource, parseReference } from "./credentials.ts";
import { createRedactor } from "./redactor.ts";
import { SecretString } from "./secret-string.ts";

const value = "hunter2-hunter2 & more/+=";

describe("a SecretString", () => {
  const secret = new SecretString(value);
  /** As JavaScript sees it, which knows no types. */
  const untyped = secret as unknown as string;

  it("shows itself to reveal() only", () => {
    expect(secret.reveal()).toBe(value);
    expect(secret.length).toBe(value.length);
    const shown = [
      `key: ${untyped}`,
      "key: " + untyped,
      secret.toString(),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { secret } }, { showHidden: true, depth: null }),
      format("%s %o %O %j", secret, secret, secret, secret),
      JSON.stringify(structuredClone(secret)),
      inspect(structuredClone({ secret })),
      Object.values(secret).join(),
      Object.getOwnPropertyNames(secret).join(),
      new Error(`failed with ${untyped}`, { cause: secret }).stack,
      inspect(new Error("failed", { cause: secret })),
      [secret].join(),
      encodeURIComponent(untyped),
    ];
    for (const text of shown) expect(text).not.toContain("hunter2");
    expect(shown[0]).toBe("key: [secret]");
    expect(JSON.stringify(structuredClone(secret))).toBe('{"secret":"[secret]"}');
  });

  it("cannot be changed", () => {
    expect(() => Object.assign(secret, { secret: "x" })).toThrow(TypeError);
  });
});

describe("credential references", () => {
  it("name a source and a place in it", () => {
    expect(parseReference("env:OPENAI_API_KEY")).toEqual({ scheme: "env", name: "OPENAI_API_KEY" });
    expect(parseReference("file:/run/secrets/key")).toEqual({ scheme: "file", name: "/run/secrets/key" });
    expect(parseReference("vault:team/model#key")).toEqual({ scheme: "vault", name: "team/model#key" });
  });

  it.each([
    "sk-proj-abc",
    "",
    "env:",
    "env:A B",
    "env:sk-proj-abc",
    "https://user:pass@host/",
    "Bearer abc",
    "ENV:KEY",
    "postgres://u:p@h/d",
  ])("are never the credential itself: %j is refused with INLINE_SECRET and not repeated", (literal) => {
    try {
      parseReference(literal);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "INLINE_SECRET" });
      expect(CredentialError.isInstance(error)).toBe(true);
      if (literal.length > 8) expect(inspect(error)).not.toContain(literal);
    }
  });

  it("that lead nowhere are refused by name", async () => {
    const { resolve } = createCredentials({ sources: { env: envSource({ EMPTY: "" }) } });
    await expect(resolve("env:EMPTY")).rejects.toMatchObject({ code: "CREDENTIAL_MISSING" });
    await expect(resolve("env:constructor")).rejects.toMatchObject({ code: "CREDENTIAL_MISSING" });
    await expect(resolve("constructor:x")).rejects.toMatchObject({ code: "UNKNOWN_SOURCE" });
  });
});

describe("credentials", () => {
  it("are looked up once within the time to live, again after it, and on demand", async () => {
    let time = 0;
    let key = "first-key-1";
    let lookups = 0;
    const rotations: string[] = [];
    const credentials = createCredentials({
      sources: { vault: async () => (lookups++, key) },
      ttl: 1000,
      now: () => time,
      onRotate: (reference, current, previous) =>
        rotations.push(`${reference} ${previous.reveal()} ${current.reveal()} ${current.toString()}`),
    });
    const first = await credentials.resolve("vault:k");
    time = 999;
    expect(await credentials.resolve("vault:k")).toBe(first);
    expect(lookups).toBe(1);
    time = 1000;
    expect(await credentials.resolve("vault:k")).toBe(first);
    key = "second-key-2";
    const [left, right] = await Promise.all([credentials.refresh("vault:k"), credentials.refresh("vault:k")]);
    expect(left).toBe(right);
    expect(lookups).toBe(3);
    expect(rotations).toEqual(["vault:k first-key-1 second-key-2 [secret]"]);
  });

  it("recover after a lookup that failed", async () => {
    let down = true;
    const { resolve } = createCredentials({
      sources: { vault: () => (down ? Promise.reject(new Error("down")) : "key-value") },
    });
    await expect(resolve("vault:k")).rejects.toThrow("down");
    down = false;
    expect((await resolve("vault:k")).reveal()).toBe("key-value");
  });
});

describe("a redactor", () => {
  it("hides a known credential as it is, in JSON, in URLs, in hex and in base64 wherever it starts", () => {
    const { text } = createRedactor([new SecretString(value)]);
    const base64 = (given: string): string => Buffer.from(given).toString("base64");
    const shapes = [
      value,
      `key=${value};`,
      JSON.stringify({ value }),
      `https://x.example/?k=${encodeURIComponent(value)}`,
      new URLSearchParams({ k: value }).toString(),
      Buffer.from(value).toString("hex"),
      ...["", "u", "us", "user:"].flatMap((before) => [
        base64(before + value),
        base64(`${before}${value}after`),
        Buffer.from(before + value).toString("base64url"),
      ]),
    ];
    for (const shape of shapes) {
      const shown = text(shape);
      expect(shown, shape).toContain("[secret]");
      expect(shown).not.toContain("hunter2");
      expect(Buffer.from(shown.replace("[secret]", ""), "base64").toString()).not.toContain("hunter2-h");
    }
    expect(text("nothing to see")).toBe("nothing to see");
  });

  it("goes through errors with their causes, maps, bytes, names of members and what contains itself", () => {
    const { value: redact } = createRedactor([value]);
    const cause = Object.assign(new Error(`cause ${value}`), {
      detail: { [value]: [value] },
      bytes: Buffer.from(value),
    });
    const error = new Error(`bad ${value}`, { cause });
    const round: Record<string, unknown> = {
      error,
      map: new Map([[value, value]]),
      secret: new SecretString(value),
      call: () => value,
      count: 1,
    };
    round["self"] = round;
    const shown = JSON.stringify(redact(round));
    expect(shown).not.toContain("hunter2");
    expect(shown).not.toContain(Buffer.from(value).toString("base64").slice(0, 12));
    expect(redact(null)).toBe(null);
  });

  it("copies what stands in many places once", () => {
    let tree: unknown = "leaf";
    for (let level = 0; level < 40; level++) tree = [tree, tree];
    let copy = createRedactor().value(tree);
    for (let level = 0; level < 40; level++) copy = (copy as unknown[])[1];
    expect(copy).toBe("leaf");
  });

  it("learns a credential that was rotated in, and leaves short texts alone", () => {
    const redactor = createRedactor(["abc"]);
    expect(redactor.text("abc new-credential")).toBe("abc new-credential");
    redactor.add("new-credential");
    expect(redactor.text("abc new-credential")).toBe("abc [secret]");
  });
});
