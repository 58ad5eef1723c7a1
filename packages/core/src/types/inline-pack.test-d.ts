// Packs that are written inline and lack what every pack has, with the words that the compiler must say: typed-pack.test.ts reads
// them. Nothing here ever runs.
import { definePack } from "promptpack";
import pack from "../../../../test/types/help-desk.ts";

const { data } = pack;

export function wrong(): void {
  // @ts-expect-error 'number'; 'string'
  definePack({ ...data, prompts: { main: { id: 1 } } });
  // @ts-expect-error 'system_template' is missing
  definePack({ ...data, prompts: { main: { id: "main", name: "Main", version: "1.0.0" } } });
  // @ts-expect-error 'entry' is missing
  definePack({ ...data, agents: { members: {} } });
  // @ts-expect-error 'description' is missing
  definePack({ ...data, tools: { find: { name: "find" } } });
}
