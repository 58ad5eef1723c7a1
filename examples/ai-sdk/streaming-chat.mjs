// A chat of two turns that streams, with the prompt, its parameters and its guardrails from the pack.
import assert from "node:assert/strict";
import { streamText, wrapLanguageModel } from "ai";
import { compilePrompt } from "promptpack";
import { loadPack } from "promptpack/node";
import { guardrailMiddleware, promptSettings } from "promptpack-ai-sdk";
import { fakeModel } from "./fake-model.mjs";

const pack = await loadPack(new URL("../packs/customer-support.pack.json", import.meta.url).pathname);
const compiled = compilePrompt(pack, "support");

// For a real provider change this line, for example to: const provider = openai("gpt-5-mini");
const provider = fakeModel("Hello! How can I help?", "Your refund is guaranteed by Friday.");
const model = wrapLanguageModel({ model: provider, middleware: guardrailMiddleware(compiled.prompt.validators) });

let messages = [];
for (const user of ["Hi", "Will I get my money back?"]) {
  const settings = promptSettings(compiled, { company: "Luma Bikes" }, { messages, user });
  const result = streamText({ model, ...settings });
  process.stdout.write(`> ${user}\n`);
  for await (const piece of result.textStream) process.stdout.write(piece);
  process.stdout.write(`\n  [${await result.finishReason}]\n`);
  messages = [...settings.messages, ...(await result.response).messages];
}

const said = JSON.stringify(messages);
assert.match(said, /How can I help\?/);
assert.match(said, /I cannot promise that/, "the guardrail's message stands for the promise");
assert.doesNotMatch(said, /guarante/, "no character of the banned word went out");
