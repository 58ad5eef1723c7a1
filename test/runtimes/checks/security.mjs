// promptpack-security without its Node part: judging a pack needs no file system, and signing only WebCrypto.
import { parsePack } from "promptpack";
import * as security from "promptpack-security";
import { equal, rejected } from "./expect.mjs";
import { pack, source } from "./pack.mjs";

const bytes = new TextEncoder().encode(source);
const encode = (data) => new TextEncoder().encode(JSON.stringify(data));
// in two parts, because scanners read this file too
const planted = ["ghp", "k3J9sQ0wZr7Lm2Xv5Tb8Yc1Nd4Fg6Hp0aSeU"].join("_");

export const checks = {
  "reviews a pack": () => {
    const { capabilities, findings } = security.reviewPack(parsePack(source));
    equal(JSON.stringify(capabilities).includes("lookup"), true);
    equal(
      findings.filter(({ severity }) => severity === "error"),
      [],
    );
  },
  "finds a planted secret, and shows no more of it than it must": () => {
    const prompts = {
      support: { ...pack.prompts.support, system_template: `Hello {{name}}, {{company}}. ${planted}` },
    };
    const found = security.findSecrets({ ...pack, prompts });
    equal(
      found.map(({ pointer }) => pointer),
      ["/prompts/support/system_template"],
    );
    equal(JSON.stringify(found).includes(planted), false);
    equal(security.redactSecrets(`a ${planted} b`), "a [secret] b");
  },
  "diffs two packs and names the change": () => {
    const { changes } = security.diffPacks(
      parsePack(source),
      parsePack(encode({ ...pack, tools: {}, prompts: without() })),
    );
    equal(changes.length > 0 && JSON.stringify(changes).includes("lookup"), true);
  },
  "locks a pack by its digests, and notices another byte": async () => {
    const lock = await security.createLock([{ bytes, file: "smoke.pack.json" }]);
    const again = security.parseLock(security.formatLock(lock));
    equal(
      security.checkLock(again, lock).filter(({ state }) => state !== "same"),
      [],
    );
    const changed = await security.createLock([
      { bytes: encode({ ...pack, name: "Smokes" }), file: "smoke.pack.json" },
    ]);
    equal(
      JSON.stringify(security.checkLock(again, changed)) === JSON.stringify(security.checkLock(again, lock)),
      false,
    );
  },
  "signs with Ed25519, verifies, and refuses another byte": async () => {
    const { privateKey, publicKey } = await security.generateKeyPair("a long passphrase");
    const signer = await security.readPrivateKey(privateKey, "a long passphrase");
    const evidence = [await security.signPack(bytes, { fileName: "smoke.pack.json", signers: [signer] })];
    const trusted = await security.trustKey(security.emptyPolicy, { name: "us", publicKey: publicKey.pem });
    const options = { policy: await security.readyPolicy(trusted), evidence, now: new Date("2026-01-01") };
    equal((await security.verifyPack(bytes, options)).pack, "smoke");
    const error = await rejected(security.verifyPack(encode({ ...pack, name: "Smokes" }), options));
    equal([security.VerificationError.isInstance(error), error.code], [true, "DIGEST_MISMATCH"]);
  },
};

function without() {
  return { support: { ...pack.prompts.support, tools: [] } };
}
