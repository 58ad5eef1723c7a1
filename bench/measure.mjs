// Compares implementations of one task in one run, because absolute times of a shared machine mean nothing.
// Samples are short and interleaved: every round takes one sample of each candidate, in a fresh random order,
// and a ratio is formed inside its round. What is reported is the median of those ratios.

/**
 * @typedef {object} Comparison
 * @property {string} title
 * @property {number} rounds
 * @property {{ name: string, medianNs: number, ratio: number, low: number, high: number }[]} candidates
 *   `medianNs` is per call; `ratio` is the median over the rounds of this candidate's time by the first one's
 *   (2 means: takes twice as long); `low` and `high` are the quartiles of that ratio.
 */

/**
 * Measures every candidate on the same task and prints a table (or one JSON line with `--json`).
 *
 *     await compare("render a short prompt", { promptpack: () => ..., handlebars: () => ... }, {
 *       equal: (results) => results.promptpack === results.handlebars,
 *     });
 *
 * @param {string} title
 * @param {Record<string, () => unknown>} candidates name to task, the reference (ours) first; a task may return a promise
 * @param {object} [options]
 * @param {number} [options.rounds] odd, 11 to 31; more where one call takes longer than a sample (default 21)
 * @param {number} [options.sampleMs] how long one sample takes (default 4)
 * @param {(results: Record<string, unknown>) => boolean} [options.equal]
 *   gets one result of each candidate, before anything is timed; false refuses the comparison
 * @returns {Promise<Comparison>}
 */
export async function compare(title, candidates, { rounds = 21, sampleMs = 4, equal } = {}) {
  const results = {};
  const runners = [];
  for (const [name, task] of Object.entries(candidates)) {
    const result = task();
    runners.push({ name, task, isAsync: result instanceof Promise, calls: 1, times: [] });
    results[name] = await result;
  }
  if (equal !== undefined && !equal(results)) {
    throw new Error(`${title}: the candidates disagree: ${JSON.stringify(results)?.slice(0, 2000)}`);
  }

  for (const runner of runners) await calibrate(runner, sampleMs);
  for (let round = 0; round < rounds; round++) {
    for (const runner of shuffled(runners)) runner.times.push((await sample(runner)) / runner.calls);
  }

  const reference = runners[0].times;
  const comparison = {
    title,
    rounds,
    candidates: runners.map(({ name, times }) => {
      const ratios = times.map((time, round) => time / reference[round]);
      return {
        name,
        medianNs: quantile(times, 0.5),
        ratio: quantile(ratios, 0.5),
        low: quantile(ratios, 0.25),
        high: quantile(ratios, 0.75),
      };
    }),
  };
  print(comparison);
  return comparison;
}

/** Prints a comparison as a table, or as one JSON line when the program was started with `--json`. */
function print(comparison) {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(comparison));
    return;
  }
  const reference = comparison.candidates[0].name;
  const rows = comparison.candidates.map(({ name, medianNs, ratio, low, high }) => [
    name,
    duration(medianNs),
    name === reference ? "1" : `${ratio.toPrecision(3)}x (${low.toPrecision(3)} to ${high.toPrecision(3)})`,
  ]);
  rows.unshift(["candidate", "per call", `time by ${reference}`]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  console.log(`\n${comparison.title} (${comparison.rounds} interleaved rounds, medians)`);
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`.trimEnd());
}

/** How long a task runs before it is measured: until then an engine interprets it, or compiles it meanwhile. */
const WARM_MS = 400;

/** Doubles the calls of a sample until it takes long enough to be measured, and warms the task up. */
async function calibrate(runner, sampleMs) {
  for (;;) {
    const elapsed = await sample(runner);
    if (elapsed >= sampleMs * 1e6) break;
    runner.calls *= 2;
  }
  for (const end = performance.now() + WARM_MS; performance.now() < end;) await sample(runner);
  const elapsed = await sample(runner);
  runner.calls = Math.max(1, Math.round((runner.calls * sampleMs * 1e6) / elapsed));
}

let sink;

async function sample({ task, isAsync, calls }) {
  const start = performance.now();
  if (isAsync) for (let call = 0; call < calls; call++) sink = await task();
  else for (let call = 0; call < calls; call++) sink = task();
  return (performance.now() - start) * 1e6;
}

/** The value of the last call: results must not look unused, or the engine may drop the work. */
export const lastResult = () => sink;

function shuffled(items) {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)];
}

function duration(ns) {
  if (ns < 1e3) return `${ns.toPrecision(3)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toPrecision(3)} us`;
  return `${(ns / 1e6).toPrecision(3)} ms`;
}
