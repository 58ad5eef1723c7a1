import { compilePrompt, type Diagnostic, type Pack, PackError, parsePack, renderPrompt } from "promptpack";
import { loadPack } from "promptpack/node";

const source = JSON.stringify({
  id: "consumer",
  name: "Consumer",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    hello: {
      id: "hello",
      name: "Hello",
      version: "1.0.0",
      system_template: "Hello {{name}}",
      variables: [{ name: "name", type: "string", required: true }],
    },
  },
});

const pack: Pack = parsePack(source);
const system: string = renderPrompt(compilePrompt(pack, "hello"), { name: "Ada" }).system;
if (system !== "Hello Ada") throw new Error(`rendered ${system}`);

// @ts-expect-error: a pack is text or bytes, never a number
const refused = (): Pack => parsePack(1);
const loaded: (path: string) => Promise<Pack> = (path) => loadPack(path);
const findings = (error: unknown): readonly Diagnostic[] => (PackError.isInstance(error) ? error.diagnostics : []);

if (typeof refused !== "function" || typeof loaded !== "function" || findings(undefined).length !== 0) {
  throw new Error("the exports are not what their types say");
}
