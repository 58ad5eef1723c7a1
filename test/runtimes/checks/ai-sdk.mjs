// promptpack-ai-sdk with the SDK's own fake model.
import { generateText, simulateReadableStream, streamText, wrapLanguageModel } from "ai";
import { MockLanguageModelV3 } from "ai/test";
import { compilePrompt, definePack } from "promptpack";
import { guardrailMiddleware, promptSettings } from "promptpack-ai-sdk";
import { equal } from "./expect.mjs";
import { pack } from "./pack.mjs";

const compiled = compilePrompt(definePack(pack), "support");
const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
const ends = (reason) => ({ finishReason: { unified: reason, raw: reason }, usage });

function streamed(text, guarded = true) {
  const provider = new MockLanguageModelV3({
    doStream: async () => ({
      stream: simulateReadableStream({
        chunks: [
          { type: "text-start", id: "1" },
          ...text.split("").map((delta) => ({ type: "text-delta", id: "1", delta })),
          { type: "text-end", id: "1" },
          { type: "finish", ...ends("stop") },
        ],
        initialDelayInMs: null,
        chunkDelayInMs: null,
      }),
    }),
  });
  const middleware = guardrailMiddleware(compiled.prompt.validators);
  const model = guarded ? wrapLanguageModel({ model: provider, middleware }) : provider;
  return { provider, result: streamText({ model, ...promptSettings(compiled, { name: "Ada" }, { user: "Hi" }) }) };
}

export const checks = {
  "renders a prompt for a call": async () => {
    const { provider, result } = streamed("Hello!", false);
    equal(await result.text, "Hello!");
    const [{ prompt, tools }] = provider.doStreamCalls;
    equal(prompt[0], { role: "system", content: "Hello Ada, welcome to Acme." });
    equal(
      tools.map(({ name }) => name),
      ["lookup"],
    );
  },
  "streams what passes, in the model's own pieces": async () => {
    const { result } = streamed("All is fine here.");
    const pieces = [];
    for await (const piece of result.textStream) pieces.push(piece);
    equal([pieces.join(""), pieces.length > 5], ["All is fine here.", true]);
  },
  "never leaks a character of a banned word": async () => {
    const { result } = streamed("It is a secret, sorry.");
    const seen = [];
    for await (const piece of result.textStream) seen.push(piece);
    equal([seen.join("").split("I can't")[0], await result.finishReason], ["It is a ", "content-filter"]);
  },
  "runs a tool through the policy, and no other": async () => {
    const ran = [];
    let round = 0;
    const call = (toolName, input, index) => ({
      type: "tool-call",
      toolCallId: `${round}-${index}`,
      toolName,
      input: JSON.stringify(input),
    });
    const model = new MockLanguageModelV3({
      doGenerate: async () => {
        const calls = [call("lookup", { id: "abc" }, 0), call("lookup", { id: "ABC" }, 1), call("erase", {}, 2)];
        const content = round++ === 0 ? calls : [{ type: "text", text: "Found." }];
        return { content, ...ends(round === 1 ? "tool-calls" : "stop"), warnings: [] };
      },
    });
    const handlers = { lookup: ({ id }) => ran.push(id) };
    const { text } = await generateText({
      model,
      ...promptSettings(compiled, { name: "Ada" }, { handlers, user: "?" }),
    });
    equal([text, ran], ["Found.", ["abc"]]);
  },
};
