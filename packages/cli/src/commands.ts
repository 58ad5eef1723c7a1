import type { Command } from "./command.ts";

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The table of commands. Each is loaded only when it is used, so that the program starts at once. */
export const commands: readonly CommandEntry[] = [
  {
    name: "validate",
    summary: "check packs: files, folders or standard input",
    load: async () => (await import("./commands/validate.ts")).validate,
  },
  {
    name: "render",
    summary: "show the prompt that a model would get",
    load: async () => (await import("./commands/render.ts")).render,
  },
  {
    name: "inspect",
    summary: "show what is inside a pack",
    load: async () => (await import("./commands/inspect.ts")).inspect,
  },
  {
    name: "draw",
    summary: "draw a workflow or a composition",
    load: async () => (await import("./commands/draw.ts")).draw,
  },
  {
    name: "review",
    summary: "show what packs can do and what deserves a look",
    load: async () => (await import("./commands/security/review.ts")).review,
  },
  {
    name: "diff",
    summary: "compare two versions of a pack by meaning and risk",
    load: async () => (await import("./commands/security/diff.ts")).diff,
  },
  {
    name: "secrets",
    summary: "find credentials, also disguised ones",
    load: async () => (await import("./commands/security/secrets.ts")).secrets,
  },
  {
    name: "git",
    summary: "let git show changes of packs by what they mean",
    load: async () => (await import("./commands/security/git.ts")).git,
  },
  {
    name: "lock",
    summary: "write down digests of packs, and check them",
    load: async () => (await import("./commands/trust/lock.ts")).lock,
  },
  {
    name: "keygen",
    summary: "make a key pair for signing",
    load: async () => (await import("./commands/trust/keygen.ts")).keygen,
  },
  {
    name: "sign",
    summary: "sign a pack",
    load: async () => (await import("./commands/trust/sign.ts")).sign,
  },
  {
    name: "verify",
    summary: "verify who signed a pack, and that it is as locked",
    load: async () => (await import("./commands/trust/verify.ts")).verify,
  },
  {
    name: "trust",
    summary: "say whom you trust to sign",
    load: async () => (await import("./commands/trust/trust.ts")).trust,
  },
  {
    name: "credentials",
    summary: "check the age, end and sharing of credentials",
    load: async () => (await import("./commands/trust/credentials.ts")).credentials,
  },
  {
    name: "audit",
    summary: "verify an audit log",
    load: async () => (await import("./commands/trust/audit.ts")).audit,
  },
  {
    name: "sbom",
    summary: "print what a pack is made of, as CycloneDX",
    load: async () => (await import("./commands/trust/sbom.ts")).sbom,
  },
  {
    name: "schema",
    summary: "print the JSON Schema of packs, for editors",
    load: async () => (await import("./commands/schema.ts")).schema,
  },
  {
    name: "types",
    summary: "write packs down as TypeScript types",
    load: async () => (await import("./commands/types.ts")).types,
  },
  {
    name: "explain",
    summary: "explain a diagnostic code",
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  {
    name: "completion",
    summary: "print completions for bash, zsh or fish",
    load: async () => (await import("./commands/completion.ts")).completionOf(commands),
  },
];
