import { parsePack } from "promptpack";
import { CredentialError } from "../credentials/credential-error.ts";
import { createStatement, STATEMENT_PAYLOAD_TYPE } from "./statement.ts";

/** A bundle builder of @sigstore/sign, such as `new DSSEBundleBuilder({ signer, witnesses })`. */
export interface SigstoreSigner {
  readonly create: (artifact: never) => Promise<unknown>;
}

/** The function of @sigstore/bundle that makes a bundle's JSON. */
export type BundleWriter = (bundle: never) => unknown;

export interface SignKeylessOptions {
  readonly fileName: string;
  readonly builder: SigstoreSigner;
  /** `bundleToJSON` of @sigstore/bundle. */
  readonly bundleToJSON: BundleWriter;
}

/**
 * Signs the bytes of a pack file with an identity instead of a key and returns the sigstore bundle's JSON text. The
 * builder talks to the certificate authority and the transparency log; nothing else here does.
 * @throws {PackError} any code of parsePack
 * @throws {CredentialError} SIGNING_FAILED when there is no identity, or nobody vouches for it
 */
export async function signKeyless(
  bytes: Uint8Array,
  { fileName, builder, bundleToJSON }: SignKeylessOptions,
): Promise<string> {
  const pack = parsePack(bytes, { file: fileName });
  const statement = await createStatement(fileName, bytes, pack);
  const { Buffer } = globalThis as { readonly Buffer?: { readonly from: (bytes: Uint8Array) => Uint8Array } };
  const data = Buffer?.from(statement) ?? statement; // those packages run on Node and want its Buffer
  const bundle = await builder.create({ data, type: STATEMENT_PAYLOAD_TYPE } as never).catch((error: unknown) => {
    const { code } = Object(error) as { readonly code?: unknown };
    // The message and the cause of these errors may hold the identity token.
    const why = typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "unknown error";
    throw new CredentialError("SIGNING_FAILED", `sigstore did not sign for this identity (${why})`);
  });
  return `${JSON.stringify(bundleToJSON(bundle as never), null, 2)}\n`;
}
