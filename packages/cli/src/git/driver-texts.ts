const SECTION = '[diff "promptpack"]';
const ATTRIBUTES = ["*.pack.json diff=promptpack", "*.promptpack.json diff=promptpack"];

/** Returns git settings with this program as a diff driver, or without it when there is no program. */
export function withDriver(config: string, program: string | undefined): string {
  const lines = config.split("\n");
  const start = lines.findIndex((line) => line.trim() === SECTION);
  if (start >= 0) {
    const length = lines.slice(start + 1).findIndex((line) => line.trimStart().startsWith("["));
    lines.splice(start, length < 0 ? lines.length : length + 1);
  }
  const rest = endLine(lines.join("\n").trimEnd());
  if (program === undefined) return start < 0 ? config : rest;
  const value = `${program} git textconv`.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `${rest}${SECTION}\n\ttextconv = "${value}"\n`;
}

/** Returns .gitattributes with packs under this driver, or without when there is no program. */
export function withAttributes(attributes: string, program: string | undefined): string {
  const others = attributes.split("\n").filter((line) => !ATTRIBUTES.includes(line.trim()));
  if (program === undefined) return others.length === attributes.split("\n").length ? attributes : others.join("\n");
  const missing = ATTRIBUTES.filter((line) => !attributes.split("\n").some((other) => other.trim() === line));
  if (missing.length === 0) return attributes;
  return `${endLine(attributes)}${missing.join("\n")}\n`;
}

const endLine = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
