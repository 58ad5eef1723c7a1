// promptpack-langchain with LangChain's own fake models.
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { FakeStreamingChatModel } from "@langchain/core/utils/testing";
import { createAgent, fakeModel } from "langchain";
import { definePack } from "promptpack";
import { convertTools, guardModel, promptPackMiddleware, PromptPackTemplate } from "promptpack-langchain";
import { equal } from "./expect.mjs";
import { pack as data } from "./pack.mjs";

const pack = definePack(data);
const { validators } = pack.prompt("support");
const prompt = PromptPackTemplate.fromPack(pack, "support");
const streaming = (text) => new FakeStreamingChatModel({ responses: [new AIMessage(text)], sleep: 0 });

async function streamed(text) {
  const chain = prompt.pipe(guardModel(streaming(text), validators)).pipe(new StringOutputParser());
  const seen = [];
  for await (const piece of await chain.stream({ name: "Ada", user_message: "Hi" })) seen.push(piece);
  return seen;
}

export const checks = {
  "renders a prompt, and braces are only braces": async () => {
    const value = await prompt.invoke({ name: "Ada {x}", user_message: "What is {y}?" });
    const [system, user] = value.toChatMessages();
    equal([system.text, user.text], ["Hello Ada {x}, welcome to Acme.", "What is {y}?"]);
  },
  "streams what passes, piece by piece": async () => {
    const seen = await streamed("All is fine here.");
    equal([seen.join(""), seen.length > 5], ["All is fine here.", true]);
  },
  "never leaks a character of a banned word": async () => {
    const seen = await streamed("It is a secret, sorry.");
    equal(seen.join("").split("I can't")[0].trimEnd(), "It is a");
  },
  "runs a tool through the policy in an agent, and no other": async () => {
    const ran = [];
    const model = fakeModel()
      .respondWithTools([
        { name: "lookup", args: { id: "abc" }, id: "1" },
        { name: "lookup", args: { id: "ABC" }, id: "2" },
        { name: "erase", args: {}, id: "3" },
      ])
      .respond(new AIMessage("Found."));
    const agent = createAgent({
      model,
      tools: convertTools(pack, "support", { lookup: ({ id }) => ran.push(id) }),
      systemPrompt: await prompt.format({ name: "Ada" }),
      middleware: promptPackMiddleware(pack, "support"),
    });
    const { messages } = await agent.invoke({ messages: [new HumanMessage("Where is it?")] });
    equal([messages.at(-1).text, ran], ["Found.", ["abc"]]);
  },
};
