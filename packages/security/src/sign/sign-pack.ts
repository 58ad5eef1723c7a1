import { parsePack } from "promptpack";
import { signEnvelope } from "./dsse.ts";
import type { Signer } from "./private-key.ts";
import { createStatement, STATEMENT_PAYLOAD_TYPE } from "./statement.ts";

export interface SignPackOptions {
  /** The name of the file in the statement, without folders. */
  readonly fileName: string;
  readonly signers: readonly Signer[];
}

/**
 * Signs the bytes of a pack file and returns the envelope's JSON text, which goes beside the file.
 * @throws {PackError} any code of parsePack: what is no valid pack is not signed
 */
export async function signPack(bytes: Uint8Array, { fileName, signers }: SignPackOptions): Promise<string> {
  const pack = parsePack(bytes, { file: fileName });
  return signEnvelope(STATEMENT_PAYLOAD_TYPE, await createStatement(fileName, bytes, pack), signers);
}
