// node fuzz/guided.mjs --time 300 [--seed N] [target...]: keeps and changes the inputs that reach new code, by the engine's own
// coverage, so that it needs nothing but Node. A failure prints its input.
import { Session } from "node:inspector/promises";
import { parseArgs } from "node:util";
import { seeds, words } from "./inputs.mjs";
import { targets } from "./targets.mjs";

const { values, positionals } = parseArgs({
  options: { time: { type: "string", default: "60" }, seed: { type: "string" } },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(targets);
const seconds = Number(values.time);
if (names.some((name) => !Object.hasOwn(targets, name)) || !(seconds > 0)) {
  console.error(`guided: --time needs seconds, and a target is one of ${Object.keys(targets).join(", ")}`);
  process.exit(2);
}
const seed = Number(values.seed ?? Date.now() & 0x7fffffff);
const most = 4096;
/** Inputs between two looks at the coverage: a look costs more than an input. */
const batch = 8;
/** Milliseconds after which an input of 4 KiB counts as one that keeps the machine busy. */
const slow = 2000;
const random = mulberry32(seed);
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

let failed = 0;
for (const name of names) {
  const known = new Set();
  const corpus = [];
  const until = Date.now() + (seconds * 1000) / names.length;
  let runs = 0;
  const failures = [];
  /** Runs the inputs; returns how many places in our code they were the first to reach. */
  const reach = async (inputs) => {
    for (const input of inputs) {
      runs++;
      const start = Date.now();
      try {
        targets[name](input);
        if (Date.now() - start > slow) throw new Error(`${Date.now() - start} ms for ${input.length} bytes`);
      } catch (error) {
        failures.push({ error, input });
      }
    }
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const before = known.size;
    for (const { url, functions } of result)
      if (/\/packages\/[^/]+\/dist\//.test(url))
        for (const { ranges } of functions)
          for (const { startOffset, endOffset, count } of ranges)
            if (count > 0) known.add(`${url}:${startOffset}-${endOffset}:${Math.min(Math.floor(Math.log2(count)), 4)}`);
    return known.size - before;
  };
  for (const given of seeds[name] ?? seeds.any) {
    const input = new TextEncoder().encode(given);
    if ((await reach([input])) > 0) corpus.push(input);
  }
  while (Date.now() < until && failures.length === 0) {
    const inputs = Array.from({ length: batch }, () => change(pick(corpus), pick(corpus)));
    if ((await reach(inputs)) > 0) corpus.push(...inputs);
  }
  const [failure] = failures;
  if (failure === undefined)
    console.log(`${name}: ${runs} inputs, ${corpus.length} kept, ${known.size} places reached`);
  else {
    failed++;
    const { error, input } = failure;
    console.error(
      `${name}: ${error.stack}\n  input ${JSON.stringify(new TextDecoder().decode(input))} (hex ${Buffer.from(input).toString("hex")})`,
    );
  }
}
console.log(`guided: ${names.length - failed} passed, ${failed} failed (seed ${seed})`);
process.exitCode = failed > 0 ? 1 : 0;
session.disconnect();

/** Returns the input with one to four changes: bits, pieces removed, repeated, inserted, or taken from another input. */
function change(input, other) {
  let bytes = Uint8Array.from(input);
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(bytes.length + 1);
    const end = at + below(Math.min(bytes.length - at, 64) + 1);
    const kind = below(6);
    if (kind === 0 && bytes.length > 0) bytes[at % bytes.length] ^= 1 << below(8);
    else if (kind === 1) bytes = join(bytes.subarray(0, at), bytes.subarray(end));
    else if (kind === 2) bytes = join(bytes.subarray(0, end), bytes.subarray(at));
    else if (kind === 3) bytes = join(bytes.subarray(0, at), new TextEncoder().encode(pick(words)), bytes.subarray(at));
    else if (kind === 4) bytes = join(bytes.subarray(0, at), other.subarray(below(other.length + 1)));
    else bytes = join(bytes.subarray(0, at), new TextEncoder().encode(pick(words)), bytes.subarray(end));
  }
  return bytes.subarray(0, most);
}
function join(...parts) {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
function pick(list) {
  return list[below(list.length)];
}
function below(limit) {
  return Math.floor(random() * limit);
}
/** A small generator whose numbers a seed repeats. */
function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
