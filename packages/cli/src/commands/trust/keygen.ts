import { generateKeyPair } from "promptpack-security";
import { type Command, UsageError } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { passphraseOf, passphraseOption } from "../../trust/passphrase.ts";
import { orRefuse } from "../../trust/refuse.ts";

export const keygen: Command = {
  name: "keygen",
  summary: "Makes an Ed25519 key pair for signing packs: <name>.key, which only you can read, and <name>.pub.",
  positionals: "<name>",
  options: {
    ...passphraseOption,
    unencrypted: { type: "boolean", about: "no passphrase: whoever gets the file can sign" },
  },
  examples: [
    ["keygen release --passphrase env:RELEASE_PASSPHRASE", "release.key, encrypted, and release.pub"],
    ["keygen test --unencrypted", "for trying things out"],
  ],
  run: async (given, terminal) => {
    const [name, another] = given.positionals;
    if (name === undefined || another !== undefined) throw new UsageError("keygen takes one name for the two files");
    if ((given.text("passphrase") === undefined) !== given.flag("unencrypted"))
      throw new UsageError("keygen needs --passphrase env:NAME (or file:path), or else --unencrypted");
    return orRefuse(terminal, "keygen", async () => {
      const { publicKey, privateKey } = await generateKeyPair(await passphraseOf(given));
      await writeNew([
        { path: `${name}.key`, text: privateKey, mode: 0o600 },
        { path: `${name}.pub`, text: publicKey.pem, mode: 0o644 },
      ]);
      terminal.say("note", `${name}.key signs and stays with you; ${name}.pub is for those who verify`);
      terminal.write(`${publicKey.keyId}\n`);
      return 0;
    });
  },
};
