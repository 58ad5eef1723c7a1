// A chat that streams: the prompt of a pack, the conversation so far, and a model, in an ordinary LangChain chain.
import assert from "node:assert/strict";
import { AIMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { loadPack } from "promptpack/node";
import { PromptPackTemplate } from "promptpack-langchain";

const pack = await loadPack(new URL("../packs/customer-support.pack.json", import.meta.url).pathname);
const prompt = PromptPackTemplate.fromPack(pack, "support", { partialVariables: { company: "Lantern Books" } });

// For a real provider change this line: const model = new ChatOpenAI({ model: "gpt-4o-mini" });
const model = new FakeStreamingChatModel({ responses: [new AIMessage("Your order left on Monday.")] });

const chain = prompt.pipe(model).pipe(new StringOutputParser());
const messages = [
  ["human", "Hello"],
  ["ai", "Hello! How can I help?"],
];
let answer = "";
for await (const piece of await chain.stream({ plan: "plus", messages, user_message: "Where is my order {17}?" }))
  answer += piece;
console.log(answer);

assert.equal(answer, "Your order left on Monday.");
const [system, , , user] = (
  await prompt.invoke({ plan: "plus", messages, user_message: "Where is my order {17}?" })
).toChatMessages();
assert.match(system.text, /support agent of Lantern Books.*plus plan/s);
assert.equal(user.text, "Where is my order {17}?");
