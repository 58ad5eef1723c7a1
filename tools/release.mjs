// A release anyone can repeat: every public package packed twice, byte for byte the same, with checksums, a bill of materials
// and a provenance statement. `--verify` proves it in a temporary folder; else it writes to `release/` or --out <folder>.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conclude, listBuilt, listPackages, readJson, root } from "./repository.mjs";

const verify = process.argv.includes("--verify");
const out = process.argv.includes("--out") ? process.argv[process.argv.indexOf("--out") + 1] : "release";
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
  write("provenance.intoto.jsonl", provenance(subjects));
  const listed = [...subjects, ["provenance.intoto.jsonl", digestOf(join(folder, "provenance.intoto.jsonl"))]];
  writeFileSync(join(folder, "SHA256SUMS"), listed.map(([name, digest]) => `${digest}  ${name}\n`).join(""));
  execFileSync("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], { cwd: folder, stdio: "pipe" });
  checkProvenance(first);
  conclude(
    "release",
    findings,
    `${first.size} tarballs, each packed twice with the same bytes; checksums, bill of materials and provenance agree`,
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
  const own = packages.map(({ manifest: { name, version, license } }) => ({
    type: "library",
    "bom-ref": purl(name, version),
    name,
    version,
    licenses: [{ license: { id: license } }],
    purl: purl(name, version),
    hashes: [{ alg: "SHA-256", content: tarballs.get(`${name}-${version}.tgz`) }],
  }));
  const others = closure.map((name) => {
    const { version, license, integrity } = locked[`node_modules/${name}`];
    const hex = Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex");
    const hashes = [{ alg: "SHA-512", content: hex }];
    return {
      type: "library",
      "bom-ref": purl(name, version),
      name,
      version,
      licenses: [{ license: { id: license } }],
      purl: purl(name, version),
      hashes,
    };
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

function checkProvenance(tarballs) {
  const { subject } = JSON.parse(readFileSync(join(folder, "provenance.intoto.jsonl"), "utf8"));
  const named = new Map(subject.map(({ name, digest }) => [name, digest.sha256]));
  for (const [name, digest] of tarballs)
    if (named.get(name) !== digest) findings.push(`the provenance does not name ${name}`);
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
}
function digestOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
