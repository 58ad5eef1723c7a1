import type { Arguments } from "./parse-arguments.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** 0: passed. 1: findings. 2: wrong usage, or something could not be read. */
export type ExitCode = 0 | 1 | 2;

/** One verb of the command line. Parsing, help and completions are made from this. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The positional arguments as help shows them, such as "<pack> [prompt]". */
  readonly positionals: string;
  readonly options: Options;
  /** Command line (without the program's name) and what it does. */
  readonly examples: readonly (readonly [line: string, about: string])[];
  readonly run: (given: Arguments, terminal: Terminal) => Promise<ExitCode>;
}

export interface Options {
  readonly [name: string]: Option;
}

export interface Option {
  readonly type: "string" | "boolean";
  readonly about: string;
  /** One letter that stands for the name: `-o`. */
  readonly short?: string;
  readonly multiple?: boolean;
  /** What help calls the value. */
  readonly value?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
}

/** The command line is wrong: the message says where, the hint what to type. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}
