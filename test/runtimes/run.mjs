// Runs the checks on every runtime that is there; one that is not is skipped by name, never passed in silence.
// `--install` first puts the runtimes of runtimes.json into .runtimes/ (the browser comes from the system).
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/repository.mjs";
import { hosts, isInstalled } from "./hosts.mjs";

if (process.argv.includes("--install")) install();

let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, host] of Object.entries(hosts)) {
  if (!isInstalled(host)) {
    skipped++;
    console.log(`${name}: skipped, ${host.binary ?? "no browser"} is not installed`);
    continue;
  }
  try {
    const report = await host.run(host);
    passed += report.passed;
    failed += report.failures.length;
    console.log(`${name}: ${report.passed} passed, ${report.failures.length} failed`);
    for (const failure of report.failures) console.log(`  ${failure}`);
  } catch (error) {
    failed++;
    console.log(
      `${name}: did not run: ${String(error.stderr || error.message)
        .trim()
        .split("\n")
        .slice(0, 5)
        .join(" | ")}`,
    );
  }
}
console.log(`runtimes: ${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

function install() {
  const { packages } = JSON.parse(readFileSync(join(root, "test/runtimes/runtimes.json"), "utf8"));
  const args = [
    "install",
    "--prefix",
    join(root, ".runtimes"),
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    ...packages,
  ];
  try {
    execFileSync("npm", args, { stdio: "inherit" });
  } catch {
    console.log("the runtimes could not be installed; those that are missing are skipped below");
  }
}
