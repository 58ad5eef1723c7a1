// What SECURITY.md promises to whoever reports: advisory new ID | check [--today DAY] | validate. Records are OSV 1.7 JSON.
import { existsSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { conclude, listFiles, listPackages, readJson, readText, root } from "./repository.mjs";

const [action, ...rest] = process.argv.slice(2);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const today = option("--today") ?? new Date().toISOString().slice(0, 10);
const findings = [];
const files = listFiles("advisories", (path) => path.endsWith(".json"));

if (action === "new") create(rest[0]);
else if (action === "check") check();
else if (action === "validate") validate();
else {
  console.error("advisory: new <PPSA-year-number>, check [--today <day>] or validate");
  process.exitCode = 2;
}

function create(id) {
  if (!isId(id)) throw new Error(`an id is PPSA-${today.slice(0, 4)}-0001, not ${id}`);
  const path = join(root, "advisories", `${id}.json`);
  const timeline = { reported: today, answered: null, assessed: null, lastUpdate: null, fixed: null };
  const record = {
    schema_version: "1.7.0",
    id,
    modified: `${today}T00:00:00Z`,
    aliases: [],
    summary: "",
    details: "",
    severity: [{ type: "CVSS_V4", score: "" }],
    affected: [
      {
        package: { ecosystem: "npm", name: "promptpack" },
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
      },
    ],
    references: [],
    credits: [],
    database_specific: { cwe_ids: [], regression_test: "", timeline },
  };
  writeFileSync(path, `${JSON.stringify(record, undefined, 2)}\n`, { flag: "wx" });
  console.log(
    `advisories/${id}.json: ${dues(timeline)
      .map(({ what, due }) => `${what} by ${due}`)
      .join(", ")}`,
  );
}

/** A due date that has passed without its deed is a broken promise. */
function check() {
  for (const file of files) {
    const { timeline } = readJson(file).database_specific ?? {};
    if (timeline === undefined || timeline.fixed !== null) continue;
    for (const { what, due, done } of dues(timeline))
      if (!done && due < today) findings.push(`${file}: ${what} was due on ${due}`);
  }
  conclude("advisories", findings, `${files.length} records, none overdue on ${today}`);
}

function validate() {
  const names = new Set(listPackages().map(({ manifest }) => manifest.name));
  const tags = new Set(execFileSync("git", ["tag", "--list"], { cwd: root, encoding: "utf8" }).split("\n"));
  for (const file of files)
    for (const problem of faults(file, readJson(file), names, tags)) findings.push(`${file}: ${problem}`);
  conclude("advisories", findings, `${files.length} records are valid`);
}

function* faults(file, record, names, tags) {
  const {
    id,
    modified,
    published,
    aliases = [],
    summary,
    details,
    severity = [],
    affected = [],
    references = [],
    credits = [],
  } = record;
  const { cwe_ids = [], regression_test = "", timeline } = record.database_specific ?? {};
  const text = (value) => typeof value === "string" && value.trim() !== "";
  if (!isId(id) || file !== `advisories/${id}.json`) yield `the id "${id}" is not of this file`;
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(modified ?? "")) yield "modified is no moment in UTC";
  if (!text(summary) || !text(details)) yield "summary and details are missing";
  if (aliases.some((alias) => !/^(CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3})$/.test(alias)))
    yield "an alias is neither CVE nor GHSA";
  if (
    !severity.some(
      ({ type, score }) =>
        type === "CVSS_V4" && /^CVSS:4\.0\/AV:[NALP]\/AC:[LH]\/AT:[NP]\/PR:[NLH]\/UI:[NPA]\/VC:/.test(score),
    )
  )
    yield "there is no CVSS 4.0 vector";
  if (!cwe_ids.length || cwe_ids.some((cwe) => !/^CWE-\d+$/.test(cwe))) yield "there is no CWE";
  if (affected.length === 0) yield "no package is affected";
  for (const { package: affectedPackage, ranges = [] } of affected) {
    if (affectedPackage?.ecosystem !== "npm" || !names.has(affectedPackage?.name))
      yield `${affectedPackage?.name} is not ours`;
    const events = ranges.flatMap((range) => (range.type === "SEMVER" ? range.events : []));
    if (!events.some(({ introduced }) => text(introduced))) yield "no range says where it was introduced";
    for (const { fixed } of events)
      if (fixed !== undefined && !tags.has(`v${fixed}`)) yield `no tag v${fixed} holds the fix`;
    if (timeline?.fixed && !events.some(({ fixed }) => text(fixed)))
      yield "it is fixed, and no range says in which version";
  }
  if (references.some(({ url }) => !url.startsWith("https://"))) yield "a reference is no https address";
  if (published && credits.length === 0) yield 'nobody is credited; write { name: "anonymous" } for who wants no name';
  if (timeline === undefined) yield "there is no timeline";
  const [path, title] = regression_test.split("#");
  if (!existsSync(join(root, path || " ")) || !readText(path).includes(`it(${JSON.stringify(title)}`))
    yield "regression_test names no test (file#title)";
}

function isId(id) {
  return /^PPSA-\d{4}-\d{4}$/.test(id ?? "");
}

/** The promises of SECURITY.md as days. */
function dues({ reported, answered, assessed, lastUpdate }) {
  const fixDays = 90;
  return [
    { what: "an answer", due: plusDays(reported, 2), done: answered },
    { what: "an assessment", due: plusWorkingDays(reported, 5), done: assessed },
    { what: "an update", due: plusWorkingDays(lastUpdate ?? assessed ?? reported, 10), done: false },
    { what: "a fix", due: plusDays(reported, fixDays), done: false },
  ];
}
function plusDays(day, days) {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
function plusWorkingDays(day, days) {
  let date = day;
  for (let left = days; left > 0;) {
    date = plusDays(date, 1);
    if (![0, 6].includes(new Date(date).getUTCDay())) left--;
  }
  return date;
}
