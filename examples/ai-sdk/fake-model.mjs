// A model that says what it is told to, so that the examples run offline. Not a part of any real program.
import { simulateReadableStream } from "ai";
import { MockLanguageModelV3 } from "ai/test";

const usage = {
  inputTokens: { total: 12, noCache: 12, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 8, text: 8, reasoning: 0 },
};

/** Answers call after call: a text, or an object of tool names with their arguments. */
export function fakeModel(...answers) {
  let next = 0;
  const finishOf = (answer) => {
    const reason = typeof answer === "string" ? "stop" : "tool-calls";
    return { finishReason: { unified: reason, raw: reason }, usage };
  };
  const callsOf = (answer) =>
    Object.entries(answer).map(([toolName, input], index) => ({
      type: "tool-call",
      toolCallId: `call-${next}-${index}`,
      toolName,
      input: JSON.stringify(input),
    }));
  return new MockLanguageModelV3({
    doGenerate: async () => {
      const answer = answers[next++];
      const content = typeof answer === "string" ? [{ type: "text", text: answer }] : callsOf(answer);
      return { content, ...finishOf(answer), warnings: [] };
    },
    doStream: async () => {
      const answer = answers[next++];
      const parts =
        typeof answer === "string"
          ? [
              { type: "text-start", id: "1" },
              ...answer.split("").map((delta) => ({ type: "text-delta", id: "1", delta })),
              { type: "text-end", id: "1" },
            ]
          : callsOf(answer);
      const chunks = [{ type: "stream-start", warnings: [] }, ...parts, { type: "finish", ...finishOf(answer) }];
      return { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }) };
    },
  });
}
