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

/** A checked command line: every option is known, has its type and one of its choices. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** The last value given for an option. */
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
}

/** Options that every command takes; the terminal reads the colour ones itself. */
export const COMMON: Options = {
  color: { type: "boolean", about: "colours even when the output is not a terminal" },
  "no-color": { type: "boolean", about: "no colours (also: NO_COLOR=1)" },
};

/** The command line is wrong: the message says where, the hint what to type. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = "UsageError";
    this.hint = hint;
  }
}
