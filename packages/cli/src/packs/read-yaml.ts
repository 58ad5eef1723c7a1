import type { parsePack } from "promptpack";
import { FileError } from "../files.ts";

/**
 * Reads YAML as the JSON that it stands for, to be parsed as a pack.
 * @throws {FileError} when the yaml package is not installed
 */
export async function readYaml(bytes: Uint8Array, file: string): Promise<Parameters<typeof parsePack>[0]> {
  const { documentFromYaml } = await import("promptpack/yaml");
  const yaml = await import("yaml").catch(() => {
    throw new FileError("YAML needs the package yaml beside promptpack-cli: npm install yaml");
  });
  return documentFromYaml(bytes, yaml, { file });
}
