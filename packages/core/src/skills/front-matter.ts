/** A value and the line of its key; `line` counts from 1, `offset` in UTF-16 code units. */
export interface FrontMatterValue {
  readonly value: string | readonly string[] | { readonly [key: string]: string };
  readonly line: number;
  readonly offset: number;
}

export interface FrontMatterFault {
  readonly line: number;
  readonly offset: number;
  readonly field?: string;
  readonly message: string;
  readonly hint?: string;
}

export interface FrontMatter {
  readonly fields: ReadonlyMap<string, FrontMatterValue>;
  /** The text after the closing "---". */
  readonly body: string;
  readonly faults: FrontMatterFault[];
}

interface Line {
  readonly text: string;
  readonly line: number;
  readonly offset: number;
}

const KEY = /^([A-Za-z_][A-Za-z0-9_.-]*):(?: (.*))?$/;
const QUOTED = /^"(?:[^"\\]|\\["\\/nt])*"$/;
const ESCAPES: { readonly [char: string]: string } = { n: "\n", t: "\t" };
/** What YAML gives a meaning of its own at the start of a plain text. */
const INDICATOR = /^(?:[[\]{}&*!|>%@`,#"']|[-?:](?: |$))/;

/**
 * Reads the part of YAML that skills need: `key: text` (plain, quoted, or a `|` or `>` block), one map of texts
 * and one list of texts. Everything else (anchors, tags, flow collections, deeper nesting, doubled keys) is a fault.
 */
export function readFrontMatter(text: string): FrontMatter {
  const faults: FrontMatterFault[] = [];
  const fields = new Map<string, FrontMatterValue>();
  const { block, body, problem } = splitFrontMatter(text);
  if (problem !== undefined) faults.push({ line: 1, offset: 0, message: problem });
  for (let index = 0; index < block.length;) {
    const head = block[index] as Line;
    let end = index + 1;
    while (end < block.length && /^(?: |$)/.test((block[end] as Line).text)) end++;
    const rest = block.slice(index + 1, end);
    index = end;
    if (isBlank(head)) {
      for (const line of rest) if (!isBlank(line)) faults.push(at(line, "this line belongs to no field"));
      continue;
    }
    const [, key, inline = ""] = KEY.exec(head.text) ?? [];
    if (key === undefined) {
      faults.push(at(head, 'this line is not "key: value"'));
    } else if (fields.has(key) || key === "__proto__") {
      faults.push({
        ...at(head, fields.has(key) ? `"${key}" stands here twice` : "this key is not allowed"),
        field: key,
      });
    } else {
      fields.set(key, { value: readValue(inline.trim(), rest, head, faults), line: head.line, offset: head.offset });
    }
  }
  return { fields, body, faults };
}

function splitFrontMatter(text: string): { block: Line[]; body: string; problem?: string } {
  const block: Line[] = [];
  let offset = text.startsWith("\uFEFF") ? 1 : 0;
  for (let line = 1; offset <= text.length; line++) {
    const found = text.indexOf("\n", offset);
    const stop = found === -1 ? text.length : found;
    const content = text.slice(offset, text[stop - 1] === "\r" && stop > offset ? stop - 1 : stop);
    const fence = content.trimEnd() === "---";
    if (line === 1 && !fence) return { block, body: "", problem: 'the text does not begin with a "---" line' };
    if (line > 1 && fence) return { block, body: text.slice(stop + 1) };
    if (line > 1) block.push({ text: content, line, offset });
    offset = stop + 1;
  }
  return { block: [], body: "", problem: 'no "---" line ends the front matter' };
}

function readValue(
  inline: string,
  rest: readonly Line[],
  head: Line,
  faults: FrontMatterFault[],
): FrontMatterValue["value"] {
  if (/^[|>]-?$/.test(inline)) return readBlock(inline.startsWith(">"), rest);
  const lines = rest.filter((line) => !isBlank(line));
  if (inline !== "" || lines.length === 0) {
    for (const line of lines) faults.push(at(line, "a text goes on only after | or >"));
    return readScalar(inline, head, faults);
  }
  if (lines.every((line) => /^ +- /.test(line.text))) {
    return lines.map((line) => readScalar(line.text.trim().slice(2).trim(), line, faults));
  }
  return readMap(lines, faults);
}

function readMap(lines: readonly Line[], faults: FrontMatterFault[]): { readonly [key: string]: string } {
  const entries = new Map<string, string>();
  const indent = indentOf(lines[0] as Line);
  for (const line of lines) {
    const [, key, value = ""] = KEY.exec(line.text.trim()) ?? [];
    if (key === undefined || indentOf(line) !== indent)
      faults.push(at(line, 'this line is not "key: text" of the map'));
    else if (entries.has(key) || key === "__proto__")
      faults.push(at(line, `"${key}" stands here twice or is not allowed`));
    else entries.set(key, readScalar(value.trim(), line, faults));
  }
  return Object.fromEntries(entries);
}

function readBlock(folded: boolean, lines: readonly Line[]): string {
  const first = lines.find((line) => line.text.trim() !== "");
  const indent = first === undefined ? 0 : indentOf(first);
  const texts = lines.map((line) => line.text.slice(Math.min(indent, indentOf(line))).trimEnd());
  if (!folded) return texts.join("\n").trim();
  let out = "";
  for (const text of texts) out += text === "" ? "\n" : out === "" || out.endsWith("\n") ? text : ` ${text}`;
  return out.trim();
}

function readScalar(text: string, line: Line, faults: FrontMatterFault[]): string {
  if (text.startsWith('"')) {
    if (QUOTED.test(text)) return text.slice(1, -1).replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char);
    faults.push(at(line, "the double-quoted text is broken"));
    return "";
  }
  if (text.startsWith("'")) {
    const inner = text.slice(1, -1);
    if (text.length > 1 && text.endsWith("'") && !inner.replaceAll("''", "").includes("'"))
      return inner.replaceAll("''", "'");
    faults.push(at(line, "the single-quoted text is broken"));
    return "";
  }
  if (INDICATOR.test(text) || text.includes(": ") || text.endsWith(":") || text.includes(" #") || text.includes("\t")) {
    faults.push({ ...at(line, "this YAML is not supported here"), hint: "put the text in quotes" });
  }
  return text;
}

const isBlank = (line: Line): boolean => /^ *(?:#|$)/.test(line.text);
const indentOf = (line: Line): number => line.text.length - line.text.trimStart().length;
const at = (line: Line, message: string): FrontMatterFault => ({ line: line.line, offset: line.offset, message });
