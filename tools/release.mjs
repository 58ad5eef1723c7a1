// A release anyone can repeat: every public package packed twice, byte for byte the same, with checksums, a bill of materials
// and a signed provenance statement: `--key <file>` signs with an Ed25519 key, `--keyless` with the identity of the CI job.
// `--verify` proves all of it in a temporary folder, with a key of its own; else it writes to `release/` or --out <folder>.
// `--check <folder> --public-key <file>` is for whoever downloads a release.
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, verify as verifySignature } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPair, parseEnvelope, preAuthEncoding, readPrivateKey, signEnvelope } from "promptpack-security";
import { conclude, listBuilt, listPackages, readJson, root } from "./repository.mjs";

const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const verify = process.argv.includes("--verify");
const out = option("--out") ?? "release";
const payloadType = "application/vnd.in-toto+json";
if (option("--check") !== undefined) {
  const faults = faultsOf(option("--check"), readFileSync(option("--public-key") ?? "", "utf8"));
  conclude("release", faults, "every file is what the key's owner released");
  process.exit();
}
const temporary = mkdtempSync(join(tmpdir(), "release-"));
const folder = verify ? join(temporary, "first") : join(root, out);
const findings = [];
const packages = listPackages().filter(({ manifest }) => !manifest.private);

try {
  for (const { folder: source } of packages)
    if (listBuilt(source).length === 0) findings.push(`${source} is not built`);
  const first = packAll(folder);
  // Another time on the files must change nothing.
  for (const { folder: source } of packages)
    for (const file of listBuilt(source)) utimesSync(join(root, file), 1e9, 1e9);
  const second = packAll(join(temporary, "second"));
  for (const [name, digest] of first)
    if (second.get(name) !== digest) findings.push(`${name} is not the same when packed again`);

  write("sbom.cdx.json", billOfMaterials(first));
  const subjects = [...first, ["sbom.cdx.json", digestOf(join(folder, "sbom.cdx.json"))]];
  const ownKey = verify ? await generateKeyPair() : undefined;
  await writeProvenance(provenance(subjects), ownKey?.privateKey);
  const listed = [...subjects, ["provenance.intoto.jsonl", digestOf(join(folder, "provenance.intoto.jsonl"))]];
  writeFileSync(join(folder, "SHA256SUMS"), listed.map(([name, digest]) => `${digest}  ${name}\n`).join(""));
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: folder, stdio: "pipe" });
  if (ownKey !== undefined) await proveSignature(ownKey.publicKey.pem, [...first.keys()][0]);
  conclude(
    "release",
    findings,
    `${first.size} tarballs, each packed twice with the same bytes; checksums, bill of materials and ${verify ? "signed " : ""}provenance agree`,
  );
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function packAll(destination) {
  mkdirSync(destination, { recursive: true });
  return new Map(
    packages.map(({ folder: source }) => {
      const args = ["pack", "--json", "--ignore-scripts=false", "--pack-destination", destination];
      const said = execFileSync("npm", args, {
        cwd: join(root, source),
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 120_000,
      });
      const { filename } = JSON.parse(said)[0];
      return [filename, digestOf(join(destination, filename))];
    }),
  );
}

/** CycloneDX 1.6 of what users install: our tarballs, and every package of others that comes with them. */
function billOfMaterials(tarballs) {
  const { packages: locked } = readJson("package-lock.json");
  const { closure } = readJson("policy/dependencies.json");
  const purl = (name, version) => `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const componentOf = (name, { version, license }, hash) => ({
    type: "library",
    "bom-ref": purl(name, version),
    name,
    version,
    licenses: [{ license: { id: license } }],
    purl: purl(name, version),
    hashes: [hash],
  });
  const own = packages.map(({ manifest }) => {
    const content = tarballs.get(`${manifest.name}-${manifest.version}.tgz`);
    return componentOf(manifest.name, manifest, { alg: "SHA-256", content });
  });
  const others = closure.map((name) => {
    const entry = locked[`node_modules/${name}`];
    const content = Buffer.from(entry.integrity.slice("sha512-".length), "base64").toString("hex");
    return componentOf(name, entry, { alg: "SHA-512", content });
  });
  const refs = new Map([...own, ...others].map((component) => [component.name, component["bom-ref"]]));
  const dependencies = [...refs].map(([name, ref]) => {
    const manifest = packages.find((one) => one.manifest.name === name)?.manifest ?? locked[`node_modules/${name}`];
    return { ref, dependsOn: Object.keys(manifest.dependencies ?? {}).map((dependency) => refs.get(dependency)) };
  });
  const { name, version } = readJson("package.json");
  const metadata = { component: { type: "application", "bom-ref": name, name, version } };
  return `${JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1, metadata, components: [...own, ...others], dependencies }, undefined, 2)}\n`;
}

/** An in-toto statement with SLSA provenance 1.0; npm and the hosted builder sign theirs, this one says the same offline. */
function provenance(subjects) {
  const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const repository = packages[0].manifest.repository?.url ?? readJson("packages/core/package.json").repository.url;
  const commit = git("rev-parse", "HEAD");
  return `${JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects.map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://github.com/promptpack/promptpack-ts/blob/main/tools/release.mjs",
        externalParameters: { command: "node tools/release.mjs" },
        internalParameters: { node: process.version },
        resolvedDependencies: [
          { uri: repository, digest: { gitCommit: commit } },
          { uri: "package-lock.json", digest: { sha256: digestOf(join(root, "package-lock.json")) } },
        ],
      },
      runDetails: {
        builder: {
          id: process.env["GITHUB_ACTIONS"] === "true" ? "https://github.com/actions/runner/github-hosted" : "local",
        },
      },
    },
  })}\n`;
}

/** A DSSE envelope on one line, or a sigstore bundle beside the statement. */
async function writeProvenance(statement, ownKey) {
  const keyFile = option("--key");
  const key = ownKey ?? (keyFile === undefined ? undefined : readFileSync(keyFile, "utf8"));
  const payload = new TextEncoder().encode(statement.trimEnd());
  const signed =
    key && (await signEnvelope(payloadType, payload, [await readPrivateKey(key, process.env["RELEASE_PASSPHRASE"])]));
  write("provenance.intoto.jsonl", signed === undefined ? statement : `${JSON.stringify(JSON.parse(signed))}\n`);
  if (!process.argv.includes("--keyless")) return;
  const { CIContextProvider, DSSEBundleBuilder, FulcioSigner, RekorWitness } = await import("@sigstore/sign");
  const { bundleToJSON } = await import("@sigstore/bundle");
  const signer = new FulcioSigner({
    fulcioBaseURL: "https://fulcio.sigstore.dev",
    identityProvider: new CIContextProvider("sigstore"),
  });
  const witnesses = [new RekorWitness({ rekorBaseURL: "https://rekor.sigstore.dev" })];
  const bundle = await new DSSEBundleBuilder({ signer, witnesses }).create({
    data: Buffer.from(payload),
    type: payloadType,
  });
  write("provenance.sigstore.json", `${JSON.stringify(bundleToJSON(bundle))}\n`);
}

/** The signature must hold for this release, and for nothing else: another key, a changed file, a file that is gone. */
async function proveSignature(pem, tarball) {
  findings.push(...faultsOf(folder, pem));
  const { publicKey: stranger } = await generateKeyPair();
  if (faultsOf(folder, stranger.pem).length === 0) findings.push("another key verifies the provenance");
  const path = join(folder, tarball);
  const bytes = readFileSync(path);
  writeFileSync(path, Buffer.concat([bytes, Buffer.of(0)]));
  if (faultsOf(folder, pem).length === 0) findings.push("a tarball was changed, and the provenance still holds");
  rmSync(path);
  if (faultsOf(folder, pem).length === 0) findings.push("a tarball is gone, and the provenance still holds");
  writeFileSync(path, bytes);
}

/** Returns what in a folder is not what the signed provenance says. */
function faultsOf(place, pem) {
  const envelope = parseEnvelope(readFileSync(join(place, "provenance.intoto.jsonl")));
  const signed = preAuthEncoding(payloadType, envelope.payload);
  const key = createPublicKey(pem);
  if (
    envelope.payloadType !== payloadType ||
    !envelope.signatures.some(({ signature }) => verifySignature(null, signed, key, signature))
  )
    return ["the provenance is not signed by this key"];
  const { subject, predicateType } = JSON.parse(new TextDecoder().decode(envelope.payload));
  const named = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
  const released = readdirSync(place).filter((name) => name.endsWith(".tgz") || name.endsWith(".cdx.json"));
  return [
    ...(predicateType === "https://slsa.dev/provenance/v1" ? [] : ["what is signed is no provenance"]),
    ...released
      .filter((name) => named.get(name) !== digestOf(join(place, name)))
      .map((name) => `${name} is not what was released`),
    ...[...named.keys()].filter((name) => !released.includes(name)).map((name) => `${name} is not there`),
  ];
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
}
function digestOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
