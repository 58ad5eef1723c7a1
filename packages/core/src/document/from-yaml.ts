import { hasError } from "../diagnostics/report.ts";
import type { Document, TextNode } from "./document.ts";
import { fillLimits, type Limits, Stop } from "./limits.ts";
import { locate, type OffsetInside } from "./locate.ts";
import type { DocumentOptions } from "./parse-document.ts";
import { decodeText } from "./text/decode-text.ts";
import { createLineMap } from "./text/line-map.ts";
import { YamlReader } from "./yaml/read-yaml.ts";
import { scalarOffsets } from "./yaml/scalar-offsets.ts";
import type { YamlDocument, YamlNode, YamlParser } from "./yaml/yaml-parser.ts";

/**
 * Reads a YAML text as the JSON that it stands for: one document, YAML 1.2 core schema, nothing that JSON lacks. Pass the
 * result to parsePack. What is wrong is in the diagnostics; foreign data never makes it throw. Source: R399, R400, R401.
 *
 * @throws {TypeError} for a parser that lacks what YamlParser names, or limits that make no sense
 */
export function documentFromYaml(
  source: string | Uint8Array,
  yaml: YamlParser,
  options: DocumentOptions = {},
): Document {
  if (typeof yaml?.parseAllDocuments !== "function" || typeof yaml.Lexer !== "function")
    throw new TypeError("pass the module of the package yaml 2.x");
  const { file } = options;
  const limits = fillLimits(options.limits);
  const { text, diagnostics: found } = decodeText(source, limits, file);
  const lines = createLineMap(text, file);
  const reader = new YamlReader(yaml, limits, lines);
  const reading = hasError(found) ? undefined : readText(text, yaml, reader, limits);
  const diagnostics = [...found, ...reader.diagnostics];
  const offsetsOf = new Map<string, readonly number[] | undefined>();
  const offsetInside: OffsetInside = (node, unit) => {
    const scalar = reader.scalars.get(node);
    if (scalar === undefined) return undefined;
    const key = `${scalar.start}`;
    if (!offsetsOf.has(key))
      offsetsOf.set(key, scalarOffsets(text, scalar.start, scalar.end, scalar.style, scalar.value));
    const offsets = offsetsOf.get(key);
    return offsets?.[Math.min(unit, offsets.length - 1)];
  };
  return {
    text,
    ...(file === undefined ? {} : { file }),
    data: hasError(diagnostics) ? undefined : reading?.value,
    diagnostics,
    locate: (pointer, at) => locate(reading?.node, lines, offsetInside, pointer, at),
  };
}

type Value = NonNullable<Document["data"]> | null;

function readText(
  text: string,
  yaml: YamlParser,
  reader: YamlReader,
  limits: Limits,
): { readonly value: Value; readonly node: TextNode } | undefined {
  const documents = parseText(text, yaml, reader, limits);
  const document = documents && onlyDocument(documents, text, reader);
  if (document === undefined) return undefined;
  try {
    return reader.read(document.contents as YamlNode | null, { pointer: "", depth: 1, keyStart: 0, keyEnd: 0 });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return undefined;
  }
}

function parseText(
  text: string,
  yaml: YamlParser,
  reader: YamlReader,
  limits: Limits,
): readonly YamlDocument[] | undefined {
  try {
    const { maxDepth } = limits;
    const deepAt = tooDeepAt(text, yaml, maxDepth);
    if (deepAt !== undefined) {
      const message = `the value is nested more than ${maxDepth} levels deep`;
      reader.report("LIMIT_EXCEEDED", "", message, deepAt, deepAt + 1);
      return undefined;
    }
    return yaml.parseAllDocuments(text, {
      version: "1.2",
      schema: "core",
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
  } catch {
    // hostile: what the parser throws may quote the text, which may be a file of secrets
    reader.report("INVALID_YAML", "", "the YAML parser gave up on the text", 0, 0);
    return undefined;
  }
}

/** Returns the document when there is one, without faults and of the right version; reports when it is not so. */
function onlyDocument(
  [document, second]: readonly YamlDocument[],
  text: string,
  reader: YamlReader,
): YamlDocument | undefined {
  const [fault] = document?.errors ?? [];
  if (fault !== undefined) {
    const [start, end] = fault.pos;
    if (fault.code === "RESOURCE_EXHAUSTION")
      reader.report("LIMIT_EXCEEDED", "", "the value is nested too deeply", start, end);
    else {
      const message = `the text is not YAML (${fault.code.toLowerCase().replaceAll("_", " ")})`;
      reader.report("INVALID_YAML", "", message, start, end);
    }
    return undefined;
  }
  if (document === undefined) reader.report("INVALID_YAML", "", "the text holds no document", 0, 0);
  else if (second !== undefined) {
    const at = (second.contents as YamlNode | null)?.range?.[0] ?? text.length;
    reader.report("UNSUPPORTED_YAML", "", "the text holds several documents, and a pack is one", at, at);
  } else if ((document.directives?.yaml.version ?? "1.2") !== "1.2") {
    reader.report("UNSUPPORTED_YAML", "", "the text asks for another version of YAML than 1.2", 0, 0);
  } else return document;
  return undefined;
}

/** Returns where brackets, and dashes on one line, nest deeper than allowed: a parser that recurses ends the process there. */
function tooDeepAt(text: string, yaml: YamlParser, maxDepth: number): number | undefined {
  let offset = 0;
  let brackets = 0;
  let dashes = 0;
  let isScalar = false;
  for (const token of new yaml.Lexer().lex(text)) {
    // marks of the lexer's own: the next token is a scalar, a document starts, a flow ends early
    if (token === "\x1f" || token === "\x02" || token === "\x18") {
      isScalar = token === "\x1f";
      continue;
    }
    if (!isScalar) {
      if (token === "[" || token === "{") brackets++;
      else if (token === "]" || token === "}") brackets--;
      else if (token === "-" || (token === "?" && brackets === 0)) dashes++;
      else if (token === "\n" || token === "\r\n") dashes = 0;
      if (brackets + dashes > maxDepth) return offset;
    }
    isScalar = false;
    offset += token.length;
  }
  return undefined;
}

export type { YamlParser } from "./yaml/yaml-parser.ts";
