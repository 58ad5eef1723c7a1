// A reply that a guardrail blocks is asked for again, with the advice that the guardrail gives; once.
import assert from "node:assert/strict";
import { generateText, wrapLanguageModel } from "ai";
import { compilePrompt } from "promptpack";
import { loadPack } from "promptpack/node";
import { guardrailMiddleware, promptSettings } from "promptpack-ai-sdk";
import { fakeModel } from "./fake-model.mjs";

const pack = await loadPack(new URL("../packs/customer-support.pack.json", import.meta.url).pathname);
const compiled = compilePrompt(pack, "support");

// For a real provider change this line, for example to: const provider = openai("gpt-5-mini");
const provider = fakeModel("We promise a new bike.", "I will ask a colleague about a new bike.");
const model = wrapLanguageModel({ model: provider, middleware: guardrailMiddleware(compiled.prompt.validators) });

const settings = promptSettings(compiled, {}, { user: "Do I get a new bike?" });
let result = await generateText({ model, ...settings });
const verdict = result.providerMetadata?.promptpack;
if (verdict?.retryAdvice !== undefined) {
  console.log("blocked by", verdict.violations.map(({ type }) => type).join(", "));
  const messages = [...settings.messages, { role: "user", content: verdict.retryAdvice }];
  result = await generateText({ model, ...settings, messages });
}
console.log(result.text);

assert.equal(verdict.ok, false);
assert.equal(result.finishReason, "stop");
assert.equal(result.text, "I will ask a colleague about a new bike.");
assert.doesNotMatch(
  JSON.stringify(provider.doGenerateCalls[1].prompt),
  /We promise/,
  "the blocked text is not sent back",
);
