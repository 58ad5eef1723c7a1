// Runs every benchmark (or those named: node bench/run.mjs render load), one process each, one after the other.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".bench.mjs") && (wanted.length === 0 || wanted.includes(file.split(".")[0])))
  .toSorted();

if (files.length === 0) console.error(`no benchmark ${wanted.join(", ")} in ${folder}`);
const failed = files.filter(
  (file) => spawnSync(process.execPath, [folder + file, ...flags], { stdio: "inherit" }).status !== 0,
);
if (failed.length > 0) console.error(`did not finish: ${failed.join(", ")}`);
process.exitCode = failed.length > 0 || files.length === 0 ? 1 : 0;
