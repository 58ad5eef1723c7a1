import { type Diagnostic, type Pack, safeParsePack } from "promptpack";
import { FileError, readSource, type Source } from "../files.ts";

/** What came of one file: a pack, findings, or the reason why it could not be read. */
export interface CheckedFile {
  readonly source: Source;
  /** The text for code frames; present only when there are findings. */
  readonly text?: string;
  readonly pack?: Pack;
  readonly diagnostics: readonly Diagnostic[];
  readonly problem?: string;
}

export type CheckOptions = NonNullable<Parameters<typeof safeParsePack>[1]>;

/** Reads and checks one pack. It never throws for what a file holds. */
export async function checkFile(source: Source, options: CheckOptions): Promise<CheckedFile> {
  try {
    const bytes = await readSource(source);
    const isYaml = /\.ya?ml$/i.test(source.path ?? "");
    const { pack, diagnostics } = isYaml
      ? safeParsePack(await (await import("./read-yaml.ts")).readYaml(bytes, source.name), options)
      : safeParsePack(bytes, { ...options, file: source.name });
    return {
      source,
      diagnostics,
      ...(pack === undefined ? {} : { pack }),
      ...(diagnostics.length === 0 ? {} : { text: decode(bytes) }),
    };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { source, diagnostics: [], problem: error.message };
  }
}

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
