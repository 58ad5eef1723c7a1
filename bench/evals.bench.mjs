// 10 000 cheap evals: 10 on each of 1000 outputs of about 1 KB, results included.
// The peer has no evals: its validateResponse with two validators stands for one, 10 000 times on the same outputs.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { compare } from "./measure.mjs";

const dist = process.env.PROMPTPACK_BENCH_CORE ?? new URL("../packages/core/dist", import.meta.url).href;
const { planEvals, runEvals, startEvals } = await import(`${dist}/index.js`);
const peers = process.env.PROMPTPACK_BENCH_PEERS ?? import.meta.dirname;

const OUTPUTS = 1000;
const EVALS = 10;
const sentence =
  "The harbour clerk confirmed the berth for the night and asked the captain to sign the log before noon. ";
const outputs = Array.from(
  { length: OUTPUTS },
  (_, index) => `${sentence.repeat(10).slice(0, 1000)} Order ${index} is done.`,
);

const every = (id, type, params, rest = {}) => ({ id, type, trigger: "every_turn", params, ...rest });
const passes = { threshold: { operator: "gte", value: 1 } };
const evals = Object.freeze([
  every("a", "contains", { patterns: ["harbour"] }),
  every("b", "contains", { patterns: ["Captain", "LOG"] }, passes),
  every("c", "contains_any", { patterns: ["mutiny", "order"] }, passes),
  every("d", "content_excludes", { patterns: ["wreck", "cannot help"] }, passes),
  every("e", "max_length", { max_characters: 2000 }, passes),
  every("f", "min_length", { min_characters: 20 }, passes),
  every("g", "json_valid", {}),
  every("h", "regex", { pattern: "Order [0-9]+" }, passes),
  every("i", "banned_words", { words: ["wreck"] }, passes),
  every("j", "field_presence", { fields: ["berth", "night"] }, passes),
]);
// What the peer has for one eval: a call with two of its checks, as its users write it.
const validators = [
  { type: "banned_words", enabled: true, fail_on_violation: false, params: { words: ["mutiny", "wreck", "foul"] } },
  { type: "max_length", enabled: true, fail_on_violation: false, params: { max_characters: 2000 } },
];

let kept = [];
const candidates = {
  promptpack: () => {
    const planned = planEvals(evals);
    kept = [];
    for (const text of outputs) for (const result of startEvals(planned, { text })) kept.push(result);
    return kept.length;
  },
  "promptpack, a promise for each output": async () => {
    kept = [];
    for (const text of outputs) for (const result of (await runEvals(evals, { text })).results) kept.push(result);
    return kept.length;
  },
};
try {
  const path = createRequire(pathToFileURL(`${peers}/package.json`)).resolve("@promptpack/langchain");
  const { validateResponse } = await import(pathToFileURL(path).href);
  candidates["@promptpack/langchain"] = () => {
    kept = [];
    for (const text of outputs) for (let call = 0; call < EVALS; call++) kept.push(validateResponse(text, validators));
    return kept.length;
  };
} catch {
  console.error("@promptpack/langchain is not installed: compared without it");
}

const { candidates: measured } = await compare("10 000 evals with results", candidates, {
  equal: (results) => Object.values(results).every((count) => count === OUTPUTS * EVALS),
});
if (!process.argv.includes("--json")) {
  for (const { name, medianNs } of measured)
    console.log(`  ${name}: ${(medianNs / OUTPUTS / EVALS / 1000).toFixed(3)} us for each`);
}
