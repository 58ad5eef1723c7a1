import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskSecrets } from "./mask-secrets.ts";

// Made up here, in pieces, so that no scanner takes this file for a leak.
const cut = "";
const body = "q7Wn2Xc9Vb4Mz6Lk1Jh8Gf3Ds5Ap0RtYuIoE";

describe("maskSecrets", () => {
  it.each([
    ["a provider's key", `sk-${cut}proj-${body}`],
    ["a key without digits", `hf${cut}_qWnXcVbMzLkJhGfDsApRtYuIoEqWnXc`],
    ["an access key", `AK${cut}IAX5QW7RZ2LT9BNV4M`],
    ["a web token", `${cut}eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MjQyIn0.${body}`],
    ["a private key", `-----BEGIN ${cut}PRIVATE KEY-----\n${body}\n${body}\n-----END PRIVATE KEY-----`],
    ["a private key that is cut short", `-----BEGIN RSA ${cut}PRIVATE KEY-----\n${body.slice(0, 9)}`],
    ["random text that nobody's key begins like", `${body}`],
    ["a key in hex", "c81d4e2e9b6f47a3d05e7f19a2b8c364"],
    ["an e-mail address", "ysolde.quark@mailbox.example"],
    ["a card number", "4539 1488 0343 6467"],
    ["a social security number", "536-22-8731"],
    ["a phone number", "+44 7700 900 773"],
    ["an account number", "GB33 BUKB 2020 1555 5555 55"],
  ])("replaces %s by its length, wherever it stands", (_, secret) => {
    const masked = `[masked: ${secret.length} characters]`;
    expect(maskSecrets(secret)).toBe(masked);
    // A private key that has no end goes on to the end of the text.
    if (secret.includes("KEY-----") && !secret.includes("END")) return;
    expect(maskSecrets(`the pack has no tool "${secret}"; it has "a"`)).toBe(
      `the pack has no tool "${masked}"; it has "a"`,
    );
    expect(maskSecrets(`/tools/${secret}/description`)).toBe(`/tools/${masked}/description`);
    expect(maskSecrets(`{{fragments:${secret}}}`)).toBe(`{{fragments:${masked}}}`);
  });

  it("replaces user and password of an address, also in a pointer", () => {
    expect(maskSecrets("https://user:pw1234@api.example.com/v1")).toBe(
      "https://[masked: 11 characters]@api.example.com/v1",
    );
    expect(maskSecrets("/skills/https:~1~1user:pw1234@api.example.com")).toBe(
      "/skills/https:~1~1[masked: 11 characters]@api.example.com",
    );
  });

  it("leaves names alone, long ones and those with numbers too", () => {
    for (const name of [
      "main",
      "customer_support_v2_with_an_extended_description",
      "getCustomerOrderHistoryV2ById",
      "HTTPServerConnectionPoolConfigurationFactory2",
      "sk-learn-pipeline-v2-for-text",
      "npm_package_config_registry_2",
      "gpt-4o-mini-2024-07-18",
      "claude-opus-4-1-20250805",
      "anthropic.claude-3-5-sonnet-20241022-v2:0",
      "meta-llama/Llama-3.3-70B-Instruct-Turbo",
      "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
      "9fceb02d0ae598e95dc970b74767f19372d61af8",
      `sha256:${"c81d4e2e9b6f47a3".repeat(4)}`,
      "sha512-ZpjCwJydCF+s9l5OrDHqS+4Z4k93pkGl4lOCEL1SAM7meEF/uZW6jgdMatZlrTvRQpxlPPl+gWFKSkQXWfDrTQ==",
      "SHA256:_oHWzTpS5_e7mbr_ZWwmm-QEuGrzf3HFFjUzxKWP5ls",
      "@acme/skills@1.2.0",
      "support@1.2.0",
      "git@github.com",
      "https://example.com/a?session=42",
      "2026-11-22T20:44:18.000Z",
      "expected a number from -9007199254740991 to 9007199254740991",
      "/prompts/main/variables/12/validation/pattern",
      "the key is there, and PRIVATE KEYS are not",
    ])
      expect(maskSecrets(name)).toBe(name);
  });

  it("masks what was masked no further, and can keep the length", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(body, "sk-", "@", "a.b", "4539148803436467", "-----BEGIN", " ", "+4", ".", "://u:")),
        (parts) => {
          const once = maskSecrets(parts.join(""));
          expect(maskSecrets(once)).toBe(once);
        },
      ),
    );
    expect(maskSecrets(`a ${body} b`, (secret) => "•".repeat(secret.length))).toBe(`a ${"•".repeat(body.length)} b`);
  });

  it("shows nothing of a long chain in which each mask lets one more be seen", () => {
    const chain = (links: number): string => `123-45-6789${"-GB33BUKB20201555".repeat(links)}`;
    expect(maskSecrets(chain(2))).toBe(`${"[masked: 11 characters]"}${"-[masked: 16 characters]".repeat(2)}`);
    // hostile: once a round of its own for each, until the stack ended
    expect(maskSecrets(chain(20_000))).toBe(`[masked: ${11 + 20_000 * 17} characters]`);
  });

  it("takes time in proportion to the text, whatever the text is", { timeout: 5000 }, () => {
    for (const bait of [
      "a",
      "a1",
      "a@",
      "1 ",
      "://a:",
      "-----BEGIN PRIVATE KEY",
      "4",
      "sk-",
      "a.",
      "+1",
      "GB33 ",
      "eyJ.",
      `${body}+4.4539148803436467.`,
      `${body}@a.bc.`,
      "-GB33BUKB20201555",
    ])
      expect(typeof maskSecrets(bait.repeat(1_000_000 / bait.length))).toBe("string");
  });
});
