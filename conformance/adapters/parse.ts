import * as yaml from "yaml";
import { PackError } from "../../packages/core/src/diagnostics/errors.ts";
import type { TextRange } from "../../packages/core/src/diagnostics/diagnostic.ts";
import type { Document } from "../../packages/core/src/document/document.ts";
import { documentFromYaml } from "../../packages/core/src/document/from-yaml.ts";
import { parseDocument } from "../../packages/core/src/document/parse-document.ts";
import { canonicalJson } from "../../packages/core/src/json/canonical.ts";
import { type PackOptions, parsePack, safeParsePack } from "../../packages/core/src/pack/parse-pack.ts";
import type { VectorImplementation } from "../../packages/core/src/testing/run-vector.ts";

interface PackInput {
  readonly pack: unknown;
  readonly options?: PackOptions;
}
interface PlaceInput {
  readonly text: string;
  readonly pointer: string;
  readonly range?: TextRange;
  readonly atKey?: boolean;
}

const codesOf = ({ diagnostics }: Pick<Document, "diagnostics">): readonly string[] =>
  [...new Set(diagnostics.map(({ code }) => code))].sort();
const read = (document: Document): unknown =>
  document.data === undefined ? { errors: codesOf(document) } : { value: document.data, warnings: codesOf(document) };

/** Our library behind the ops of the section "parse". */
export const parse: VectorImplementation = {
  json: ({ text, limits }: { text: string; limits?: PackOptions["limits"] }) =>
    read(parseDocument(text, limits === undefined ? {} : { limits })),
  bytes: ({ hex }: { hex: string }) =>
    read(parseDocument(Uint8Array.from(hex.split(" "), (byte) => Number.parseInt(byte, 16)))),
  yaml: ({ text }: { text: string }) => read(documentFromYaml(text, yaml)),
  place: ({ text, pointer, ...at }: PlaceInput) => {
    const span = parseDocument(text).locate(pointer, at);
    return span === undefined
      ? null
      : `${span.start.line}:${span.start.column} ${text.slice(span.start.offset, span.end.offset)}`;
  },
  check: ({ pack, options }: PackInput) =>
    safeParsePack(JSON.stringify(pack), options)
      .diagnostics.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)
      .sort(),
  minimum: ({ pack }: PackInput) => parsePack(JSON.stringify(pack)).minimumSpecVersion,
  prompt: ({ pack, key }: PackInput & { key: string }) => {
    try {
      return parsePack(JSON.stringify(pack)).prompt(key).id;
    } catch (error) {
      if (!PackError.isInstance(error)) throw error;
      return { error: error.code };
    }
  },
  canonical: ({ value }: { value: unknown }) => canonicalJson(value),
};
