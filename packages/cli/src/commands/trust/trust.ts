import { createHash } from "node:crypto";
import { printable } from "promptpack";
import {
  emptyPolicy,
  parseTrustPolicy,
  readyPolicy,
  revokeDigest,
  revokeKey,
  trustIdentity,
  trustKey,
  type TrustPolicy,
} from "promptpack-security";
import { type Arguments, type Command, type ExitCode, type Options, UsageError } from "../../command.ts";
import { FileError, readTextIfThere, writeText } from "../../files.ts";
import { formatTable } from "../../terminal/table.ts";
import { harmlessJson, type Terminal } from "../../terminal/terminal.ts";
import { orRefuse, readNamed, readPublicKeyText } from "../../trust/refuse.ts";

export const policyOption: Options = {
  trust: { type: "string", value: "file", about: "the trust policy, such as promptpack.trust.json" },
};

export const trust: Command = {
  name: "trust",
  summary: "Says whom you trust to sign packs: adds, lists and revokes keys in a trust policy.",
  positionals: "<add, list or revoke> [public key, name or key id]",
  options: {
    ...policyOption,
    name: { type: "string", value: "name", about: "add: what messages call the key" },
    packs: {
      type: "string",
      multiple: true,
      value: "id",
      about: "add: pack ids that it may sign, such as acme-*; may be given again",
    },
    expires: { type: "string", value: "date", about: "add: the day from which it no longer counts" },
    issuer: { type: "string", value: "url", about: "add: who vouches for a sigstore identity" },
    subject: { type: "string", value: "text", about: "add: the identity that may sign, instead of a key" },
    file: { type: "string", value: "pack", about: "revoke: this file, whoever signed it" },
    reason: { type: "string", value: "text", about: "revoke: why" },
    json: { type: "boolean", about: "list: one JSON document" },
  },
  examples: [
    ["trust add release.pub --name release --packs 'acme-*' --expires 2027-12-31", "a key, for packs of one name"],
    ["trust add --issuer https://token.actions.githubusercontent.com --subject <workflow>", "an identity of sigstore"],
    ["trust list", "who may sign what"],
    ["trust revoke release --reason 'laptop lost'", "a key, by name or key id"],
    ["trust revoke --file bad.pack.json --reason 'poisoned tool'", "one file"],
  ],
  run: async (given, terminal) => {
    const [action = "", subject, ...rest] = given.positionals;
    if (rest.length > 0 || !["add", "list", "revoke"].includes(action))
      throw new UsageError("trust needs add, list or revoke");
    const path = given.text("trust") ?? "promptpack.trust.json";
    return orRefuse(terminal, path, async () => {
      const text = await readTextIfThere(path);
      if (text === undefined && action === "list")
        throw new FileError("there is no trust policy; promptpack trust add writes it");
      const policy = text === undefined ? emptyPolicy : parseTrustPolicy(text);
      if (action === "list") return list(policy, given, terminal);
      const changed = action === "add" ? await add(policy, subject, given) : await revoke(policy, subject, given);
      await readyPolicy(changed);
      await writeText(path, `${JSON.stringify(changed, null, 2)}\n`);
      terminal.say("note", `written: ${path}`);
      return 0;
    });
  },
};

async function add(policy: TrustPolicy, file: string | undefined, given: Arguments): Promise<TrustPolicy> {
  const [name, expires, issuer, subject] = ["name", "expires", "issuer", "subject"].map(given.text);
  if (expires !== undefined && !/^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(expires))
    throw new UsageError("--expires needs a day such as 2027-12-31");
  const packs = given.texts("packs");
  const limits = {
    ...(name === undefined ? {} : { name }),
    ...(packs.length === 0 ? {} : { packs }),
    ...(expires === undefined ? {} : { expires }),
  };
  if (file !== undefined && issuer === undefined && subject === undefined)
    return trustKey(policy, { ...limits, publicKey: await readPublicKeyText(file) });
  if (file === undefined && issuer !== undefined && subject !== undefined)
    return trustIdentity(policy, { ...limits, issuer, subject });
  throw new UsageError("trust add needs a public key file, or else --issuer and --subject");
}

async function revoke(policy: TrustPolicy, key: string | undefined, given: Arguments): Promise<TrustPolicy> {
  const [file, reason] = [given.text("file"), given.text("reason")];
  if (reason === undefined || (key === undefined) === (file === undefined))
    throw new UsageError("trust revoke needs a key's name or id, or --file, and a --reason");
  if (key !== undefined) return revokeKey(policy, key, { reason, at: new Date().toISOString() });
  return revokeDigest(
    policy,
    createHash("sha256")
      .update(await readNamed(file as string))
      .digest("hex"),
    reason,
  );
}

async function list(policy: TrustPolicy, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { threshold, requireSignature, authorities, revokedDigests } = await readyPolicy(policy);
  if (given.flag("json")) {
    terminal.write(`${harmlessJson(policy)}\n`);
    return 0;
  }
  const rows = authorities.map(({ name, key, identity, packs, expires, revoked }) => [
    name,
    key?.keyId ?? `${identity?.issuer} ${identity?.subject}`,
    packs?.join(", ") ?? "all",
    revoked === undefined ? (expires ?? "") : `revoked: ${revoked.reason}`,
  ]);
  const titles = [
    { title: "name", ink: "bold" as const, exact: true as const },
    { title: "key or identity", exact: true as const },
    { title: "packs" },
    { title: "until" },
  ];
  terminal.print(formatTable(titles, rows, terminal.paint));
  terminal.print(
    `${requireSignature ? "signatures needed" : "unsigned packs are let in; signatures needed otherwise"}: ${Math.max(threshold, 1)}`,
  );
  for (const [digest, reason] of revokedDigests) terminal.print(`revoked file sha256 ${digest}: ${printable(reason)}`);
  return 0;
}
