// A promise of fixes holds for versions that exist: the table of SECURITY.md, support.json and the tags must say the same.
import { execFileSync } from "node:child_process";
import { conclude, listPackages, readJson, readText, root } from "./repository.mjs";

const mostDays = 180;
const findings = [];
const { policy, reviewed, releases } = readJson("support.json");

const section = /^## Supported versions$([^]*?)(?=^## )/m.exec(readText("SECURITY.md"))?.[1] ?? "";
const rows = [...section.matchAll(/^\| (.+?) \| (.+?) \|$/gm)]
  .slice(1)
  .map(([, version, fixes]) => `${version}: ${fixes}`);
const wanted = policy.map(({ version, fixes }) => `${version}: ${fixes}`);
if (rows.join("\n") !== wanted.join("\n"))
  findings.push(`SECURITY.md supports [${rows.join("; ")}], and support.json [${wanted.join("; ")}]`);

const tags = git("tag", "--list", "v*", "--sort=-version:refname").map((tag) => tag.slice(1));
const names = releases.map(({ version }) => version);
if (tags.join() !== names.join())
  findings.push(`the tags are [${tags.join(", ")}], and support.json lists [${names.join(", ")}]`);
for (const { version, released } of releases) {
  if (Number.isNaN(Date.parse(released))) findings.push(`support.json: ${version} was released on no day`);
  if (git("tag", "--list", `v${version}`, "--format=%(objecttype)").join() !== "tag")
    findings.push(`the tag v${version} is not annotated, so nobody can have signed it`);
}
const versions = new Set(listPackages().map(({ manifest }) => manifest.version));
if (versions.size > 1)
  findings.push(`packages are released together, and have the versions ${[...versions].join(", ")}`);

const today = option("--today") ?? new Date().toISOString().slice(0, 10);
const age = Math.floor((Date.parse(today) - Date.parse(reviewed)) / 86_400_000);
if (!(age <= mostDays))
  findings.push(`SECURITY.md was read through ${age} days ago; ${mostDays} at most (support.json, "reviewed")`);
conclude(
  "support",
  findings,
  `${policy.length} rows and ${tags.length} releases agree; read through ${Math.max(age, 0)} days ago`,
);

function git(...args) {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
}
function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}
