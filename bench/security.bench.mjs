// Reviews a pack of about 4 KB and compares two of them. Needs a build (npx tsc -b).
// No peer does either; the bar is 5 ms each; the third candidate is what parsing alone costs.
import { compare } from "./measure.mjs";

const { parsePack } = await import(new URL("../packages/core/dist/index.js", import.meta.url).href);
const { diffPacks, reviewPack } = await import(new URL("../packages/security/dist/index.js", import.meta.url).href);

const before = source("1.0.0", "Never promise a refund.");
const after = source("1.1.0", "Be generous with refunds.");
const [old, now] = [parsePack(before), parsePack(after)];
console.log(`the pack has ${new TextEncoder().encode(before).length} bytes`);

const candidates = {
  review: () => reviewPack(parsePack(before), { source: before }),
  diff: () => diffPacks(old, now),
  "parse alone": () => parsePack(before),
};
// Some sixty patterns take their time to be compiled; a sample of a few calls would measure that.
for (let call = 0; call < 200; call++) for (const run of Object.values(candidates)) run();
await compare("review a pack of 4 KB, compare two", candidates, { sampleMs: 40 });

function source(version, sentence) {
  const prose =
    "You help the customers of an online shop. Look orders up before you answer, and say so when you do not know. ";
  const prompt = (id) => ({
    id,
    name: id,
    version,
    system_template: `${prose.repeat(5)}${sentence} Greet {{name}} and mention {{fragments.hours}}`,
    variables: [
      { name: "name", type: "string", required: true, validation: { pattern: "^[A-Za-z ]+$", max_length: 80 } },
    ],
    tools: ["find_order", "open_ticket"],
    tool_policy: { max_rounds: 3, blocklist: ["refund"] },
    validators: [{ type: "banned_words", params: { words: ["guarantee", "promise"] } }],
  });
  const tool = (name, description) => ({
    name,
    description,
    parameters: {
      type: "object",
      properties: { id: { type: "string", description: "The order's number" } },
      required: ["id"],
    },
  });
  return JSON.stringify({
    id: "shop",
    name: "Shop",
    version,
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { support: prompt("support"), returns: prompt("returns"), sales: prompt("sales") },
    fragments: { hours: "We answer from nine to five, Monday to Friday. See https://example.com/help for the rest." },
    tools: {
      find_order: tool("find_order", "Finds an order by its number and returns its state."),
      open_ticket: tool("open_ticket", "Opens a ticket for a person to look at."),
      refund: tool("refund", "Pays money back."),
    },
  });
}
