// What SECURITY.md promises to whoever reports: advisory new ID | check [--today DAY] | validate. Records are OSV 1.7 JSON.
// `--in <folder>` looks elsewhere than in advisories/, `--tags 1.2.0,...` takes these releases for the tags.
import { existsSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseDocument } from "promptpack";
import { osvFaults } from "./osv.mjs";
import { conclude, listFiles, listPackages, readText, root } from "./repository.mjs";

const [action, ...rest] = process.argv.slice(2);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const today = option("--today") ?? new Date().toISOString().slice(0, 10);
const findings = [];
const folder = option("--in") ?? "advisories";
const files = listFiles(folder, (path) => path.endsWith(".json"));

if (action === "new") create(rest[0]);
else if (action === "check") check();
else if (action === "validate") validate();
else {
  console.error("advisory: new <PPSA-year-number>, check [--today <day>] or validate");
  process.exitCode = 2;
}

function create(id) {
  if (!isId(id)) throw new Error(`an id is PPSA-${today.slice(0, 4)}-0001, not ${id}`);
  const path = join(root, folder, `${id}.json`);
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
    `${folder}/${id}.json: ${dues(timeline)
      .map(({ what, due }) => `${what} by ${due}`)
      .join(", ")}`,
  );
}

/** A due date that has passed without its deed is a broken promise. */
function check() {
  for (const file of files) {
    const { timeline } = readRecord(file)?.database_specific ?? {};
    if (!isTimeline(timeline))
      findings.push(`${file}: there is no timeline with the days of the report and of what followed`);
    else if (timeline.fixed === null)
      for (const { what, due, done } of dues(timeline))
        if (!done && due < today) findings.push(`${file}: ${what} was due on ${due}`);
  }
  conclude("advisories", findings, `${files.length} records, none overdue on ${today}`);
}

function validate() {
  const names = new Set(listPackages().map(({ manifest }) => manifest.name));
  const tags = new Set(
    option("--tags")
      ?.split(",")
      .map((version) => `v${version}`) ??
      execFileSync("git", ["tag", "--list"], { cwd: root, encoding: "utf8" }).split("\n"),
  );
  for (const file of files) {
    const record = readRecord(file);
    if (record === undefined) continue;
    const malformed = osvFaults(record);
    const problems = malformed.length > 0 ? malformed : faults(file, record, names, tags);
    for (const problem of problems) findings.push(`${file}: ${problem}`);
  }
  conclude("advisories", findings, `${files.length} records are valid`);
}

/** What this repository asks beyond OSV. */
function* faults(file, record, names, tags) {
  const { id, published, aliases = [], summary = "", details = "", severity = [], affected = [] } = record;
  const { references = [], credits = [] } = record;
  const { cwe_ids = [], regression_test = "", timeline } = record.database_specific ?? {};
  if (!isId(id) || file !== `${folder}/${id}.json`) yield `the id "${id}" is not of this file`;
  if (summary.trim() === "" || details.trim() === "") yield "summary and details are missing";
  if (aliases.some((alias) => !/^(CVE-\d{4}-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3})$/.test(alias)))
    yield "an alias is neither CVE nor GHSA";
  if (published !== undefined && !aliases.some((alias) => alias.startsWith("CVE-")))
    yield "it is published without a CVE";
  if (!severity.some(({ type }) => type === "CVSS_V4")) yield "there is no CVSS 4.0 vector";
  if (!cwe_ids.length || cwe_ids.some((cwe) => !/^CWE-[1-9]\d*$/.test(cwe))) yield "there is no CWE";
  if (affected.length === 0) yield "no package is affected";
  for (const { package: affectedPackage, ranges = [] } of affected) {
    if (affectedPackage?.ecosystem !== "npm" || !names.has(affectedPackage?.name))
      yield `${affectedPackage?.name} is not ours`;
    const semantic = ranges.filter((range) => range.type === "SEMVER");
    if (semantic.length === 0) yield "no range is of semantic versions";
    for (const { fixed } of semantic.flatMap(({ events }) => events))
      if (fixed !== undefined && !tags.has(`v${fixed}`)) yield `no tag v${fixed} holds the fix`;
    for (const { events } of semantic)
      if (timeline?.fixed && !Object.hasOwn(events.at(-1) ?? {}, "fixed")) yield "it is fixed, and a range has no end";
  }
  if (published !== undefined && !references.some(({ type }) => type === "FIX")) yield "no reference leads to the fix";
  if (published !== undefined && credits.length === 0)
    yield 'nobody is credited; write { name: "anonymous" } for who wants no name';
  if (published !== undefined && !timeline?.fixed) yield "it is published before it is fixed";
  if (!isTimeline(timeline)) yield "there is no timeline with the days of the report and of what followed";
  const [path, title] = regression_test.split("#");
  if (!path || !existsSync(join(root, path)) || !readText(path).includes(`it(${JSON.stringify(title)}`))
    yield "regression_test names no test (file#title)";
}

/** Records are read as strictly as packs: a member that stands twice has two meanings. */
function readRecord(file) {
  const { data, diagnostics } = parseDocument(readText(file));
  if (data === undefined) findings.push(`${file}: ${diagnostics[0]?.message}`);
  return data;
}

function isTimeline(timeline) {
  const days = ["reported", "answered", "assessed", "lastUpdate", "fixed"].map((name) => timeline?.[name]);
  const isDay = (day) =>
    /^\d{4}-\d\d-\d\d$/.test(day) && Number.isFinite(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return isDay(days[0]) && days.every((day) => day === null || isDay(day));
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
