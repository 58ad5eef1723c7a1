import { CredentialError } from "./credential-error.ts";
import { SecretString } from "./secret-string.ts";

/** Looks a credential up by what stands after the colon of a reference; undefined when there is none. */
export type CredentialSource = (name: string) => string | undefined | Promise<string | undefined>;

export interface CredentialOptions {
  /** By the word before the colon. `env` takes `envSource(process.env)`; `file` takes `fileSource` of the node subpath. */
  readonly sources: Readonly<Record<string, CredentialSource>>;
  /** Milliseconds for which a value is used before it is looked up again; 60 000 when absent. */
  readonly ttl?: number;
  /** Milliseconds since the epoch; the host's clock when absent. */
  readonly now?: () => number;
  /** Called when a lookup gives another value than before, with both: two keys may be valid for a while. */
  readonly onRotate?: (reference: string, current: SecretString, previous: SecretString) => void;
}

export interface Credentials {
  /**
   * Returns the credential that a reference such as "env:OPENAI_API_KEY" or "file:/run/secrets/key" points to.
   * @throws {CredentialError} INLINE_SECRET, UNKNOWN_SOURCE, CREDENTIAL_MISSING, and what the source throws
   */
  readonly resolve: (reference: string) => Promise<SecretString>;
  /** Looks the credential up again now, such as after a provider's 401. */
  readonly refresh: (reference: string) => Promise<SecretString>;
}

interface Held {
  readonly secret: SecretString;
  readonly until: number;
}

/** Returns a resolver of credential references with a cache. Values are held in memory only. */
export function createCredentials({ sources, ttl = 60_000, now = Date.now, onRotate }: CredentialOptions): Credentials {
  const held = new Map<string, Held>();
  const running = new Map<string, Promise<SecretString>>();

  const lookUp = async (reference: string): Promise<SecretString> => {
    const { scheme, name } = parseReference(reference);
    const source = Object.hasOwn(sources, scheme) ? sources[scheme] : undefined;
    if (source === undefined)
      throw new CredentialError(
        "UNKNOWN_SOURCE",
        `there is no credential source "${scheme}"; there are ${Object.keys(sources).join(", ")}`,
      );
    const value = await source(name);
    if (value === undefined || value === "")
      throw new CredentialError("CREDENTIAL_MISSING", `${reference} leads to no credential`);
    const previous = held.get(reference)?.secret;
    const secret = previous?.reveal() === value ? previous : new SecretString(value);
    held.set(reference, { secret, until: now() + ttl });
    if (previous !== undefined && previous !== secret) onRotate?.(reference, secret, previous);
    return secret;
  };
  const refresh = (reference: string): Promise<SecretString> => {
    const already = running.get(reference); // many requests fail at once when a key is rotated; one lookup answers them
    if (already !== undefined) return already;
    const lookup = lookUp(reference).finally(() => running.delete(reference));
    running.set(reference, lookup);
    return lookup;
  };
  return {
    refresh,
    resolve: async (reference) => {
      const known = held.get(reference);
      return known !== undefined && now() < known.until ? known.secret : refresh(reference);
    },
  };
}

/** Returns a source of environment variables, by exact name and own member. */
export function envSource(env: { readonly [name: string]: string | undefined }): CredentialSource {
  return (name) => (Object.hasOwn(env, name) ? env[name] : undefined);
}

/**
 * Returns the parts of a reference.
 * @throws {CredentialError} INLINE_SECRET for anything that is no reference: it may be the credential itself, so it is not repeated
 */
export function parseReference(reference: string): { readonly scheme: string; readonly name: string } {
  const { scheme, name } =
    /^(?<scheme>[a-z][a-z0-9-]{0,20}):(?!\/\/)(?<name>[^\s:][^\s]{0,500})$/.exec(reference)?.groups ?? {};
  const isName = scheme !== "env" || /^[A-Za-z_][A-Za-z0-9_]{0,100}$/.test(name ?? "");
  if (scheme === undefined || name === undefined || !isName)
    throw new CredentialError(
      "INLINE_SECRET",
      "a credential is given by reference (env:NAME or file:path), never by value",
    );
  return { scheme, name };
}
