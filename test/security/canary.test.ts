import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import * as yaml from "yaml";
import {
  checkToolArguments,
  compilePrompt,
  createStreamGuard,
  createToolPolicyState,
  decideToolCall,
  formatDiagnostics,
  guardrailError,
  guardResponse,
  parsePack,
  renderPrompt,
  safeParsePack,
  startRound,
} from "promptpack";
import { documentFromYaml } from "promptpack/yaml";
import { buildPack, buildPackData } from "promptpack/testing";
import {
  createAuditLog,
  createCredentials,
  createRedactor,
  findSecrets,
  reviewPack,
  SecretString,
} from "promptpack-security";
import { conformanceDir, readConformance } from "../conformance/conformance-dir.ts";

// Canaries: made up here, each with a ~ inside, so that no scanner takes this file for a leak. None may be seen where it was not sent.
const body = "q7Wn2Xc9Vb4Mz6Lk1Jh8Gf3Ds5Ap0RtYuIoE";
const hex = "c81d4e2e9b6f47a3d05e7f19a2b8c364";
const broken: Readonly<Record<string, string>> = {
  "openai-key": `sk-~proj-${body}T3${body}`,
  "openai-old-key": `sk-${body}${body.slice(0, 12)}`,
  "anthropic-key": `sk-~ant-api03-${body}${body}`,
  "aws-access-key": `AK~IAX5QW7RZ2LT9BNV4M`,
  "github-token": `gh~p_${body}`,
  "github-fine-token": `github_~pat_${body.slice(0, 22)}_${body}${body.slice(0, 23)}`,
  "huggingface-token": `h~f_${body.slice(0, 34)}`,
  "google-key": `AI~za${body.slice(0, 35)}`,
  "slack-token": `xo~xb-410927365518-220918374655-${body.slice(0, 24)}`,
  "groq-key": `gs~k_${body}${body.slice(0, 16)}`,
  "xai-key": `xa~i-${body}${body}`,
  "npm-token": `np~m_${body}`,
  "private-key": `-----BEGIN ~PRIVATE KEY-----\n${body}${body.slice(0, 28)}\n-----END PRIVATE KEY-----`,
  "database-password": `postgres://admin:${body.slice(0, 16)}@db.internal:5432/prod`,
  "url-password": `https://user:${body.slice(4, 18)}@api.example.com/v1`,
  jwt: `~eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MjQyIn0.${body}`,
  "stripe-key": `sk_~live_${body.slice(0, 24)}`,
  "replicate-token": `r~8_${body}`,
  "azure-key": hex,
};
const credentials: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(broken).map(([name, text]) => [name, text.replace("~", "")]),
);
const personal: Readonly<Record<string, string>> = {
  "e-mail": "ysolde.quark@mailbox.example",
  phone: "+44 7700 900 773",
  iban: "GB33 BUKB 2020 1555 5555 55",
  card: "4539 1488 0343 6467",
  "social-security-number": "536-22-8731",
  address: "192.168.77.203",
  name: "Ysolde Quarkenbush",
};
const corpus: Readonly<Record<string, string>> =
  conformanceDir === undefined
    ? {}
    : Object.fromEntries(
        Object.entries(readConformance<{ positive: Record<string, string> }>("secrets-corpus.json").positive).map(
          ([name, text]) => [`${name} of the corpus`, text],
        ),
      );
const canaries = Object.entries({ ...credentials, ...personal, ...corpus });
const keys = Object.entries({ ...credentials, ...corpus });

/** Everything of a value that a log could hold: own text, inspected, as JSON, with the members that an error hides. */
function seen(...values: readonly unknown[]): string {
  return values
    .flatMap((value) => [
      typeof value === "string" ? value : "",
      inspect(value, { depth: 12, showHidden: true, maxStringLength: null }),
      JSON.stringify(value) ?? "",
      ...(value instanceof Error ? [value.message, value.stack ?? "", formatDiagnosticsOf(value)] : []),
    ])
    .join("\n");
}
function formatDiagnosticsOf(error: Error): string {
  return "diagnostics" in error && Array.isArray(error.diagnostics) ? formatDiagnostics(error.diagnostics) : "";
}
/** The telling parts: a leak of a part of a key is a leak. */
function parts(canary: string): string[] {
  const [longest = ""] = canary.split("\n").sort((left, right) => right.length - left.length);
  const middle = longest.slice(Math.floor(longest.length / 4), Math.ceil((longest.length * 3) / 4));
  return [canary, longest, longest.length > 24 ? middle : longest];
}
function expectNone(canary: string, ...values: readonly unknown[]): void {
  const text = seen(...values);
  for (const part of parts(canary)) if (text.includes(part)) throw new Error("the canary is seen");
}
/** What a step throws; a step that throws nothing tests nothing. */
function thrownBy(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("canaries", () => {
  it("are 19 credentials of known form, and personal data", () => {
    expect(Object.keys(credentials)).toHaveLength(19);
    for (const [name, canary] of Object.entries(credentials))
      expect(findSecrets(canary).length, name).toBeGreaterThan(0);
  });

  it("would be noticed in an error, its cause, its diagnostics and its stack", () => {
    for (const [, canary] of canaries) {
      for (const leak of [new Error(canary), new Error("x", { cause: canary }), { deep: [{ member: canary }] }, canary])
        expect(() => expectNone(canary, leak)).toThrow("the canary is seen");
    }
  });
});

describe.each(canaries)("%s", (_, canary) => {
  it("is not in what loading a pack says: as the file, in its syntax, in values of every kind", () => {
    const data = buildPackData();
    const texts = [
      canary, // a file of credentials given in place of a pack
      `API_KEY=${canary}\n`,
      `{"id": "${canary}`, // an unfinished string
      `{"id": ${canary}}`,
      `[${JSON.stringify(canary)}]`,
      JSON.stringify(canary),
      JSON.stringify({ ...data, id: canary }),
      JSON.stringify({ ...data, version: canary }),
      JSON.stringify({ ...data, template_engine: canary }),
      JSON.stringify({ ...data, prompts: { main: canary } }),
      JSON.stringify(buildPackData({ prompt: { version: canary, system_template: `${canary} {{#if` } })),
      JSON.stringify(buildPackData({ prompt: { parameters: { temperature: canary as unknown as number } } })),
      JSON.stringify(
        buildPackData({ prompt: { variables: [{ name: "v", type: "number", required: false, default: canary }] } }),
      ),
      JSON.stringify(
        buildPackData({
          prompt: {
            variables: [
              {
                name: "v",
                type: "string",
                required: false,
                default: canary,
                validation: { pattern: "^a$", max_length: 3 },
              },
            ],
          },
        }),
      ),
    ];
    for (const text of texts) {
      const { pack, diagnostics } = safeParsePack(text);
      expectNone(canary, diagnostics, formatDiagnostics(diagnostics));
      if (pack === undefined)
        expectNone(
          canary,
          thrownBy(() => parsePack(text)),
        );
      expectNone(canary, documentFromYaml(text.replace("{", "{ a: *x, "), yaml).diagnostics);
    }
  });

  it("is not in what rendering says about a value that does not fit", () => {
    const rules = [{ pattern: "^a$" }, { max_length: 3 }, { min_length: 900 }, { enum: ["a", "b"] }];
    for (const validation of rules) {
      const pack = buildPack({
        prompt: {
          system_template: "Hello {{v}}.",
          variables: [{ name: "v", type: "string", required: true, validation }],
        },
      });
      expectNone(
        canary,
        thrownBy(() => renderPrompt(compilePrompt(pack, "main"), { v: canary })),
      );
    }
    for (const type of ["number", "boolean", "array", "object"] as const) {
      const pack = buildPack({
        prompt: { system_template: "Hello {{v}}.", variables: [{ name: "v", type, required: true }] },
      });
      expectNone(
        canary,
        thrownBy(() => renderPrompt(compilePrompt(pack, "main"), { v: canary })),
      );
      expectNone(
        canary,
        thrownBy(() => renderPrompt(compilePrompt(pack, "main"), { v: { member: [canary] }, other: canary })),
      );
    }
  });

  it("is not in the decision on a tool call, whose arguments it is", () => {
    const parameters = {
      type: "object",
      properties: { n: { type: "number" }, e: { enum: ["a"] }, p: { type: "string", pattern: "^a$" } },
      additionalProperties: false,
    } as const;
    const pack = buildPack({
      tools: { look: { name: "look", description: "Looks", parameters } },
      prompt: { tools: ["look"] },
    });
    const state = startRound(createToolPolicyState(pack.prompt("main"), pack.data));
    for (const given of [
      canary,
      `{"n": ${canary}`,
      ...["n", "e", "p"].map((name) => JSON.stringify({ [name]: canary })),
    ]) {
      const decision = decideToolCall(state, { id: "1", name: "look", arguments: given });
      expect(decision.allowed).toBe(false);
      expectNone(canary, { ...decision, call: undefined, state: undefined }); // the call is the caller's own
      expectNone(canary, checkToolArguments({ parameters }, given));
    }
  });

  it("is not in the verdicts and errors of guardrails, on the whole text and on its stream", () => {
    const validators = [
      { type: "banned_words", params: { words: [canary.slice(0, 5)] } },
      { type: "max_length", params: { max_characters: 5 } },
      { type: "regex_match", params: { pattern: "^nothing$" } },
      { type: "pii_detection" },
    ].filter(({ type, params }) => isKnown({ type, ...(params === undefined ? {} : { params }) }));
    expect(validators.length).toBeGreaterThan(1);
    for (const validator of validators) {
      const text = `It is ${canary}, really.`;
      const guarded = guardResponse([validator], text);
      if (guarded.ok) continue;
      expectNone(canary, guarded, guardrailError(guarded));
      const guard = createStreamGuard([validator]);
      const steps = text.split("").map((delta) => guard.push(delta));
      steps.push(guard.end());
      expectNone(
        canary,
        steps.map(({ text: _text, ...verdict }) => verdict),
      );
    }
    const throwing = guardResponse([{ type: "own" }], canary, {
      types: {
        own: (text: string): boolean => {
          throw new Error(text);
        },
      },
    });
    expect(throwing.ok).toBe(false);
    expectNone(canary, throwing, guardrailError(throwing));
  });

  it("is not in a credential's own error, nor in what a SecretString shows", async () => {
    const { resolve } = createCredentials({ sources: { env: () => undefined } });
    expectNone(canary, await resolve(canary).catch((error: unknown) => error));
    const secret = new SecretString(canary);
    expectNone(
      canary,
      secret,
      String(secret),
      { secret },
      structuredClone(secret),
      new Error(String(secret), { cause: secret }),
    );
  });
});

describe.each(keys)("%s, a credential,", (_, canary) => {
  it("is in no line of an audit log, whichever member holds it", async () => {
    const lines: string[] = [];
    const log = createAuditLog({
      append: (line) => void lines.push(line),
      now: () => new Date(0),
      redactor: createRedactor([canary]),
    });
    await log.record({ event: "load", pack: canary, version: canary });
    await log.record({ event: "render", pack: "p", prompt: canary, model: canary });
    await log.record({ event: "tool-call", tool: canary, decision: canary, code: canary });
    await log.record({ event: "guardrail", guardrail: canary, status: canary, blocks: true });
    await log.record({ event: "approve", pack: "p", version: "1.0.0", reviewer: canary } as never);
    expect(lines).toHaveLength(5);
    expectNone(canary, lines);
    const refused = await log
      .record({ event: "load", pack: "p", version: "1", [canary]: canary, diagnostics: canary } as never)
      .catch((error: unknown) => error);
    expectNone(canary, refused instanceof TypeError ? createRedactor().value(refused) : lines);
  });

  // A pointer escapes the slashes of an address, so that as a name it is no address any more.
  it.skipIf(canary.includes("://"))(
    "is not in what the redactor leaves of findings about names, which diagnostics show",
    () => {
      const data = buildPackData();
      for (const pack of [
        { ...data, [canary]: 1 },
        { ...data, template_engine: { version: "v1", syntax: canary } },
        buildPackData({ prompt: { tools: [canary], system_template: `{{fragments.${canary}}}` } }),
        buildPackData({ prompt: { variables: [{ name: canary, type: canary, required: true }] } }),
      ]) {
        const { diagnostics } = safeParsePack(JSON.stringify(pack));
        expect(diagnostics.length).toBeGreaterThan(0);
        expectNone(canary, createRedactor().value(diagnostics), createRedactor().text(formatDiagnostics(diagnostics)));
      }
    },
  );

  it("does not come through the redactor: as it is, inside an error and its cause, as a member's name", () => {
    const redactor = createRedactor();
    const error = new Error(`connecting with ${canary} failed`, { cause: new Error(`key: ${canary}`) });
    expectNone(
      canary,
      redactor.text(`key: ${canary}`),
      redactor.value(error),
      redactor.value({ key: canary, list: [`key ${canary}`] }),
    );
    const known = createRedactor([new SecretString(canary)]);
    expectNone(
      canary,
      known.value({
        [canary]: { api_key: canary, url: encodeURIComponent(canary), b64: Buffer.from(canary).toString("base64") },
      }),
    );
  });

  it("is not repeated by the review and the search that find it", () => {
    const pack = buildPackData({
      prompt: {
        system_template: `Use the key ${canary} for {{x}}.`,
        variables: [{ name: "x", type: "string", required: true, default: canary }],
      },
    });
    const findings = findSecrets(pack);
    expect(findings.length).toBeGreaterThan(0);
    expectNone(canary, findings, reviewPack(safeParsePack(JSON.stringify(pack))));
  });
});

function isKnown(validator: { readonly type: string; readonly params?: object }): boolean {
  try {
    guardResponse([validator as never], "x");
    return true;
  } catch {
    return false;
  }
}
