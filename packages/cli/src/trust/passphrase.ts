import { createCredentials, envSource } from "promptpack-security";
import { fileSource } from "promptpack-security/node";
import type { Arguments, Options } from "../command.ts";

export const passphraseOption: Options = {
  passphrase: {
    type: "string",
    value: "reference",
    about: "where the key's passphrase is: env:NAME or file:path, never itself",
  },
};

/**
 * Returns the passphrase that the option refers to.
 * @throws {CredentialError} INLINE_SECRET, CREDENTIAL_MISSING, CREDENTIAL_EXPOSED
 */
export async function passphraseOf(given: Arguments): Promise<string | undefined> {
  const reference = given.text("passphrase");
  if (reference === undefined) return undefined;
  const { resolve } = createCredentials({ sources: { env: envSource(process.env), file: fileSource() } });
  return (await resolve(reference)).reveal();
}
