// The program for Node, Deno and Bun.
import { runAllChecks } from "./all-checks.mjs";

console.log(JSON.stringify(await runAllChecks()));
