// A security policy is worth what proves it: runs every proof of policy/claims.json that can run offline, and prints the table.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJson, root } from "./repository.mjs";

const testSeconds = 400;
const commandSeconds = 150;
const { claims } = readJson("policy/claims.json");
const asJson = process.argv.includes("--json");

const tests = runTests([...new Set(claims.flatMap((claim) => claim.tests ?? []))]);
const commands = new Map(
  [...new Set(claims.flatMap((claim) => claim.commands ?? []))].map((line) => [line, runCommand(line)]),
);
const rows = claims.map(judge);

if (asJson)
  console.log(JSON.stringify({ ok: rows.every(({ status }) => status !== "failed"), claims: rows }, undefined, 2));
else {
  for (const { id, status, claim, hosted, problems } of rows) {
    console.log(
      `${id.padEnd(5)}${status.padEnd(8)}${claim}${hosted === undefined ? "" : `\n${" ".repeat(13)}needs the hosted service: ${hosted}`}`,
    );
    for (const problem of problems) console.log(`${" ".repeat(13)}${problem}`);
  }
}
const count = (wanted) => rows.filter(({ status }) => status === wanted).length;
console.error(`policy: ${count("proven")} passed, ${count("failed")} failed, ${count("hosted")} skipped`);
process.exitCode = count("failed") > 0 ? 1 : 0;

/** "hosted" is a claim of which nothing can be proven offline; its evidence must be there all the same. */
function judge({ id, claim, tests: files = [], commands: lines = [], hosted, evidence }) {
  const proofs = [...files.map((file) => tests.get(file)), ...lines.map((line) => commands.get(line))];
  const missing = evidence
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `the evidence ${path} does not exist`);
  const problems = [...proofs.filter((problem) => problem !== undefined), ...missing];
  if (proofs.length === 0 && hosted === undefined) problems.push("nothing proves it");
  const status = problems.length > 0 ? "failed" : proofs.length === 0 ? "hosted" : "proven";
  return {
    id,
    status,
    claim,
    ...(hosted === undefined ? {} : { hosted }),
    proofs: [...files, ...lines],
    evidence,
    problems,
  };
}

/** Runs all test files at once; returns what is wrong with each, undefined when nothing is. */
function runTests(files) {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  try {
    const report = join(folder, "report.json");
    const args = ["--no-install", "vitest", "run", "--reporter=json", `--outputFile=${report}`, ...files];
    spawnSync("npx", args, { cwd: root, stdio: "ignore", timeout: testSeconds * 1000 });
    const { testResults } = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : { testResults: [] };
    const results = new Map(testResults.map((result) => [result.name.slice(root.length), result]));
    return new Map(files.map((file) => [file, faultOf(file, results.get(file))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
function faultOf(file, result) {
  if (result === undefined) return `${file} did not run`;
  const failed = result.assertionResults.filter(({ status }) => status === "failed");
  if (failed.length > 0) return `${file}: ${failed.length} failed, first: ${failed[0].fullName}`;
  const passed = result.assertionResults.filter(({ status }) => status === "passed");
  if (result.status !== "passed" || passed.length === 0) return `${file} proves nothing`;
  // A test that was skipped here is a proof that nobody has seen.
  const left = result.assertionResults.length - passed.length;
  return left === 0 ? undefined : `${file}: ${left} of its tests did not run`;
}

/** Runs a command line of words without quotes. */
function runCommand(line) {
  const [command, ...args] = line.split(" ");
  const { status, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    timeout: commandSeconds * 1000,
  });
  if (status === 0) return undefined;
  const said = (stderr ?? "")
    .trim()
    .split("\n")
    .filter((text) => !text.startsWith("npm warn"))[0];
  return `${line}: ${error?.message ?? said ?? `ended with ${status}`}`;
}
