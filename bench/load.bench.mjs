// Strict load with everything on (text, duplicate keys, schema, cross-references, every template, frozen data)
// against JSON.parse of the same text. Bars: at most 2x at 7.5 KB, 1.5x at 100 KB and at 1 MB.
// JSON.parse with a deep freeze is what a frozen pack costs before anything about it is looked at.
import { parsePack } from "../packages/core/dist/index.js";
import { generatePack } from "./generate-pack.mjs";
import { compare } from "./measure.mjs";

for (const [size, prompts] of [
  ["7.5 KB", 2],
  ["100 KB", 24],
  ["1 MB", 238],
]) {
  const text = generatePack(prompts);
  const { diagnostics } = parsePack(text);
  if (diagnostics.length > 0) throw new Error(`the pack is not clean: ${diagnostics[0].message}`);
  await compare(`load ${size} (${(text.length / 1000).toFixed(1)} KB)`, {
    "JSON.parse": () => JSON.parse(text),
    "JSON.parse, frozen": () => freeze(JSON.parse(text)),
    parsePack: () => parsePack(text),
  });
}

function freeze(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) for (let index = 0; index < value.length; index++) freeze(value[index]);
  else for (const name in value) freeze(value[name]);
  return Object.freeze(value);
}
