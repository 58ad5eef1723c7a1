import { basename } from "node:path";
import { mergeEnvelopes, parseEnvelope, readPrivateKey, signKeyless, signPack } from "promptpack-security";
import { type Arguments, type Command, UsageError } from "../../command.ts";
import { readTextIfThere, writeText } from "../../files.ts";
import { passphraseOf, passphraseOption } from "../../trust/passphrase.ts";
import { orRefuse, readKey, readNamed } from "../../trust/refuse.ts";
import { sigstorePackage } from "../../trust/sigstore.ts";

export const sign: Command = {
  name: "sign",
  summary:
    "Signs a pack, byte for byte. The signature goes into a file beside it, <pack>.dsse; a second signer's is added.",
  positionals: "<pack>",
  options: {
    key: {
      type: "string",
      multiple: true,
      value: "file",
      about: "the private key, as keygen makes it; may be given again",
    },
    ...passphraseOption,
    keyless: {
      type: "boolean",
      about: "sign with this CI job's identity through sigstore, into <pack>.sigstore (uses the network)",
    },
    fulcio: {
      type: "string",
      value: "url",
      about: "with --keyless, another certificate authority than sigstore's",
    },
    rekor: { type: "string", value: "url", about: "with --keyless, another transparency log than sigstore's" },
    output: { type: "string", value: "file", about: "where the signature goes" },
  },
  examples: [
    ["sign support.pack.json --key release.key --passphrase env:RELEASE_PASSPHRASE", "with a key, offline"],
    ["sign support.pack.json --keyless", "in a CI job that may ask for an identity token"],
  ],
  run: async (given, terminal) => {
    const [pack, another] = given.positionals;
    if (pack === undefined || another !== undefined) throw new UsageError("sign takes one pack");
    const keys = given.texts("key");
    if (given.flag("keyless") && keys.length > 0) throw new UsageError("sign takes --key or --keyless, not both");
    if (!given.flag("keyless") && keys.length === 0) throw new UsageError("sign needs --key, or else --keyless");
    const fulcio = addressOf(given, "fulcio", "https://fulcio.sigstore.dev");
    const rekor = addressOf(given, "rekor", "https://rekor.sigstore.dev");
    const output = given.text("output") ?? `${pack}${given.flag("keyless") ? ".sigstore" : ".dsse"}`;
    return orRefuse(terminal, pack, async () => {
      const bytes = await readNamed(pack);
      const fileName = basename(pack);
      if (given.flag("keyless")) await writeText(output, await keyless(bytes, fileName, fulcio, rekor));
      else await writeText(output, await withEarlier(output, await withKeys(bytes, fileName, keys, given)));
      terminal.say("note", `signed: ${output}`);
      return 0;
    });
  },
};

async function withKeys(
  bytes: Uint8Array,
  fileName: string,
  keys: readonly string[],
  given: Arguments,
): Promise<string> {
  const passphrase = await passphraseOf(given);
  const signers = await Promise.all(keys.map((key) => readKey(key, (text) => readPrivateKey(text, passphrase))));
  return signPack(bytes, { fileName, signers });
}

/** Signatures of the same bytes that stand there already are kept; those of other bytes are worth nothing now. */
async function withEarlier(output: string, fresh: string): Promise<string> {
  const earlier = await readTextIfThere(output);
  return earlier === undefined ? fresh : (mergeEnvelopes(parseEnvelope(earlier), parseEnvelope(fresh)) ?? fresh);
}

/** A token that says who this job is goes there, so nobody on the way may read it. */
function addressOf(given: Arguments, option: "fulcio" | "rekor", usual: string): string {
  const text = given.text(option);
  if (text === undefined) return usual;
  if (!given.flag("keyless")) throw new UsageError(`--${option} goes with --keyless`);
  const { protocol, hostname } = URL.canParse(text) ? new URL(text) : { protocol: "", hostname: "" };
  if (protocol !== "https:" && !(protocol === "http:" && hostname === "127.0.0.1"))
    throw new UsageError(`--${option} needs an https address`);
  return text;
}

async function keyless(bytes: Uint8Array, fileName: string, fulcio: string, rekor: string): Promise<string> {
  const { CIContextProvider, DSSEBundleBuilder, FulcioSigner, RekorWitness } = await sigstorePackage("@sigstore/sign");
  const { bundleToJSON } = await sigstorePackage("@sigstore/bundle");
  const identityProvider = new CIContextProvider("sigstore");
  const builder = new DSSEBundleBuilder({
    signer: new FulcioSigner({ fulcioBaseURL: fulcio, identityProvider }),
    witnesses: [new RekorWitness({ rekorBaseURL: rekor })],
  });
  return signKeyless(bytes, { fileName, builder, bundleToJSON });
}
