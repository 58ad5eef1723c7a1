import { type Diagnostic, validatePack } from "promptpack";
import type { LineCounter, ParsedNode } from "yaml";
import { FileError } from "../files.ts";
import type { CheckOptions } from "./check-file.ts";

/** YAML costs far more than JSON to read, and nobody writes this much of it. */
const MAX_LENGTH = 2 * 1024 * 1024;

type PackResult = ReturnType<typeof validatePack>;
type Place = (offset: number | undefined, end?: number) => Pick<Diagnostic, "span">;

/**
 * Checks a pack in the part of YAML 1.2 that JSON has too: no anchors, tags, merges, several documents or keys that are no text.
 * @throws {FileError} when the yaml package is not installed
 */
export async function readYaml(text: string, file: string, options: CheckOptions): Promise<PackResult> {
  const { isAlias, LineCounter, parseAllDocuments, visit } = await import("yaml").catch(() => {
    throw new FileError("YAML needs the package yaml beside promptpack-cli: npm install yaml");
  });
  const lines = new LineCounter();
  const place = placeIn(file, lines);
  if (text.length > MAX_LENGTH)
    return { diagnostics: [fault("LIMIT_EXCEEDED", `more than ${MAX_LENGTH} characters of YAML`, place(0))] };
  const faults: Diagnostic[] = [];
  const unsupported = (what: string, node: { readonly range?: readonly number[] | null }): void => {
    faults.push(
      fault("UNSUPPORTED_YAML", `${what}, which JSON does not have`, place(node.range?.[0], node.range?.[1])),
    );
  };
  try {
    // hostile: YAML can share, tag and merge; what a reviewer does not see at its place is refused
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      version: "1.2",
      schema: "core",
      merge: false,
      prettyErrors: false,
    });
    const documents = Array.isArray(parsed) ? parsed : [];
    for (const document of documents) {
      for (const error of [...document.errors, ...document.warnings]) {
        // The parser's own message may quote the text; its code says as much.
        faults.push(
          fault(
            "UNSUPPORTED_YAML",
            `not the YAML that packs are written in (${error.code.toLowerCase().replaceAll("_", " ")})`,
            place(...error.pos),
          ),
        );
      }
      visit(document, {
        Node: (_, node) => {
          if (isAlias(node)) unsupported("an alias", node);
          else if (node.anchor !== undefined) unsupported("an anchor", node);
          else if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:")) unsupported("a tag", node);
        },
        Pair: (_, { key }) => {
          const { value } = key as { value?: unknown };
          if (value === "<<" || typeof value !== "string")
            unsupported("a merge or a key that is no text", key as ParsedNode);
        },
      });
    }
    const [document, second] = documents;
    if (second !== undefined) unsupported("a second document", second);
    if (document === undefined) faults.push(fault("UNSUPPORTED_YAML", "the file is empty", place(0)));
    if (document === undefined || faults.length > 0) return { diagnostics: faults };
    const { pack, diagnostics } = validatePack(document.toJS({ maxAliasCount: 0 }), options);
    const located = diagnostics.map((diagnostic) => {
      const range = findNode(document.contents, diagnostic.pointer)?.range;
      return { ...diagnostic, ...place(range?.[0], range?.[1]) };
    });
    return { ...(pack === undefined ? {} : { pack }), diagnostics: located };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { diagnostics: [fault("LIMIT_EXCEEDED", "the YAML is nested too deeply", place(0))] };
  }
}

function fault(code: "UNSUPPORTED_YAML" | "LIMIT_EXCEEDED", message: string, at: Pick<Diagnostic, "span">): Diagnostic {
  return { code, severity: "error", layer: "document", message, pointer: "", ...at };
}

function placeIn(file: string, lines: LineCounter): Place {
  const position = (offset: number): { offset: number; line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { offset, line: Math.max(1, line), column: Math.max(1, col) };
  };
  return (start, end = start) =>
    start === undefined ? {} : { span: { file, start: position(start), end: position(Math.max(end ?? start, start)) } };
}

/** Returns the node at a pointer, or the closest one above it: a missing field is where it is missing. */
function findNode(root: ParsedNode | null, pointer: string): ParsedNode | null {
  let node: ParsedNode | null = root;
  for (const segment of pointer.split("/").slice(1)) {
    const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    // YAMLSeq takes the digits of an index as they are.
    const next: unknown = node !== null && "get" in node ? node.get(key, true) : undefined;
    if (typeof next !== "object" || next === null || !("range" in next)) return node;
    node = next as ParsedNode;
  }
  return node;
}
