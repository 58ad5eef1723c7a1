// Every dependency is code of somebody else with our users' rights: few, named, from one registry, by digest, running nothing.
import { conclude, listPackages, readJson, readText } from "./repository.mjs";

const allowed = readJson("policy/dependencies.json");
const findings = [];
const packages = listPackages();
const ours = new Set(packages.map(({ manifest }) => manifest.name));

for (const { manifest } of packages) {
  const { name, dependencies = {}, scripts = {} } = manifest;
  const actual = Object.keys(dependencies).toSorted();
  const expected = (allowed.runtime[name] ?? []).toSorted();
  if (actual.join() !== expected.join())
    findings.push(
      `${name} depends on [${actual.join(", ")}], and policy/dependencies.json says [${expected.join(", ")}]`,
    );
  for (const [other, range] of Object.entries(dependencies))
    if (!/^[~^]?\d/.test(range)) findings.push(`${name}: ${other} comes from "${range}", which is no version`);
  for (const script of ["preinstall", "install", "postinstall", "prepare"])
    if (script in scripts) findings.push(`${name} runs a ${script} script at its users'`);
}

const lock = readJson("package-lock.json");
const closure = closureOf(packages.map(({ manifest }) => manifest));
const listed = new Set(allowed.closure);
for (const name of closure) if (!listed.has(name)) findings.push(`users would install ${name}, which is not listed`);
for (const name of listed) if (!closure.has(name)) findings.push(`${name} is listed, and nobody would install it`);

let entries = 0;
for (const file of ["package-lock.json", "bench/package-lock.json"]) {
  for (const [path, entry] of Object.entries(readJson(file).packages)) {
    if (entry.link || !path.includes("node_modules/")) continue;
    entries++;
    checkEntry(`${file}: ${path}`, entry, closure.has(path.replace(/^.*node_modules\//, "")));
  }
}
const settings = readText(".npmrc");
if (!/^ignore-scripts=true$/m.test(settings)) findings.push(".npmrc lets packages run scripts when they are installed");
if (/registry|_auth/i.test(settings)) findings.push(".npmrc names a registry or a credential");
conclude(
  "deps",
  findings,
  `${closure.size} packages reach users; ${entries} locked by sha512, from one registry, running nothing`,
);

function checkEntry(place, { integrity, resolved, license, hasInstallScript, dev, devOptional }, reachesUsers) {
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")) findings.push(`${place} has no sha512`);
  // A lockfile without addresses takes everything from the registry that npm is set to.
  if (resolved !== undefined && !resolved.startsWith(allowed.registry))
    findings.push(`${place} comes from ${resolved}`);
  if (hasInstallScript && (reachesUsers || !(dev || devOptional)))
    findings.push(`${place} runs a script when it is installed`);
  const names = (license ?? "none").replace(/[()]/g, "").split(/ (?:OR|AND) /);
  if (!place.startsWith("bench/") && !names.some((name) => allowed.licences.includes(name)))
    findings.push(`${place} has the licence ${license}`);
}

/** The names of all packages of others that come with ours. */
function closureOf(manifests) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name) || ours.has(name)) return;
    found.add(name);
    for (const next of Object.keys(lock.packages[`node_modules/${name}`]?.dependencies ?? {})) visit(next);
  };
  for (const { dependencies = {} } of manifests) for (const name of Object.keys(dependencies)) visit(name);
  return found;
}
