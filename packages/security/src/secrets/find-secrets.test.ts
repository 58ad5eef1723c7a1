import { describe, expect, it } from "vitest";
import { findSecrets } from "./find-secrets.ts";
import { redactSecrets } from "./redact-secrets.ts";

// Made up here, in pieces, so that no scanner takes this file for a leak.
const cut = "";
const body = "a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ";
const hex = "3f9a7c51e08d42b6a95e1c7f80d3b264";
const made: Readonly<Record<string, string>> = {
  "anthropic-key": `sk-${cut}ant-api03-${body}`,
  "openrouter-key": `sk-${cut}or-v1-${hex}${hex}`,
  "openai-key": `sk-${cut}proj-${body}${body}`,
  "aws-access-key": `AK${cut}IAQ7RZ2LX9TB4NVW3M`,
  "github-token": `gh${cut}p_${body}`,
  "gitlab-token": `gl${cut}pat-${body.slice(0, 20)}`,
  "google-key": `AI${cut}zaSy${body}`,
  "google-oauth-secret": `GOC${cut}SPX-${body.slice(0, 28)}`,
  "huggingface-token": `h${cut}f_${body}`,
  "groq-key": `gs${cut}k_${body}${body.slice(0, 16)}`,
  "xai-key": `xa${cut}i-${body}${body}`,
  "perplexity-key": `ppl${cut}x-${body}`,
  "replicate-token": `r${cut}8_${body}`,
  "langsmith-key": `lsv2_${cut}pt_${hex}_${hex.slice(0, 10)}`,
  "pinecone-key": `pc${cut}sk_${body}${body}`,
  "databricks-token": `da${cut}pi${hex}`,
  "slack-token": `xo${cut}xb-79180588-${body}`,
  "slack-webhook": `https://hooks.${cut}slack.com/services/T0123456/B0123456/${body.slice(0, 24)}`,
  "discord-webhook": `https://${cut}discord.com/api/webhooks/123456789012345678/${body}${body}`,
  "telegram-token": `123456789:${cut}AA${body}`,
  "stripe-key": `sk_${cut}live_${body}`,
  "stripe-test-key": `sk_${cut}test_${body}`,
  "npm-token": `np${cut}m_${body}`,
  "pypi-token": `py${cut}pi-AgE${body}${body}`,
  "sendgrid-key": `S${cut}G.${body.slice(0, 22)}.${body}`,
  "digitalocean-token": `do${cut}p_v1_${hex}${hex}`,
  "shopify-token": `shp${cut}at_${hex}`,
  "vault-token": `hv${cut}s.${body}`,
  "linear-key": `lin_${cut}api_${body}`,
  "notion-token": `nt${cut}n_${body}${body}`,
  "azure-storage-key": `Account${cut}Key=${body}${body}${body}==`,
  "age-key": `AGE-${cut}SECRET-KEY-1${"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".repeat(2).slice(0, 58)}`,
  "private-key": `-----BEGIN ${cut}PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`,
  jwt: `${cut}eyJhbGciOiJIUzI1NiJ9.${cut}eyJzdWIiOiIxMjM0In0.${body}`,
  "url-password": `postgres://admin:${body.slice(0, 14)}@db.internal/prod`,
  "bearer-token": `Authorization: Bearer ${body}`,
  "basic-auth": `Authorization: Basic ${body}`,
  credential: `db_password = "${body.slice(0, 18)}"`,
  "hex-key": `the key ${hex} is theirs`,
};
const key = `sk-${cut}proj-${body}${body}`;
const pack = (template: string, more: object = {}): object => ({
  prompts: { main: { system_template: template } },
  template_engine: { version: "v1", syntax: "{{variable}}" },
  ...more,
});
const layersIn = (source: object): readonly (readonly string[])[] => findSecrets(source).map(({ layers }) => layers);

describe("findSecrets", () => {
  it.each(Object.entries(made))("finds a %s and does not repeat it", (kind, text) => {
    const findings = findSecrets(pack(`Use ${text} now`));
    expect(findings.map((finding) => finding.kind)).toContain(kind);
    expect(findings[0]).toMatchObject({
      rule: "secret",
      pointer: "/prompts/main/system_template",
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(findings)).not.toContain(text.slice(-12));
  });

  it.each([
    ["a name", "OPENAI_API_KEY"],
    ["a stand-in", "sk-your-key-here-please-replace-it"],
    ["a masked key", "sk-...abcd"],
    ["a placeholder", "Authorization: Bearer {{token}}"],
    ["a password that is a placeholder", "postgres://user:${PASSWORD}@host/db"],
    ["a commit", "9fceb02d0ae598e95dc970b74767f19372d61af8"],
    ["an MD5 digest with its name", `md5: ${hex}`],
    ["prose about tokens", "The token is checked before the password is: both matter."],
    ["a public key", "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----"],
    ["a repeated letter", `sk-${"a".repeat(48)}`],
  ])("leaves %s", (_, text) => {
    expect(findSecrets(pack(text))).toEqual([]);
  });

  it("looks behind every disguise, and says which", () => {
    const base64 = Buffer.from(key).toString("base64");
    expect(layersIn(pack(Array.from(key).join("\u200B")))).toEqual([["invisible characters"]]);
    expect(layersIn(pack(`x ${base64} x`))).toEqual([["base64"]]);
    expect(layersIn(pack(`x ${Buffer.from(key).toString("hex")} x`))).toEqual([["hex"]]);
    expect(layersIn(pack(`x ${Buffer.from(base64).toString("base64")} x`))).toEqual([["base64", "base64"]]);
    expect(layersIn(pack(Array.from(key, (letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join("")))).toEqual([
      ["escapes"],
    ]);
    expect(layersIn({ list: [key.slice(0, 20), key.slice(20)] })).toContainEqual(["joined texts"]);
    expect(
      layersIn(pack("{{fragments.a}}{{fragments.b}}", { fragments: { a: key.slice(0, 20), b: key.slice(20) } })),
    ).toContainEqual(["rendered template"]);
    const defaults = {
      prompts: {
        main: { system_template: `${key.slice(0, 20)}{{x}}`, variables: [{ name: "x", default: key.slice(20) }] },
      },
    };
    expect(layersIn(defaults)).toContainEqual(["rendered template"]);
  });

  it("finds names of members, and shows no part of them", () => {
    const findings = findSecrets({ metadata: { [key]: 1 } });
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toContain(key);
  });

  it("reads a text as JSON when it is JSON, with lines, and as it stands when it is not", () => {
    expect(findSecrets(`{\n "a": "${key.replace("sk", "\\u0073\\u006b")}"\n}`)[0]).toMatchObject({
      pointer: "/a",
      span: { start: { line: 2 } },
    });
    expect(findSecrets(`first\nkey ${key}`)[0]).toMatchObject({ pointer: "", span: { start: { line: 2, column: 5 } } });
  });

  it("takes the name of a member as context", () => {
    expect(findSecrets({ api_key: body.slice(0, 20) })).toHaveLength(1);
    expect(findSecrets({ title: body.slice(0, 20) })).toEqual([]);
    expect(findSecrets({ variables: [{ name: "db_password", default: body.slice(0, 20) }] })).toHaveLength(1);
  });

  it("lets one stay by its digest, with a reason", () => {
    const [finding] = findSecrets(key);
    const digest = finding?.digest ?? "";
    expect(findSecrets(key, { allow: [{ digest, reason: "revoked" }] })).toEqual([]);
    expect(() => findSecrets(key, { allow: [{ digest, reason: " " }] })).toThrow(TypeError);
    expect(() => findSecrets(key, { allow: [{ digest: "sha256:1", reason: "revoked" }] })).toThrow(TypeError);
  });

  it("does not stumble over anything that JSON can hold", () => {
    for (const value of [
      {},
      [],
      { prompts: [] },
      { prompts: { a: null } },
      { prompts: { a: { system_template: 1, variables: 2, model_overrides: 3 } } },
    ]) {
      expect(findSecrets(value)).toEqual([]);
    }
  });

  it("takes long bait in its stride", () => {
    const bait = [
      "sk-",
      "eyJ",
      "a://b:",
      "-----BEGIN ",
      "QUFBQUFB",
      "4142",
      "%41",
      "password=",
      "bearer ",
      "AccountKey=",
    ]
      .map((piece) => piece.repeat(10_000))
      .join("");
    expect(findSecrets(bait)).toBeDefined();
  }, 5000);
});

describe("texts that are made to keep a reader waiting", () => {
  it("hold nothing but credentials, on lines of their own", { timeout: 15_000 }, () => {
    const count = 20_000;
    const text = Array.from({ length: count }, (_, n) => `sk-${cut}proj-${body}${n}`).join("\n");
    const findings = findSecrets(text);
    expect(findings).toHaveLength(count);
    expect(findings.at(-1)?.span?.start).toMatchObject({ line: count, column: 1 });
    expect(findSecrets({ text })).toHaveLength(count);
  });

  it("come to gigabytes, which is a finding of its own", { timeout: 25_000 }, () => {
    const bomb = {
      fragments: {
        ...Object.fromEntries(Array.from({ length: 18 }, (_, n) => [`f${n}`, `{{f${n + 1}}}`.repeat(2)])),
        f18: "words words ",
      },
      template_engine: { syntax: "{{variable}}" },
      prompts: Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`p${n}`, { system_template: `{{f0}}${n}` }])),
    };
    expect(findSecrets(bomb).map(({ kind, pointer }) => `${kind} ${pointer}`)).toEqual(["unsearched /prompts"]);
  });

  it("are nested deeper than the stack reaches", () => {
    expect(() => findSecrets(JSON.parse("[".repeat(50_000) + "]".repeat(50_000)) as object)).toThrow(TypeError);
  });
});

describe("redactSecrets", () => {
  it("masks credentials and what disguises them, and nothing else", () => {
    expect(redactSecrets(`a ${key} b ${Buffer.from(key).toString("base64")} c`)).toBe("a [secret] b [secret] c");
    expect(redactSecrets("nothing here")).toBe("nothing here");
  });

  it("reads JSON pointers, which write a slash as ~1, and masks no more of them than the credential", () => {
    const url = "https://user:e2qpUWnoVPDF2y@api.example.com";
    const pointer = `/skills/a~1b~0c/${url.replaceAll("/", "~1")}/description`;
    expect(redactSecrets(`${pointer} and ~1 ${key}`)).toBe(
      "/skills/a~1b~0c/[secret]pi.example.com/description and ~1 [secret]",
    );
  });
});
