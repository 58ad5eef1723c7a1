import { styleText } from "node:util";

export type Ink = "red" | "yellow" | "cyan" | "green" | "dim" | "bold";

/** Colours text, or returns it as it is. The text must be harmless already. */
export type Paint = (ink: Ink, text: string) => string;

/** Returns a painter that uses colours or not. */
export function createPaint(color: boolean): Paint {
  return color ? (ink, text) => styleText(ink, text, { validateStream: false }) : (_, text) => text;
}

/** Returns whether a stream gets colours: FORCE_COLOR, then NO_COLOR, then whether it is a terminal. */
export function wantsColor(
  environment: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
  isTerminal: boolean,
): boolean {
  if (argv.includes("--no-color")) return false;
  if (argv.includes("--color")) return true;
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: kind } = environment;
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  return (no === undefined || no === "") && isTerminal && kind !== "dumb";
}
