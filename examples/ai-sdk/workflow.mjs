// A workflow of a pack: each state is a prompt, the model moves on by a tool, and the run is plain JSON in between.
import assert from "node:assert/strict";
import { generateText } from "ai";
import { compilePrompt } from "promptpack";
import { loadPack } from "promptpack/node";
import { resumeWorkflow, transitionTool } from "promptpack/workflow";
import { promptSettings } from "promptpack-ai-sdk";
import { fakeModel } from "./fake-model.mjs";

const pack = await loadPack(new URL("../packs/article-workflow.pack.json", import.meta.url).pathname);
const { workflow } = pack.data;

// For a real provider change this line, for example to: const model = openai("gpt-5-mini");
const model = fakeModel(
  {
    workflow__set_artifact: { name: "outline", value: "Light, keeper, storm" },
    [transitionTool]: { event: "OutlineAgreed" },
  },
  { workflow__set_artifact: { name: "draft", value: "The keeper counts." }, [transitionTool]: { event: "DraftReady" } },
  { [transitionTool]: { event: "Accepted" } },
  "It is published.",
);

const step = resumeWorkflow(workflow);
const answers = [];
step.receive(undefined, 1);
while (step.progress.run.busy) {
  const { state, promptTask, artifacts } = step.task;
  const compiled = compilePrompt(pack, promptTask, { tools: step.tools });
  const variables = state === "outline" ? { topic: "lighthouses" } : {};
  const { text, toolCalls } = await generateText({
    model,
    ...promptSettings(compiled, variables, { artifacts, user: "Go on." }),
  });
  console.log(state, toolCalls.map(({ toolName }) => toolName).join(", "));
  // the tools have no handlers, so the SDK leaves their calls to us
  for (const { toolName: name, input } of toolCalls) {
    const refused = step.call({ name, arguments: JSON.stringify(input) });
    if (refused !== undefined) console.log("refused", refused.message);
  }
  answers.push(text);
  step.reply(text, answers.length + 1);
}

const { run } = step.progress; // JSON: store step.progress, and go on with it in another process
console.log(run.status, JSON.stringify(run.artifacts));
assert.equal(run.status, "completed");
assert.deepEqual(run.visits, { outline: 1, draft: 1, review: 1, published: 1 });
assert.deepEqual(run.artifacts, { outline: "Light, keeper, storm", draft: "The keeper counts." });
assert.equal(answers.at(-1), "It is published.");
