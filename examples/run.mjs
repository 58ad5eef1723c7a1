// Runs every example (or those whose path contains a word: node examples/run.mjs langchain); each asserts what it shows.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true })
  .filter((file) => file.endsWith(".mjs") && file.includes(sep) && words.every((word) => file.includes(word)))
  .toSorted((left, right) => (left < right ? -1 : 1));

let passed = 0;
for (const file of files) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, file)], {
    encoding: "utf8",
    timeout: 60_000,
  });
  if (status === 0) passed++;
  console.log(`${status === 0 ? "passed" : "FAILED"} ${file}`);
  if (status !== 0) console.log(`${stdout}${stderr}`.trimEnd());
}
console.log(`examples: ${passed} passed, ${files.length - passed} failed`);
process.exitCode = files.length > 0 && passed === files.length ? 0 : 1;
