// Imports point one way only, so that every folder can be read, tested and changed without those above it.
import { posix } from "node:path";
import { conclude, isSource, listFiles, listPackages, readText } from "./repository.mjs";

const layers = [
  ["diagnostics", "json"],
  ["document", "schema", "messages", "template", "checks"],
  "variables media tools skills agents composition workflow guardrails evals governance providers".split(" "),
  ["pack"],
  ["prompt"],
  ["types"],
  ["index.ts", "adapters", "agents.ts", "governance.ts", "workflow.ts", "node.ts", "node", "testing"],
];
const siblingEdges = new Set([
  "diagnostics -> json",
  "checks -> schema",
  "messages -> schema",
  "workflow -> composition",
  "node.ts -> node",
]);

/** Which of the workspace's packages each may import; nothing may import the command line. */
const packageEdges = {
  promptpack: [],
  "promptpack-runtime": ["promptpack"],
  "promptpack-langchain": ["promptpack"],
  "promptpack-ai-sdk": ["promptpack"],
  "promptpack-security": ["promptpack"],
  "promptpack-unplugin": ["promptpack"],
  "promptpack-cli": ["promptpack", "promptpack-runtime", "promptpack-security"],
  "promptpack-viewer": ["promptpack", "promptpack-security"],
};

const findings = [];
const layerOf = (noun) => layers.findIndex((nouns) => nouns.includes(noun));
let edges = 0;

/** Yields every module that a source names, type imports and re-exports included. */
function* importsOf(path) {
  const text = readText(path);
  const forms = [
    /^\s*(?:import|export)\s[^;"']*?from\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\(\s*["']([^"']+)["']/g,
  ];
  for (const form of forms) for (const match of text.matchAll(form)) yield match[1];
}

function checkCoreImport(file, target) {
  const src = "packages/core/src/";
  if (!target.startsWith(".")) {
    const allowed = target.startsWith("node:")
      ? /^node(\.ts|\/)/.test(file.slice(src.length))
      : target === "re2js" && file === `${src}schema/pattern.ts`;
    if (!allowed)
      findings.push(
        `${file} imports ${target}; core has re2js (in schema/pattern.ts) and, for promptpack/node, node:*`,
      );
    return;
  }
  const nounOf = (path) => path.slice(src.length).split("/")[0];
  const [from, to] = [nounOf(file), nounOf(posix.join(posix.dirname(file), target))];
  if (from === to) return;
  for (const noun of [from, to]) if (layerOf(noun) < 0) findings.push(`${file}: "${noun}" stands in no layer`);
  if (layerOf(to) < layerOf(from) || siblingEdges.has(`${from} -> ${to}`)) return;
  const direction = layerOf(to) === layerOf(from) ? "sideways" : "up";
  findings.push(`${file} imports ${direction}: ${from} (layer ${layerOf(from)}) -> ${to} (layer ${layerOf(to)})`);
}

function checkPackageImport(file, folder, name, target) {
  if (target.startsWith(".")) {
    if (!posix.join(posix.dirname(file), target).startsWith(`${folder}/`))
      findings.push(`${file} reaches out of its package: ${target}`);
    return;
  }
  const other = target.split("/")[0];
  if (!(other in packageEdges) || other === name) return;
  if (packageEdges[name] === undefined)
    findings.push(`${file}: the package ${name} stands in no list of allowed imports`);
  else if (!packageEdges[name].includes(other)) findings.push(`${file}: ${name} may not import ${other}`);
}

/** Imports of types and imports on demand count: a reader follows them all the same. */
function checkCircles(targetsOf) {
  const done = new Set();
  const path = [];
  const follow = (file) => {
    const start = path.indexOf(file);
    if (start >= 0) findings.push(`imports run in a circle: ${[...path.slice(start), file].join(" -> ")}`);
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of targetsOf.get(file) ?? []) follow(target);
    path.pop();
    done.add(file);
  };
  for (const file of targetsOf.keys()) follow(file);
}

for (const { folder, manifest } of listPackages()) {
  const targetsOf = new Map();
  for (const file of listFiles(`${folder}/src`, isSource)) {
    const targets = [...importsOf(file)];
    targetsOf.set(
      file,
      targets.filter((target) => target.startsWith(".")).map((target) => posix.join(posix.dirname(file), target)),
    );
    for (const target of targets) {
      edges++;
      checkPackageImport(file, folder, manifest.name, target);
      if (manifest.name === "promptpack") checkCoreImport(file, target);
    }
  }
  checkCircles(targetsOf);
}
conclude("layers", [...new Set(findings)], `${edges} imports point down, and none in a circle`);
