import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of outside test data, or undefined: then the tests that need it are skipped and say so. */
export const conformanceDir: string | undefined = process.env["PROMPTPACK_CONFORMANCE_DIR"];

if (conformanceDir !== undefined && !existsSync(conformanceDir)) {
  throw new Error(`PROMPTPACK_CONFORMANCE_DIR names no folder: ${conformanceDir}`);
}

/** Reads a JSON file of that folder. */
export function readConformance<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(conformanceDir as string, ...path), "utf8")) as T;
}
