import { checkJsonSchema, type Diagnostic, parseDocument } from "promptpack";
import { VerificationError } from "../errors.ts";
import { problem } from "../verify/problem.ts";

/** What `promptpack.lock` says: which bytes were reviewed, and what was in them. */
export interface LockFile {
  readonly lockVersion: 1;
  /** By "id@version". */
  readonly packs: { readonly [pack: string]: LockEntry };
}

export interface LockEntry {
  /** Where the file was when it was locked; for `lock --check`, not for loading. */
  readonly file?: string;
  /** "sha512-" and base64 of the file's bytes. */
  readonly integrity: string;
  /** "sha256:" and hex of the canonical JSON: the same for the same content, however it is laid out. */
  readonly canonical?: string;
  /** Canonical digests by key of `prompts`. */
  readonly prompts?: Digests;
  /** Canonical digests of name, description and parameters by key of `tools`. */
  readonly tools?: Digests;
  /** Canonical digests of every other member of the pack, and of what tools say besides. */
  readonly sections?: Digests;
}

export interface Digests {
  readonly [name: string]: string;
}

/**
 * Reads a lock file; unknown members, other digests than sha512 and members that stand twice are errors.
 * @throws {VerificationError} LOCK_INVALID with every fault
 */
export function parseLock(source: string | Uint8Array): LockFile {
  const { data, diagnostics } = parseDocument(source);
  const faults: readonly Pick<Diagnostic, "message" | "pointer">[] =
    data === undefined ? diagnostics.filter(({ severity }) => severity === "error") : checkJsonSchema(lockSchema, data);
  if (faults.length > 0) {
    throw new VerificationError(
      faults.map(({ message, pointer }) => problem("LOCK_INVALID", `the lock file: ${message}`, pointer)),
    );
  }
  return data as unknown as LockFile;
}

/** Returns the lock file's text: packs and names in code unit order, so that the same packs give the same bytes. */
export function formatLock({ lockVersion, packs }: LockFile): string {
  return `${JSON.stringify({ lockVersion, packs: sorted(packs, formatEntry) }, null, 2)}\n`;
}

function formatEntry({ file, integrity, canonical, ...digests }: LockEntry): LockEntry {
  const parts = Object.entries(digests).map(([part, names]) => [part, sorted(names, (digest) => digest)] as const);
  return {
    ...(file === undefined ? {} : { file }),
    integrity,
    ...(canonical === undefined ? {} : { canonical }),
    ...Object.fromEntries(parts),
  };
}

function sorted<T, U>(record: { readonly [name: string]: T }, format: (value: T) => U): { [name: string]: U } {
  return Object.fromEntries(
    Object.entries(record)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => [name, format(value)]),
  );
}

const digests = { type: "object", additionalProperties: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" } };
const lockSchema = {
  type: "object",
  properties: {
    lockVersion: { const: 1 },
    packs: {
      type: "object",
      additionalProperties: {
        type: "object",
        properties: {
          file: { type: "string" },
          integrity: { type: "string", pattern: "^sha512-[A-Za-z0-9+/]{86}==$" },
          canonical: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" },
          prompts: digests,
          tools: digests,
          sections: digests,
        },
        required: ["integrity"],
        additionalProperties: false,
      },
    },
  },
  required: ["lockVersion", "packs"],
  additionalProperties: false,
};
