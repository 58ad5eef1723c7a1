// A pack in a file, typed by: promptpack types ../packs/customer-support.pack.json -o support.ts
import assert from "node:assert/strict";
import { compilePrompt, renderPrompt } from "promptpack";
import support from "./support.ts";

const { system, tools } = renderPrompt(compilePrompt(support, "support"), { company: "Fern Tea", plan: "business" });
assert.ok(system.includes("support agent of Fern Tea"));
assert.deepEqual(
  tools.map(({ name }) => name),
  ["find_order", "open_ticket"],
);
console.log(system);
