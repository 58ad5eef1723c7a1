// The specification's rules are a promise in 434 parts: each is kept by something that runs, or says why it does not apply.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codesFolder, conclude, listFiles, readCodes, readJson, readText, root } from "./repository.mjs";

const last = 434;
const page = "docs/rules.md";
const findings = [];
const rules = new Map();

const vectorRules = new Map();
for (const file of listFiles("conformance/vectors")) {
  for (const { id, rules: shown = [] } of readJson(file).vectors) {
    if (vectorRules.has(id)) findings.push(`${file}: the vector id ${id} is taken`);
    vectorRules.set(id, shown);
    for (const rule of shown) if (!isRule(rule)) findings.push(`${file}: ${id} shows ${rule}, which is no rule`);
  }
}
const codes = new Set(listFiles(codesFolder).flatMap((file) => readCodes(file).map(({ code }) => code)));

for (const file of listFiles("conformance/rules", (path) => path.endsWith(".json"))) {
  const section = file.slice("conformance/rules/".length, -".json".length);
  for (const [rule, entry] of Object.entries(readJson(file))) {
    if (!isRule(rule)) findings.push(`${file}: ${rule} is no rule`);
    if (rules.has(rule)) findings.push(`${rule} is in ${rules.get(rule).file} and in ${file}`);
    rules.set(rule, { file, section, ...entry });
    checkEntry(`${file}: ${rule}`, entry);
  }
}
const missing = Array.from({ length: last }, (_, index) => ruleName(index + 1)).filter((rule) => !rules.has(rule));
if (missing.length > 0) findings.push(`${missing.length} rules are in no table: ${missing.join(" ")}`);

const table = writeTable();
if (process.argv.includes("--write")) writeFileSync(join(root, page), table);
else if (!existsSync(join(root, page)) || readText(page) !== table)
  findings.push(`${page} is stale; npm run docs:rules writes it`);
conclude(
  "rules",
  findings,
  `${rules.size} rules, ${count("enforced")} enforced, ${count("not-applicable")} not applicable`,
);

function checkEntry(place, { status, by, reason }) {
  if (status === "not-applicable") {
    if (typeof reason !== "string" || reason === "" || by !== undefined)
      findings.push(`${place} does not apply: that needs a reason and nothing else`);
    return;
  }
  if (status !== "enforced") findings.push(`${place} has the status ${JSON.stringify(status)}`);
  if (!Array.isArray(by) || by.length === 0) findings.push(`${place} is enforced by nothing`);
  for (const reference of by ?? []) {
    const problem = unresolved(reference);
    if (problem !== undefined) findings.push(`${place}: ${reference}: ${problem}`);
  }
}

function unresolved(reference) {
  const [, kind, target] = /^(code|test|vector):(.+)$/s.exec(reference) ?? [];
  if (kind === "code") return codes.has(target) ? undefined : "no such code";
  if (kind === "vector") return vectorRules.has(target) ? undefined : "no such vector";
  if (kind !== "test") return "neither code:, test: nor vector:";
  const [path, ...rest] = target.split("#");
  const title = rest.join("#");
  if (!existsSync(join(root, path))) return "no such file";
  const quoted = [JSON.stringify(title), `'${title}'`, `\`${title}\``];
  const found = quoted.some((text) =>
    new RegExp(`\\b(it|test)(\\.\\w+)*(\\([^"'\`]*\\))?\\(\\s*${escape(text)}`).test(readText(path)),
  );
  return found ? undefined : "no test of that name";
}

function writeTable() {
  const rows = [...rules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, { section, status, by, reason }]) => {
      const proof = status === "enforced" ? (by ?? []).map((reference) => `\`${reference}\``).join("<br>") : reason;
      return `| ${rule} | ${section} | ${status} | ${String(proof).replaceAll("|", "\\|")} |`;
    });
  const about = `What keeps each rule of the specification: a diagnostic code, a test or a conformance vector. \`npm run check:rules\` resolves every reference; \`npm run docs:rules\` writes this page from \`conformance/rules/\`.`;
  return `# Rules\n\n${about}\n\n${count("enforced")} enforced, ${count("not-applicable")} not applicable.\n\n| rule | section | status | kept by |\n|---|---|---|---|\n${rows.join("\n")}\n`;
}

function isRule(rule) {
  return /^R\d{3}$/.test(rule) && Number(rule.slice(1)) >= 1 && Number(rule.slice(1)) <= last;
}
function ruleName(number) {
  return `R${String(number).padStart(3, "0")}`;
}
function count(wanted) {
  return [...rules.values()].filter(({ status }) => status === wanted).length;
}
function escape(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
