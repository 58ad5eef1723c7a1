import { printable } from "promptpack";
import {
  emptyPolicy,
  parseTrustPolicy,
  readyPolicy,
  requireApproval,
  requireLock,
  type TrustPolicy,
  verifyPack,
} from "promptpack-security";
import { evidenceBeside } from "promptpack-security/node";
import { type Arguments, type Command, UsageError } from "../../command.ts";
import { harmlessJson } from "../../terminal/terminal.ts";
import { orRefuse, readNamed, readPublicKeyText } from "../../trust/refuse.ts";
import { bundleVerifier } from "../../trust/sigstore.ts";
import { policyOption } from "./trust.ts";

export const verify: Command = {
  name: "verify",
  summary: "Verifies who signed a pack, that the policy trusts them, and that it is as it was locked. Works offline.",
  positionals: "<pack>",
  options: {
    ...policyOption,
    key: { type: "string", multiple: true, value: "file", about: "trust this public key, without a policy" },
    signature: {
      type: "string",
      multiple: true,
      value: "file",
      about: "the signature (default: <pack>.dsse and <pack>.sigstore)",
    },
    "trusted-root": { type: "string", value: "file", about: "sigstore's trusted_root.json, for <pack>.sigstore" },
    lock: { type: "string", value: "file", about: "it must also be as this lock says" },
    approvals: {
      type: "string",
      value: "file",
      about: "somebody must also have approved it, as review --approve writes it",
    },
    reviewer: { type: "string", multiple: true, value: "name", about: "with --approvals, only this reviewer's count" },
    json: { type: "boolean", about: "one JSON document" },
  },
  examples: [
    ["verify support.pack.json --trust promptpack.trust.json", "by a policy"],
    ["verify support.pack.json --key release.pub", "by one key"],
    ["verify support.pack.json --key release.pub --lock promptpack.lock", "and as locked"],
  ],
  run: async (given, terminal) => {
    const [pack, another] = given.positionals;
    if (pack === undefined || another !== undefined) throw new UsageError("verify takes one pack");
    if (given.text("trust") !== undefined && given.texts("key").length > 0)
      throw new UsageError("verify takes --trust or --key, not both");
    if (given.texts("reviewer").length > 0 && given.text("approvals") === undefined)
      throw new UsageError("--reviewer goes with --approvals");
    return orRefuse(terminal, pack, async () => {
      const bytes = await readNamed(pack);
      const root = given.text("trusted-root");
      const trust = await verifyPack(bytes, {
        policy: await readyPolicy(await policyOf(given)),
        evidence: await evidenceOf(pack, given),
        now: new Date(),
        ...(root === undefined ? {} : { bundles: await bundleVerifier(root) }),
      });
      const lock = given.text("lock");
      if (lock !== undefined) await requireLock(await readNamed(lock))(bytes, pack);
      const approvals = given.text("approvals");
      const reviewers = given.texts("reviewer");
      if (approvals !== undefined)
        requireApproval(await readNamed(approvals), reviewers.length === 0 ? {} : { reviewers })(bytes, pack);
      const also = { locked: lock !== undefined, approved: approvals !== undefined };
      if (given.flag("json")) terminal.write(`${harmlessJson({ ok: true, ...trust, ...also })}\n`);
      else {
        const by =
          trust.signers.length === 0
            ? "unsigned, which the policy allows"
            : `signed by ${trust.signers.map((name) => printable(name, { mask: false })).join(", ")}`;
        terminal.print(
          `✔ ${printable(`${trust.pack}@${trust.version}`)} is ${by}${also.locked ? ", as locked" : ""}${also.approved ? ", approved" : ""}`,
        );
      }
      return 0;
    });
  },
};

async function policyOf(given: Arguments): Promise<TrustPolicy> {
  const [path, keys] = [given.text("trust"), given.texts("key")];
  if ((path === undefined) === (keys.length === 0)) throw new UsageError("verify needs --trust, or else --key");
  if (path !== undefined) return parseTrustPolicy(await readNamed(path));
  return { ...emptyPolicy, keys: await Promise.all(keys.map(readPublicKeyText)) };
}

async function evidenceOf(pack: string, given: Arguments): Promise<Uint8Array[]> {
  const files = given.texts("signature");
  return files.length > 0 ? Promise.all(files.map((file) => readNamed(file))) : evidenceBeside(pack);
}
