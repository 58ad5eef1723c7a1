import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { compilePrompt, formatDiagnostics, guardResponse, renderPrompt, safeParsePack } from "promptpack";
import { createAuditLog, createCredentials, createRedactor, SecretString, verifyAuditLog } from "promptpack-security";
import { conformanceDir, readConformance } from "./conformance-dir.ts";

const { positive, negative } =
  conformanceDir === undefined
    ? { positive: {}, negative: {} }
    : readConformance<Record<"positive" | "negative", Readonly<Record<string, string>>>>("secrets-corpus.json");

/** Only what is said beside them tells these from any other number in hex. */
const NEEDS_CONTEXT = new Set(["azure_oai"]);

/** Parts of a credential that no output may hold: the longest run in each line, as logs would show it. */
const marks = Object.values(positive).flatMap((secret) => {
  const runs = secret
    .split(/[^A-Za-z0-9_-]+/)
    .filter(
      (run) => run.length >= 12 && !/^-----|^(BEGIN|END|PRIVATE)/.test(run) && !["internal", "postgres"].includes(run),
    );
  return runs.map((run) => run.slice(-12));
});
const expectClean = (output: string): void => {
  for (const mark of marks) expect(output.includes(mark), `found a part of a secret: ...${mark.slice(-4)}`).toBe(false);
};

describe.skipIf(conformanceDir === undefined)(
  "19 credentials go through the library (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    it("finds the corpus", () => {
      expect(Object.keys(positive)).toHaveLength(19);
      expect(marks.length).toBeGreaterThanOrEqual(19);
    });

    it("and no SecretString shows one", () => {
      const secrets = Object.values(positive).map((value) => new SecretString(value));
      expectClean(
        format("%s %j %o", secrets, secrets, secrets) +
          inspect(secrets, { showHidden: true, depth: null }) +
          JSON.stringify(structuredClone(secrets)) +
          secrets.join(),
      );
    });

    it("and each is redacted by its form alone, in logs, errors and spans; what is harmless stays", () => {
      const redactor = createRedactor();
      for (const [name, secret] of Object.entries(positive)) {
        const key = NEEDS_CONTEXT.has(name) ? "api_key" : "note";
        const span = {
          name: "chat",
          attributes: { [key]: secret, text: `we use ${key === "note" ? "" : "api_key="}${secret} here` },
        };
        expectClean(
          JSON.stringify(redactor.value(span)) +
            inspect(redactor.value(new Error(`401 for ${key}=${secret}`, { cause: span }))),
        );
      }
      for (const harmless of Object.values(negative))
        expect(redactor.text(`see ${harmless} there`)).toBe(`see ${harmless} there`);
    });

    it("and each that is known is redacted whatever encodes it", () => {
      const redactor = createRedactor(Object.values(positive).map((value) => new SecretString(value)));
      for (const secret of Object.values(positive)) {
        const forms = [
          secret,
          JSON.stringify(secret),
          encodeURIComponent(secret),
          Buffer.from(secret).toString("base64"),
          Buffer.from(`Basic user:${secret}`).toString("base64"),
          Buffer.from(secret).toString("hex"),
        ];
        for (const shape of forms)
          expect(redactor.text(`x ${shape} y`), shape.slice(0, 6)).not.toContain(shape.slice(4, 24));
        expectClean(redactor.text(forms.join(" ")));
      }
    });

    it("and the audit log holds none, whatever it is told", async () => {
      const lines: string[] = [];
      const redactor = createRedactor(Object.values(positive));
      const log = createAuditLog({ append: (line) => void lines.push(line), now: () => new Date(0), redactor });
      for (const secret of Object.values(positive)) {
        await log.record({ event: "tool-call", tool: secret, decision: "deny" });
        await log.record({ event: "render", pack: secret, prompt: `p:${secret}`, model: secret });
        await log.record({ event: "approve", pack: "p", version: "1", sha256: "0".repeat(64), reviewer: secret });
        await log
          .record({ event: "guardrail", guardrail: secret, status: secret, blocks: true })
          .catch(() => undefined);
      }
      expect(await verifyAuditLog(lines)).toMatchObject({ ok: true, records: 4 * 19 });
      expectClean(lines.join("\n"));
    });

    it("and no error of load, render, guard or a credential lookup quotes one", async () => {
      const said: string[] = [];
      const hear = (act: () => unknown): void => {
        try {
          const result = act();
          if (result !== undefined) said.push(JSON.stringify(result));
        } catch (error) {
          said.push(inspect(error, { depth: null }), (error as Error).stack ?? "");
        }
      };
      const { pack } = safeParsePack(
        JSON.stringify({
          id: "canary",
          name: "Canary",
          version: "1.0.0",
          template_engine: { version: "v1", syntax: "{{variable}}" },
          prompts: {
            main: {
              id: "main",
              name: "Main",
              version: "1.0.0",
              system_template: "Hi {{a}} {{b}} {{c}}",
              variables: [
                { name: "a", type: "number", required: true },
                { name: "b", type: "string", required: true, validation: { max_length: 2 } },
                { name: "c", type: "string", required: true, validation: { enum: ["x"] } },
              ],
            },
          },
        }),
      );
      const compiled = compilePrompt(pack as NonNullable<typeof pack>, "main");
      const guards = [
        { type: "regex_match", enabled: true, params: { pattern: "^$" } },
        { type: "max_length", enabled: true, params: { max_characters: 3 } },
      ];
      const { resolve } = createCredentials({ sources: { env: () => undefined } });
      for (const secret of Object.values(positive)) {
        hear(() => renderPrompt(compiled, { a: secret, b: secret, c: secret }));
        hear(() => guardResponse(guards as never, `the key is ${secret}`).verdicts);
        hear(() => formatDiagnostics(safeParsePack(secret).diagnostics)); // a file of credentials, given as a pack
        const error: unknown = await resolve(secret).catch((thrown: unknown) => thrown);
        said.push(inspect(error));
      }
      expect(said.length).toBeGreaterThanOrEqual(4 * 19);
      expectClean(said.join("\n"));
    });
  },
);
