// A code is an address: whoever meets one must find its page, and a test must prove that it can be met.
import { codesFolder as folder, conclude, listFiles, readCodes, readText } from "./repository.mjs";

const findings = [];
const owner = new Map();

const proof = [
  ...listFiles("packages", (path) => path.endsWith(".test.ts")),
  ...listFiles("test", (path) => path.endsWith(".test.ts")),
  ...listFiles("conformance", (path) => path.endsWith(".test.ts") || path.startsWith("conformance/vectors/")),
]
  .map(readText)
  .join("\n");
const met = new Set(proof.match(/[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*/g));

for (const file of listFiles(folder)) {
  const page = `docs/diagnostics/${file.slice(folder.length).replace(/\.ts$/, ".md")}`;
  const rows = readRows(page);
  for (const { code, layer, severity } of readCodes(file)) {
    if (!/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(code)) findings.push(`${file}: ${code} is not SCREAMING_SNAKE`);
    if (owner.has(code)) findings.push(`${code} is in ${owner.get(code)} and in ${file}`);
    owner.set(code, file);
    if (!rows.has(code)) findings.push(`${code} has no row in ${page}`);
    else if (rows.get(code) !== `${layer}, ${severity}`) {
      findings.push(`${page}: ${code} is "${layer}, ${severity}" in ${file}, the row says "${rows.get(code)}"`);
    }
    if (!met.has(code)) findings.push(`${code} occurs in no test`);
    rows.delete(code);
  }
  for (const code of rows.keys()) findings.push(`${page} documents ${code}, which ${file} does not have`);
}
const security = "docs/diagnostics/security.md";
const others = readRows(security);
for (const [file, type] of [
  ["verify/trust-code.ts", "TrustCode"],
  ["errors.ts", "SecurityCode"],
  ["credentials/credential-error.ts", "CredentialCode"],
  ["audit/verify-audit-log.ts", "AuditFaultCode"],
]) {
  const [, union = ""] =
    new RegExp(`type ${type} =([^;]*);`).exec(readText(`packages/security/src/${file}`).replace(/\/\/.*/g, "")) ?? [];
  const codes = [...union.matchAll(/"(\w+)"/g)].map(([, code]) => code);
  if (codes.length === 0) findings.push(`${file} has no type ${type} of codes`);
  for (const code of codes) {
    if (owner.has(code)) findings.push(`${code} is in ${owner.get(code)} and in ${file}`);
    owner.set(code, file);
    if (!others.delete(code)) findings.push(`${code} has no row in ${security}`);
    if (!met.has(code)) findings.push(`${code} occurs in no test`);
  }
}
for (const code of others.keys())
  findings.push(`${security} documents ${code}, which promptpack-security does not have`);

for (const page of listFiles("docs/diagnostics")) {
  if (page === security) continue;
  const file = `${folder}${page.slice("docs/diagnostics/".length).replace(/\.md$/, ".ts")}`;
  if (!listFiles(folder).includes(file)) findings.push(`${page} has no table of codes beside it (${file})`);
}
conclude("codes", findings, `${owner.size} codes, each documented and met in a test`);

/** Reads the rows of a page: code to "layer, severity". */
function readRows(page) {
  if (!listFiles("docs/diagnostics").includes(page)) return new Map();
  return new Map(
    [...readText(page).matchAll(/^\|\s*`?([A-Z][A-Z0-9_]*)`?\s*\|\s*([^|]*?)\s*\|/gm)].map(([, code, about]) => [
      code,
      about.replaceAll("`", ""),
    ]),
  );
}
