// What the adapter adds to a streamed call of the AI SDK: prompt settings and guardrails against the same call written by
// hand. The fake model streams 200 pieces: all at once (the worst case: nothing but the framework to hide behind), and one
// every 2 ms, faster than any provider. The framework is the reference; a middleware that does nothing, written as the SDK's
// guide writes them, shows what it charges for any middleware.
// A call makes so much garbage that single samples differ by a fifth: rounds are short and many, so that a round's samples
// share the machine's mood and the median stands still.
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
const modelOf = (pause) =>
  new MockLanguageModelV3({
    doStream: async () => ({
      stream: simulateReadableStream({ chunks, initialDelayInMs: pause, chunkDelayInMs: pause }),
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

const middleware = guardrailMiddleware(compiled.prompt.validators);
const passOn = {
  specificationVersion: "v3",
  wrapStream: async ({ doStream }) => {
    const { stream, ...rest } = await doStream();
    const transform = (part, controller) => controller.enqueue(part);
    return { ...rest, stream: stream.pipeThrough(new TransformStream({ transform })) };
  },
};
const byHand = { system: "You help Ada.", temperature: 0.5, messages: [{ role: "user", content: "Hi" }] };
const fromPack = () => promptSettings(compiled, { name: "Ada" }, { user: "Hi" });

for (const pause of [null, 2]) {
  const model = modelOf(pause);
  const guarded = wrapLanguageModel({ model: modelOf(pause), middleware });
  const wrapped = wrapLanguageModel({ model: modelOf(pause), middleware: passOn });
  await compare(
    `a streamed call of 200 pieces, ${pause === null ? "at once" : `one every ${pause} ms`}`,
    {
      "streamText by hand": () => read(streamText({ model, ...byHand })),
      "with a middleware that does nothing": () => read(streamText({ model: wrapped, ...byHand })),
      "with promptSettings": () => read(streamText({ model, ...fromPack() })),
      "with promptSettings and guardrails": () => read(streamText({ model: guarded, ...fromPack() })),
    },
    {
      ...(pause === null ? { rounds: 401, sampleMs: 12 } : { rounds: 15, sampleMs: 400 }),
      equal: (results) => Object.values(results).every((result) => result === text),
    },
  );
}

async function read({ textStream }) {
  let all = "";
  for await (const piece of textStream) all += piece;
  return all;
}
