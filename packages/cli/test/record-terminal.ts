import { createTerminal, type Terminal } from "../src/terminal/terminal.ts";

/** Returns a terminal for tests and what was written to it. */
export function recordTerminal({ color = false, isTerminal = false } = {}): {
  readonly terminal: Terminal;
  readonly output: () => string;
  readonly errors: () => string;
} {
  const written = { output: "", errors: "" };
  const terminal = createTerminal(
    { write: (text) => (written.output += text), color, isTerminal },
    { write: (text) => (written.errors += text), color, isTerminal },
  );
  return { terminal, output: () => written.output, errors: () => written.errors };
}
