// A workflow of a pack: each state is a prompt, the model moves on by a tool, and the run is plain JSON in between.
import assert from "node:assert/strict";
import { generateText } from "ai";
import { compilePrompt, initialState, stateTools, transition } from "promptpack";
import { loadPack } from "promptpack/node";
import { eventOfCall, transitionTool } from "promptpack/workflow";
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

let run = initialState(workflow);
const events = [{ type: "message" }];
const answers = [];
for (let event = events.shift(); event !== undefined; event = events.shift()) {
  const [next, effects] = transition(workflow, run, event);
  run = next;
  for (const effect of effects) {
    if (effect.type === "refuse") console.log("refused", effect.diagnostic.message);
    if (effect.type !== "run_prompt") continue;
    const compiled = compilePrompt(pack, effect.promptTask, { tools: stateTools(workflow, effect.state) });
    const variables = effect.state === "outline" ? { topic: "lighthouses" } : {};
    const settings = promptSettings(compiled, variables, { artifacts: run.artifacts, user: "Go on." });
    const { text, toolCalls } = await generateText({ model, ...settings });
    console.log(effect.state, toolCalls.map(({ toolName }) => toolName).join(", "));
    // the tools have no handlers, so the SDK leaves their calls to us
    for (const { toolName: name, input } of toolCalls) {
      const asked = eventOfCall({ name, arguments: JSON.stringify(input) });
      if (asked !== undefined) events.push(asked);
    }
    events.push({ type: "reply", text });
    answers.push(text);
  }
}

console.log(run.status, JSON.stringify(run.artifacts));
assert.equal(run.status, "completed");
assert.deepEqual(run.visits, { outline: 1, draft: 1, review: 1, published: 1 });
assert.deepEqual(run.artifacts, { outline: "Light, keeper, storm", draft: "The keeper counts." });
assert.equal(answers.at(-1), "It is published.");
