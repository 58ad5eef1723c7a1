// Runs every check (or those named), goes on after a failure, and ends with one line of counts.
import { spawnSync } from "node:child_process";
import { root } from "./repository.mjs";

const bin = (name) => ["npx", "--no-install", name];
const checks = {
  build: ["npm", "run", "build"],
  format: [...bin("oxfmt"), "--check"],
  lint: [...bin("oxlint")],
  types: [...bin("tsc"), "-p", "tsconfig.test.json"],
  layers: ["node", "tools/check-layers.mjs"],
  codes: ["node", "tools/check-codes.mjs"],
  exports: ["node", "tools/check-exports.mjs"],
  codegen: ["node", "tools/no-codegen.mjs"],
  sizes: ["node", "tools/check-sizes.mjs"],
  docs: ["node", "tools/check-docs.mjs"],
  cli: ["node", "tools/check-cli.mjs"],
  links: ["node", "tools/check-links.mjs"],
  rules: ["node", "tools/check-rules.mjs"],
  examples: ["node", "examples/run.mjs"],
  deps: ["node", "tools/check-deps.mjs"],
  support: ["node", "tools/check-support.mjs"],
  practice: ["node", "tools/check-practice.mjs"],
  owasp: ["node", "tools/check-owasp.mjs"],
  tests: [...bin("vitest"), "run"],
};

const [first, ...rest] = process.argv.slice(2);
const without = first === "--without" ? rest : [];
const wanted =
  first === undefined || first === "--without"
    ? Object.keys(checks).filter((name) => !without.includes(name))
    : [first, ...rest];
const failed = [];
for (const name of wanted) {
  const [command, ...args] =
    checks[name] ?? fail(`there is no check "${name}"; there are ${Object.keys(checks).join(", ")}`);
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) failed.push(name);
}
console.log(failed.length > 0 ? `\nfailed: ${failed.join(", ")}` : "");
console.log(`checks: ${wanted.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

function fail(message) {
  console.error(message);
  process.exit(2);
}
