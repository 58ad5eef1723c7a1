// The entry point for coverage-guided runs; fuzz/README.md says how.
import { targets } from "./targets.mjs";

const wanted = process.env["FUZZ_TARGET"];

export function fuzz(data) {
  const bytes = new Uint8Array(data);
  for (const [name, target] of Object.entries(targets)) if (wanted === undefined || wanted === name) target(bytes);
}
