import { parseDocument } from "promptpack";
import { type BundleVerifier, createBundleVerifier, type SigstoreLibraries } from "promptpack-security";
import { UsageError } from "../command.ts";
import { readNamed } from "./refuse.ts";

/** What this program calls of @sigstore/sign and @sigstore/bundle; they are optional, so their types are not there. */
interface SigstoreParts {
  readonly CIContextProvider: new (audience: string) => object;
  readonly FulcioSigner: new (options: object) => object;
  readonly RekorWitness: new (options: object) => object;
  readonly DSSEBundleBuilder: new (options: object) => { readonly create: (artifact: never) => Promise<never> };
  readonly bundleToJSON: (bundle: never) => unknown;
}

/**
 * Loads a package of sigstore, which people install only when they need it.
 * @throws {UsageError} when it is not installed
 */
export async function sigstorePackage(name: string): Promise<SigstoreParts> {
  return (await load(name)) as SigstoreParts;
}

/** Returns a verifier of sigstore bundles that works offline with the trusted root in a file. */
export async function bundleVerifier(trustedRoot: string): Promise<BundleVerifier> {
  const [bundle, verify, specs] = await Promise.all(
    ["@sigstore/bundle", "@sigstore/verify", "@sigstore/protobuf-specs"].map(load),
  );
  const { data } = parseDocument(await readNamed(trustedRoot));
  return createBundleVerifier({ bundle, verify, specs } as SigstoreLibraries, data);
}

async function load(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch {
    throw new UsageError(
      `this needs the package ${name}`,
      "npm install --save-dev @sigstore/bundle @sigstore/protobuf-specs @sigstore/sign @sigstore/verify",
    );
  }
}
