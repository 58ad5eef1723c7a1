import { PromptPackError } from "promptpack";
import type { ExitCode } from "../command.ts";
import { FileError, readSource } from "../files.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Runs a step; what refuses a pack, a key or a file becomes messages and an exit code, anything else is a mistake of ours. */
export async function orRefuse(terminal: Terminal, name: string, step: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await step();
  } catch (error) {
    if (PromptPackError.isInstance(error)) {
      for (const { code, message, pointer } of error.diagnostics)
        terminal.say("error", `${name}: ${code}: ${message}${pointer === "" ? "" : ` (at ${pointer})`}`);
      return 1;
    }
    if (!(error instanceof FileError) && !(error instanceof TypeError && !("code" in error))) throw error;
    terminal.say("error", `${name}: ${error.message}`);
    return 2;
  }
}

/** Reads a file by name; a refusal then says which. */
export async function readNamed(name: string, limit?: number): Promise<Uint8Array> {
  try {
    return await readSource(name === "-" ? { name: "<stdin>" } : { name, path: name }, limit);
  } catch (error) {
    throw error instanceof FileError ? new FileError(`${name}: ${error.message}`) : error;
  }
}

export const readNamedText = async (name: string): Promise<string> => new TextDecoder().decode(await readNamed(name));
