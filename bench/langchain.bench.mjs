// What the adapter adds to a streamed call, against the framework alone. The fake model answers 120 tokens: at once (the
// worst case: nothing but the framework to hide behind), and one token every 2 ms, faster than any provider.
import { BaseChatModel } from "../node_modules/@langchain/core/dist/language_models/chat_models.js";
// The frameworks are those of the workspace, by path: bench/ has copies of its own, and two copies are not one framework.
import { AIMessage, AIMessageChunk, HumanMessage } from "../node_modules/@langchain/core/dist/messages/index.js";
import { ChatGenerationChunk } from "../node_modules/@langchain/core/dist/outputs.js";
import { ChatPromptTemplate } from "../node_modules/@langchain/core/dist/prompts/index.js";
import { RunnablePassthrough } from "../node_modules/@langchain/core/dist/runnables/index.js";
import { DynamicStructuredTool } from "../node_modules/@langchain/core/dist/tools/index.js";
import { createAgent } from "../node_modules/langchain/dist/index.js";
import { compare } from "./measure.mjs";

const load = async (name, file) => import(process.env[name] ?? new URL(file, import.meta.url).href);
const { parsePack } = await load("PROMPTPACK_BENCH_CORE_INDEX", "../packages/core/dist/index.js");
const adapter = await load("PROMPTPACK_BENCH_LANGCHAIN", "../packages/langchain/dist/index.js");
const { convertTools, guardModel, guardrailMiddleware, GuardrailRunnable, promptPackMiddleware, PromptPackTemplate } =
  adapter;

const tokens = Array.from({ length: 120 }, (_, index) => (index % 9 === 8 ? ". So" : ` word${index}`));
const words = ["guaranteed", "legal advice", "we promise", "secret", "password"];
const parameters = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
const tool = { name: "find", description: "Finds an order.", parameters };
const pack = parsePack(
  JSON.stringify({
    id: "bench",
    name: "Bench",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    tools: { find: tool },
    prompts: {
      main: {
        id: "main",
        name: "Main",
        version: "1.0.0",
        tools: ["find"],
        system_template: "You help customers of {{company}}. Answer in {{language}}.",
        variables: [
          { name: "company", type: "string", required: true },
          { name: "language", type: "string", required: false, default: "English" },
        ],
        validators: [
          { type: "banned_words", enabled: true, params: { words } },
          { type: "max_length", enabled: true, params: { max_characters: 5000 } },
        ],
      },
    },
  }),
);

class FakeModel extends BaseChatModel {
  constructor(pause) {
    super({});
    this.pause = pause;
  }
  _llmType() {
    return "fake";
  }
  bindTools() {
    return this;
  }
  async _generate() {
    return { generations: [{ text: tokens.join(""), message: new AIMessage(tokens.join("")) }] };
  }
  async *_streamResponseChunks(_messages, _options, run) {
    for (const text of tokens) {
      if (this.pause > 0) await new Promise((resolve) => setTimeout(resolve, this.pause));
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, id: "answer" }) });
      yield chunk;
      await run?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}

const values = { company: "Lantern", language: "English" };
const question = new HumanMessage("Where is my order?");
const plain = ChatPromptTemplate.fromMessages([
  ["system", "You help customers of {company}. Answer in {language}."],
  ["placeholder", "{messages}"],
]);
const ours = new PromptPackTemplate({ pack, promptId: "main" });

for (const pause of [0, 2]) {
  const model = new FakeModel(pause);
  const guarded = guardModel(model, pack.prompt("main").validators);
  const system = await ours.format(values);
  const chains = {
    framework: plain.pipe(model),
    template: ours.pipe(model),
    "template and guarded model": ours.pipe(guarded),
  };
  const { validators } = pack.prompt("main");
  // a step of a chain costs the framework something, whatever it does
  const steps = {
    "framework, with a step that does nothing": ours.pipe(model).pipe(new RunnablePassthrough()),
    "guardrails as a step": ours.pipe(model).pipe(new GuardrailRunnable(validators)),
  };
  const agentOf = (settings) => createAgent({ model, tools: [], systemPrompt: system, ...settings });
  const agents = {
    framework: agentOf({}),
    "agent with guardrails": agentOf({ middleware: [guardrailMiddleware(pack, "main")] }),
  };
  const find = async () => "found";
  const tooled = {
    framework: agentOf({ tools: [new DynamicStructuredTool({ ...tool, schema: parameters, func: find })] }),
    "agent with policy and guardrails": agentOf({
      tools: convertTools(pack, "main", { find }),
      middleware: promptPackMiddleware(pack, "main"),
    }),
  };
  const options = { rounds: pause === 0 ? 31 : 11, sampleMs: pause === 0 ? 60 : 300, equal: allEqual };
  const how = pause === 0 ? "at once" : `a token every ${pause} ms`;
  await compare(
    `a chain that streams 120 tokens, ${how}`,
    mapValues(chains, (chain) => () => readChain(chain)),
    options,
  );
  await compare(
    `a chain with a step after the model, ${how}`,
    mapValues(steps, (chain) => () => readChain(chain)),
    options,
  );
  await compare(
    `an agent without tools that streams 120 tokens (streamMode "messages"), ${how}`,
    mapValues(agents, (each) => () => readAgent(each)),
    options,
  );
  await compare(
    `an agent with a tool that streams 120 tokens (streamMode "messages"), ${how}`,
    mapValues(tooled, (each) => () => readAgent(each)),
    options,
  );
}

async function readChain(chain) {
  let text = "";
  for await (const chunk of await chain.stream({ ...values, messages: [question] })) text += chunk.content;
  return text;
}

async function readAgent(agent) {
  let text = "";
  const stream = await agent.stream({ messages: [new HumanMessage("Where is my order?")] }, { streamMode: "messages" });
  for await (const [chunk] of stream) text += chunk.content;
  return text;
}

function allEqual(results) {
  return Object.values(results).every((text) => text === tokens.join(""));
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
