// A mapping of requirements to tests is worth something only while the tests exist.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { conclude, readText, root } from "./repository.mjs";

const page = "docs/owasp.md";
const findings = [];
const seen = new Set();
let tests = 0;

for (const [, row, rest] of readText(page).matchAll(/^\| ((?:V|LLM)\d+) (.+) \|$/gm)) {
  seen.add(row);
  const [, about = "", named = ""] = rest.split(" | ").map((cell) => cell.trim());
  const references = [...named.matchAll(/`([^`#]+)#([^`]+)`/g)];
  if (references.length === 0 && !about.startsWith("does not apply: "))
    findings.push(`${row} names no test and no reason`);
  for (const [, path, title] of references) {
    tests++;
    const exists =
      existsSync(join(root, path)) &&
      [`it(${JSON.stringify(title)}`, `)(${JSON.stringify(title)}`].some((text) => readText(path).includes(text));
    if (!exists) findings.push(`${row}: ${path} has no test "${title}"`);
  }
}
const wanted = [
  ...Array.from({ length: 17 }, (_, at) => `V${at + 1}`),
  ...Array.from({ length: 10 }, (_, at) => `LLM${String(at + 1).padStart(2, "0")}`),
];
for (const row of wanted) if (!seen.has(row)) findings.push(`${row} has no row`);
conclude("owasp", findings, `${seen.size} rows, ${tests} references to tests resolve`);
