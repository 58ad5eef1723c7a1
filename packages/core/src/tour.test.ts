import { expect, it } from "vitest";
import {
  compilePrompt,
  decideToolCall,
  createToolPolicyState,
  guardResponse,
  InputError,
  type ModelResponse,
  parsePack,
  renderPrompt,
  runEvals,
  safeParsePack,
  startRound,
} from "./index.ts";

/** A pack is one JSON file. This one assigns berths in a harbour. */
const file = JSON.stringify({
  id: "harbour-desk",
  name: "Harbour desk",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  fragments: { manners: "Be brief and polite." },
  tools: {
    find_berth: {
      name: "find_berth",
      description: "Finds a free berth",
      parameters: { type: "object", properties: { metres: { type: "number" } }, required: ["metres"] },
    },
  },
  evals: [{ id: "names-a-berth", type: "regex", trigger: "every_turn", params: { pattern: "berth [A-Z]\\d+" } }],
  prompts: {
    berths: {
      id: "berths",
      name: "Berths",
      version: "1.2.0",
      system_template: "You assign berths in {{port}}. {{fragments.manners}}",
      variables: [{ name: "port", type: "string", required: true }],
      tools: ["find_berth"],
      validators: [{ type: "banned_words", enabled: true, params: { words: ["sink"] } }],
      parameters: { temperature: 0.2 },
    },
  },
});

it("walks a pack from its bytes to the report on an answer", async () => {
  // bytes -> Pack: every check runs, and the data is frozen
  const pack = parsePack(new TextEncoder().encode(file));
  expect(pack.data.prompts["berths"]?.name).toBe("Berths");
  expect(pack.diagnostics).toEqual([]);

  // what is wrong is said where it is, not thrown, when you ask for that
  const { diagnostics } = safeParsePack(file.replace("validators", "validaters"));
  expect(diagnostics).toMatchObject([
    { code: "UNKNOWN_FIELD", pointer: "/prompts/berths/validaters", hint: 'did you mean "validators"?' },
  ]);

  // Pack -> CompiledPrompt -> PromptRequest: plain JSON that any model adapter maps
  const prompt = compilePrompt(pack, "berths");
  const request = renderPrompt(prompt, { port: "Ostende" });
  expect(request.system).toBe("You assign berths in Ostende. Be brief and polite.");
  expect(request.tools.map(({ name }) => name)).toEqual(["find_berth"]);
  expect(request.parameters).toEqual({ temperature: 0.2 });
  expect(() => renderPrompt(prompt, { prot: "Ostende" })).toThrow(InputError);

  // the model wants a tool: the pack says whether it may, and its arguments are checked
  const turn = startRound(createToolPolicyState(pack.prompt("berths"), pack.data));
  expect(decideToolCall(turn, { id: "1", name: "find_berth", arguments: '{"metres": 12}' })).toMatchObject({
    allowed: true,
    arguments: { metres: 12 },
  });
  expect(decideToolCall(turn, { id: "2", name: "open_sluice", arguments: "{}" })).toMatchObject({ allowed: false });

  // ModelResponse -> GuardedResponse: what the caller may see
  const answer: ModelResponse = { content: "You have berth B7.", finishReason: "stop" };
  const guarded = guardResponse(pack.prompt("berths").validators, answer);
  expect(guarded).toMatchObject({ ok: true, text: "You have berth B7." });
  expect(guardResponse(pack.prompt("berths").validators, "You will sink.").ok).toBe(false);

  // GuardedResponse -> EvalReport: a measurement that never blocks
  const { results } = await runEvals(pack.data.evals ?? [], { text: guarded.text });
  expect(results).toMatchObject([{ id: "names-a-berth", score: 1 }]);
});
