import { PromptPackError } from "promptpack";
import { readPublicKey } from "promptpack-security";
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
    if (!isRefusal(error)) throw error;
    terminal.say("error", error instanceof NamedError ? error.message : `${name}: ${error.message}`);
    return 2;
  }
}

/** Something is wrong with one of several files; the message begins with its name. */
class NamedError extends FileError {}

/** Reads a file by name; a refusal then says which. */
export async function readNamed(name: string, limit?: number): Promise<Uint8Array> {
  return naming(name, () => readSource(name === "-" ? { name: "<stdin>" } : { name, path: name }, limit));
}

/** Reads a key that stands in a file; a refusal then says in which. */
export async function readKey<Key>(name: string, parse: (text: string) => Promise<Key>): Promise<Key> {
  const text = await readNamedText(name);
  return naming(name, () => parse(text));
}

/** Returns the text of a file that holds a public key. */
export async function readPublicKeyText(name: string): Promise<string> {
  return readKey(name, async (text) => {
    await readPublicKey(text);
    return text;
  });
}

async function naming<Result>(name: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    throw isRefusal(error) ? new NamedError(`${name}: ${error.message}`) : error;
  }
}

/** The security library refuses keys and settings with a TypeError; those of the runtime have a code. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof FileError || (error instanceof TypeError && !("code" in error));

export const readNamedText = async (name: string): Promise<string> => new TextDecoder().decode(await readNamed(name));
