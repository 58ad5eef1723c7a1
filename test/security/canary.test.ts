import { describe, expect, it } from "vitest";
import * as yaml from "yaml";
import {
  checkMediaParts,
  checkToolArguments,
  compilePrompt,
  createStreamGuard,
  createToolPolicyState,
  decideToolCall,
  formatDiagnostics,
  guardrailError,
  guardResponse,
  initialState,
  PackError,
  parsePack,
  refusalMessage,
  renderPrompt,
  safeParsePack,
  startRound,
  transition,
} from "promptpack";
import { documentFromYaml } from "promptpack/yaml";
import { buildPack, buildPackData } from "promptpack/testing";
import {
  createAuditLog,
  createCredentials,
  createRedactor,
  diffPacks,
  diffToHtml,
  diffToMarkdown,
  diffToText,
  findSecrets,
  reviewPack,
  reviewToCsv,
  reviewToHtml,
  reviewToText,
  SecretString,
  toSarif,
} from "promptpack-security";
import { canaries, credentials, exceptPlaces, expectNone, formed, thrownBy } from "./canaries.ts";
import { harmless, places } from "./canary-places.ts";

describe("canaries", () => {
  it("are 19 credentials of known form, and personal data", () => {
    expect(Object.keys(credentials)).toHaveLength(19);
    for (const [name, canary] of Object.entries(credentials))
      expect(findSecrets({ api_key: canary }).length, name).toBeGreaterThan(0);
    expect(canaries.length - 19).toBe(7);
  });

  it("would be noticed in an error, its cause, its diagnostics and its stack", () => {
    for (const [, canary] of canaries) {
      for (const leak of [new Error(canary), new Error("x", { cause: canary }), { deep: [{ member: canary }] }, canary])
        expect(() => expectNone(canary, leak)).toThrow("the canary is seen");
    }
  });

  it("have more than 500 places in packs, of which many leave the pack valid", () => {
    expect(places.length).toBeGreaterThan(500);
    expect(harmless.length).toBeGreaterThan(100);
  });
});

// A person's name is a name like any other where names stand, so these are the canaries that have a form.
describe.each(formed)("%s", (kind, canary) => {
  const redactor = createRedactor();
  const turn = formed.findIndex(([name]) => name === kind);

  it("is not in what loading says, wherever it stands in a pack: as a value, as a name, in a template", () => {
    places.forEach(({ name, plant }, index) => {
      // Every place meets a third of the canaries, and the slow channels with one of them.
      if (index % 3 !== turn % 3) return;
      const isMine = index % formed.length === turn;
      const source = plant(canary);
      const { pack, diagnostics } = safeParsePack(source);
      try {
        for (const { message, hint, related = [] } of diagnostics)
          expectNone(canary, message, hint ?? "", ...related.map((place) => place.message));
        expectNone(canary, formatDiagnostics(diagnostics, { source }));
        if (pack === undefined && isMine) expectNone(canary, new PackError(diagnostics));
        if (isMine && kind in credentials) expectNone(canary, redactor.value(diagnostics));
      } catch (error) {
        throw new Error(name, { cause: error });
      }
    });
  });

  it("is in no report of a review or a comparison, wherever it stands in a valid pack", () => {
    const before = buildPack();
    let reviewed = 0;
    harmless.forEach(({ name, plant }, index) => {
      if (index % 12 !== turn % 12) return;
      const { pack } = safeParsePack(plant(canary));
      if (pack === undefined) return;
      reviewed++;
      const review = reviewPack(pack);
      const diff = diffPacks(before, pack);
      try {
        expectNone(
          canary,
          ...[reviewToText(review), reviewToHtml(review), reviewToCsv(review)],
          ...[diffToText(diff), diffToHtml(diff), diffToMarkdown(diff)],
          toSarif([{ uri: "a.json", findings: [...review.findings, ...diff.findings] }], { version: "0" }),
        );
      } catch (error) {
        throw new Error(name, { cause: error });
      }
    });
    expect(reviewed).toBeGreaterThan(5);
  });

  it("is not in an error about a name that a caller passes", () => {
    const pack = buildPack({
      tools: { look: { name: "look", description: "Looks" } },
      prompt: {
        tools: ["look"],
        system_template: "Hi {{v}}.",
        variables: [{ name: "v", type: "string", required: true }],
      },
      workflow: {
        version: 1,
        entry: "a",
        states: { a: { prompt_task: "main", on_event: { go: "b" } }, b: { prompt_task: "main" } },
      },
    });
    const { workflow } = pack.data;
    if (workflow === undefined) throw new Error("no workflow");
    const run = initialState(workflow, { now: 0 } as never);
    const state = startRound(createToolPolicyState(pack.prompt("main"), pack.data));
    const decision = decideToolCall(state, { id: "1", name: canary, arguments: "{}" });
    if (decision.allowed) throw new Error("allowed");
    expectNone(
      canary,
      thrownBy(() => pack.prompt(canary)),
      thrownBy(() => compilePrompt(pack, canary)),
      thrownBy(() => renderPrompt(compilePrompt(pack, "main"), { [canary]: 1, v: "x" })),
      thrownBy(() => parsePack("{}", { spec: canary } as never)),
      thrownBy(() => initialState({ ...workflow, entry: canary }, { now: 0 } as never)),
      exceptPlaces(transition(workflow, run, { type: "event", event: canary } as never)),
      [decision.diagnostics, refusalMessage(decision).content],
    );
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

  it("is not in what is said about media that hold it: as a path, a type, an address, a caption, as the bytes", () => {
    const media = {
      enabled: true,
      supported_types: ["image"],
      image: { allowed_formats: ["png"], max_size_mb: 1 },
    } as const;
    for (const item of [
      { mime_type: "image/png", url: `https://example.com/${encodeURIComponent(canary)}`, base64: "" },
      { mime_type: "image/png", url: canary },
      { mime_type: "image/png", file_path: `../${canary}` },
      { mime_type: "image/png", base64: canary },
      { mime_type: canary, base64: "aGk=" },
      { mime_type: "image/png", base64: "aGk=", caption: 7, detail: canary },
    ]) {
      const { diagnostics } = checkMediaParts([{ type: "image", media: item } as never], media);
      expect(diagnostics.length).toBeGreaterThan(0);
      if (formed.some(([, text]) => text === canary) || item.mime_type === "image/png") expectNone(canary, diagnostics);
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

describe.each(Object.entries(credentials))("%s, a credential,", (_, canary) => {
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

  it("is not in what the redactor leaves of findings about names, pointers included", () => {
    const data = buildPackData();
    for (const pack of [
      { ...data, [canary]: 1 },
      { ...data, template_engine: { version: "v1", syntax: canary } },
      buildPackData({ prompt: { tools: [canary], system_template: `{{fragments.${canary}}}` } }),
      buildPackData({ prompt: { variables: [{ name: canary, type: canary, required: true }] } }),
      buildPackData({ fragments: { [canary]: "unused" } }),
    ]) {
      const { diagnostics } = safeParsePack(JSON.stringify(pack));
      expect(diagnostics.length).toBeGreaterThan(0);
      expectNone(canary, createRedactor().value(diagnostics), createRedactor().text(formatDiagnostics(diagnostics)));
    }
  });

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
