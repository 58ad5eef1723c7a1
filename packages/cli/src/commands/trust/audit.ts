import { printable } from "promptpack";
import { type AuditVerdict, readPublicKey, verifyAuditLog } from "promptpack-security";
import { type Command, UsageError } from "../../command.ts";
import { readTextIfThere, writeText } from "../../files.ts";
import { reportJson } from "../../terminal/terminal.ts";
import { counted } from "../../verdict.ts";
import { orRefuse, readKey, readNamed } from "../../trust/refuse.ts";

const MAX_BYTES = 256 * 1024 * 1024;

export const audit: Command = {
  name: "audit",
  summary:
    "Verifies an audit log: each line holds the hash of the line before. Names the first line that is not in order.",
  positionals: "<verify> <file or ->",
  options: {
    key: {
      type: "string",
      multiple: true,
      value: "file",
      about: "a public key whose checkpoints count; may be given again",
    },
    head: {
      type: "string",
      value: "hash",
      about: "a hash that the log must hold, from an earlier run: finds a log that was cut",
    },
    anchor: {
      type: "string",
      value: "file",
      about: "keep the last hash in this file, kept elsewhere than the log: the next run finds a log that was cut",
    },
    json: { type: "boolean", about: "one JSON document" },
  },
  examples: [
    ["audit verify audit.jsonl", "the chain"],
    ["audit verify audit.jsonl --key audit.pub", "and the signed checkpoints"],
    ["audit verify audit.jsonl --anchor ~/audit.head", "and that nothing of the last time is gone"],
  ],
  run: async (given, terminal) => {
    const [action, file, another] = given.positionals;
    if (action !== "verify" || file === undefined || another !== undefined)
      throw new UsageError("audit needs: verify <file>");
    const anchor = given.text("anchor");
    if (anchor !== undefined && given.text("head") !== undefined)
      throw new UsageError("--anchor and --head say the same: one of the two");
    return orRefuse(terminal, file, async () => {
      const keys = await Promise.all(given.texts("key").map((name) => readKey(name, readPublicKey)));
      const anchored = anchor === undefined ? undefined : (await readTextIfThere(anchor))?.trim();
      const head = given.text("head") ?? anchored;
      if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
        throw new UsageError(`${anchored === undefined ? "--head" : anchor} needs a hash of 64 hex digits`);
      const bytes = await readNamed(file, MAX_BYTES);
      const verdict = await verifyAuditLog(linesOf(bytes), { keys, ...(head === undefined ? {} : { head }) });
      if (given.flag("json")) terminal.write(`${reportJson(verdict)}\n`);
      else terminal.print(describe(verdict, keys.length > 0));
      if (verdict.ok && anchor !== undefined) await writeText(anchor, `${verdict.head}\n`);
      if (verdict.ok && head === undefined && keys.length === 0)
        terminal.say("note", "a log that was cut at its end looks the same: --anchor, --head or --key would tell");
      return verdict.ok ? 0 : 1;
    });
  },
};

function describe({ fault, records, head, signedRecords }: AuditVerdict, hasKeys: boolean): string {
  const signed = hasKeys ? `, ${signedRecords} of them under a checkpoint` : "";
  if (fault === undefined) return `✔ ${counted(records, "record")} in order${signed}; head ${head}`;
  return `✖ line ${fault.line}: ${fault.code}: ${printable(fault.message)} (${counted(records, "record")} before it in order${signed})`;
}

/** A line that is not UTF-8 becomes text that no record has. */
function* linesOf(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    yield decoder.decode(bytes.subarray(start, end));
    start = end + 1;
  }
}
