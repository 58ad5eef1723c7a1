// What the adapter adds to a streamed call of the AI SDK: prompt settings, tools and guardrails against the same call
// written by hand, with a fake model that streams 200 pieces. The framework is the reference.
import { streamText, wrapLanguageModel } from "ai";
import { MockLanguageModelV3, simulateReadableStream } from "ai/test";
import { compilePrompt, parsePack } from "promptpack";
import { guardrailMiddleware, promptSettings } from "promptpack-ai-sdk";
import { compare } from "./measure.mjs";

const words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"];
const pieces = Array.from({ length: 200 }, (_, index) => `${words[index % words.length]} `);
const text = pieces.join("");
const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 200, text: 200, reasoning: 0 },
};
const chunks = [
  { type: "stream-start", warnings: [] },
  { type: "text-start", id: "1" },
  ...pieces.map((delta) => ({ type: "text-delta", id: "1", delta })),
  { type: "text-end", id: "1" },
  { type: "finish", finishReason: { unified: "stop", raw: "stop" }, usage },
];
const makeModel = () =>
  new MockLanguageModelV3({
    doStream: async () => ({
      stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }),
    }),
  });

const compiled = compilePrompt(
  parsePack(
    JSON.stringify({
      id: "bench",
      name: "Bench",
      version: "1.0.0",
      template_engine: { version: "v1", syntax: "{{variable}}" },
      prompts: {
        chat: {
          id: "chat",
          name: "Chat",
          version: "1.0.0",
          system_template: "You help {{name}}.",
          variables: [{ name: "name", type: "string", required: true }],
          parameters: { temperature: 0.5 },
          validators: [{ type: "banned_words", enabled: true, params: { words: ["hunter2", "swordfish"] } }],
        },
      },
    }),
  ),
  "chat",
);

const bare = makeModel();
const middleware = guardrailMiddleware(compiled.prompt.validators);
const guarded = wrapLanguageModel({ model: makeModel(), middleware });

const byHand = () =>
  read(
    streamText({ model: bare, system: "You help Ada.", temperature: 0.5, messages: [{ role: "user", content: "Hi" }] }),
  );
const withSettings = () =>
  read(streamText({ model: bare, ...promptSettings(compiled, { name: "Ada" }, { user: "Hi" }) }));
const withGuardrails = () =>
  read(streamText({ model: guarded, ...promptSettings(compiled, { name: "Ada" }, { user: "Hi" }) }));

await compare(
  "a streamed call of 200 pieces",
  {
    "streamText by hand": byHand,
    "with promptSettings": withSettings,
    "with promptSettings and guardrails": withGuardrails,
  },
  { sampleMs: 60, equal: (results) => Object.values(results).every((result) => result === text) },
);

async function read({ textStream }) {
  let all = "";
  for await (const piece of textStream) all += piece;
  return all;
}
