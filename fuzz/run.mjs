// npm run fuzz -- --time 60 [--seed N] [target...]: every target for its share of the time. A failure prints the smallest input.
import fc from "fast-check";
import { parseArgs } from "node:util";
import { words } from "./inputs.mjs";
import { targets } from "./targets.mjs";

const { values, positionals } = parseArgs({
  options: { time: { type: "string", default: "60" }, seed: { type: "string" } },
  allowPositionals: true,
});
const seed = Number(values.seed ?? Date.now() & 0x7fffffff);
const names = positionals.length > 0 ? positionals : Object.keys(targets);
const unknown = names.filter((name) => !Object.hasOwn(targets, name));
const seconds = Number(values.time);
if (unknown.length > 0 || !(seconds > 0)) {
  console.error(`fuzz: --time needs seconds, and a target is one of ${Object.keys(targets).join(", ")}`);
  process.exit(2);
}

const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, fc.string({ unit: "binary", maxLength: 12 })), {
    maxLength: 24,
  })
  .map((list) => list.join(""));
const bytes = fc.oneof(
  { weight: 4, arbitrary: text.map((made) => new TextEncoder().encode(made)) },
  { weight: 2, arbitrary: fc.json().map((made) => new TextEncoder().encode(made)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 96 }) },
);

let failed = 0;
for (const name of names) {
  const until = Date.now() + (seconds * 1000) / names.length;
  let runs = 0;
  let report;
  for (let round = 0; Date.now() < until && report?.failed !== true; round++) {
    report = fc.check(
      fc.property(bytes, (input) => void targets[name](input)),
      { seed: seed + round, numRuns: 200 },
    );
    runs += report.numRuns;
  }
  if (report?.failed) {
    failed++;
    console.error(
      `${name}: ${report.errorInstance?.message}\n  input ${JSON.stringify(new TextDecoder().decode(report.counterexample[0]))} (hex ${Buffer.from(report.counterexample[0]).toString("hex")})`,
    );
  } else console.log(`${name}: ${runs} inputs`);
}
console.log(`fuzz: ${names.length - failed} passed, ${failed} failed (seed ${seed})`);
process.exitCode = failed > 0 ? 1 : 0;
