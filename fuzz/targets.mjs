// What must hold for any input. A target takes bytes or text, returns nothing, and throws when a promise is broken.
import {
  createStreamGuard,
  guardResponse,
  InputError,
  PackError,
  parseDocument,
  renderTemplate,
  safeParsePack,
} from "promptpack";
import {
  CredentialError,
  parseCredentialPlan,
  parseEnvelope,
  parseLock,
  parseStatement,
  parseTrustPolicy,
  PolicyError,
  requireApproval,
  VerificationError,
} from "promptpack-security";
import { documentFromYaml } from "promptpack/yaml";
import * as yaml from "yaml";

const pack = (template) => ({
  id: "fuzz",
  name: "Fuzz",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: { main: { id: "main", name: "Main", version: "1.0.0", system_template: template } },
});

/** Foreign data may be refused, in our own words only. */
function refused(step, ...classes) {
  try {
    return step();
  } catch (error) {
    if (classes.some((one) => error instanceof one)) return undefined;
    throw error;
  }
}
function demand(holds, promise) {
  if (!holds) throw new Error(promise);
}

export const targets = {
  /** What the strict parser accepts, JSON.parse reads as the same. */
  parser(bytes) {
    const { data, diagnostics } = parseDocument(bytes);
    if (data === undefined || diagnostics.some(({ severity }) => severity === "error")) return;
    const text = new TextDecoder().decode(bytes);
    demand(
      JSON.stringify(data) === JSON.stringify(JSON.parse(text)),
      "the parser reads something else than JSON.parse",
    );
  },

  /** A pack is refused with diagnostics, or is there; never both, and nothing is thrown. */
  pack(bytes) {
    const text = new TextDecoder().decode(bytes);
    for (const source of [bytes, JSON.stringify(pack(text)), JSON.stringify({ ...pack("x"), [text]: text })]) {
      const { pack: found, diagnostics } = safeParsePack(source);
      const failed = diagnostics.some(({ severity }) => severity === "error");
      demand(failed === (found === undefined), "a pack is there in spite of an error, or missing without one");
    }
  },

  /** Any text as a template ends, and any text as a value comes out as itself. */
  template(bytes) {
    const text = new TextDecoder().decode(bytes).toWellFormed();
    refused(() => renderTemplate(text, { values: { x: "y" }, extra: "ignore" }), InputError, PackError);
    demand(renderTemplate("<{{x}}>", { values: { x: text } }) === `<${text}>`, "a value was read as a template");
  },

  /** However a stream is cut, its verdict is that of the whole text, and nothing blocked leaves. */
  guard(bytes) {
    const text = new TextDecoder().decode(bytes);
    const validators = [
      { type: "banned_words", params: { words: ["wreck", "ab c"] } },
      { type: "max_length", params: { max_characters: 40 } },
    ];
    const whole = guardResponse(validators, text);
    const guard = createStreamGuard(validators);
    let shown = "";
    const width = 1 + ((bytes[0] ?? 0) % 7);
    for (let at = 0; at < text.length; at += width) shown += guard.push(text.slice(at, at + width)).text;
    const last = guard.end();
    shown += last.text;
    demand(last.guarded.ok === whole.ok, "the stream has another verdict than the whole text");
    demand(whole.ok ? shown === text : text.startsWith(shown), "the stream shows something else than the text");
  },

  /** YAML is read without throwing, and what is read is JSON. */
  yaml(bytes) {
    const { data } = documentFromYaml(bytes, yaml);
    if (data !== undefined)
      demand(
        JSON.stringify(JSON.parse(JSON.stringify(data))) === JSON.stringify(data),
        "YAML gave more than JSON can hold",
      );
  },

  /** An envelope is read or refused as such. */
  dsse(bytes) {
    const text = new TextDecoder().decode(bytes);
    const payload = Buffer.from(text).toString("base64");
    for (const source of [
      text,
      JSON.stringify({ payloadType: text, payload, signatures: [{ sig: payload, keyid: text }] }),
    ]) {
      const envelope = refused(() => parseEnvelope(source), VerificationError);
      if (envelope !== undefined) demand(envelope.payload instanceof Uint8Array, "an envelope has no payload");
    }
  },

  /** What a host trusts by is read or refused as such, and what is read says the same when it is read again. */
  trust(bytes) {
    const refusals = [VerificationError, PolicyError, CredentialError];
    for (const parse of [parseTrustPolicy, parseLock, parseStatement, parseCredentialPlan]) {
      const read = refused(() => parse(bytes), ...refusals);
      if (read === undefined || parse === parseStatement) continue;
      const text = JSON.stringify(read);
      demand(
        JSON.stringify(refused(() => parse(text), ...refusals)) === text,
        `${parse.name} reads two things in one text`,
      );
    }
    refused(() => requireApproval(bytes), ...refusals);
  },
};
