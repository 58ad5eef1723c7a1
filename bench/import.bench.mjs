// What importing core adds to the start of a process. Bar: at most 25 ms over bare node.
// Medians of interleaved spawns, because a machine that is busy elsewhere slows both alike.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROUNDS = 21;
const entry = new URL("../packages/core/dist/index.js", import.meta.url).href;
const programs = { node: "", "node and promptpack": `import ${JSON.stringify(entry)}` };

const times = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, program] of Object.entries(programs)) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
    });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
    times[name].push(performance.now() - start);
  }
}

const median = (list) => list.toSorted((left, right) => left - right)[list.length >> 1];
const [bare, full] = Object.values(times).map(median);
if (process.argv.includes("--json"))
  console.log(JSON.stringify({ title: "import", rounds: ROUNDS, bareMs: bare, importMs: full - bare }));
else
  console.log(
    `\nimport core (${ROUNDS} interleaved spawns, medians)\n  bare node ${bare.toFixed(1)} ms, with promptpack ${full.toFixed(1)} ms: ${(full - bare).toFixed(1)} ms more`,
  );
