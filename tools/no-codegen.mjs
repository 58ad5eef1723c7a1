// Foreign data must have no road to running code, so the built packages must not contain one.
import { buildSync } from "esbuild";
import { join } from "node:path";
import { conclude, listBuilt, listPackages, root } from "./repository.mjs";

const everywhere = ["eval", "Function", "WebAssembly"];
const inCore = ["process", "console", "fetch", "setTimeout", "setInterval", "Date.now", "Math.random", "require"];
const modules = /^(node:)?(vm|child_process|worker_threads|module|repl|inspector)(\/|$)/;
const findings = [];
let files = 0;

for (const { folder, manifest } of listPackages()) {
  const core = manifest.name === "promptpack";
  const nodeOnly = (file) => !core || /\/dist\/node(\.js|\/)/.test(file);
  for (const file of listBuilt(folder)) {
    files++;
    // The bundler replaces only what is truly the host's own name: not a comment, a string or a local of that name.
    const banned = nodeOnly(file) ? everywhere : [...everywhere, ...inCore];
    const marks = Object.fromEntries(
      banned.flatMap((name) => [name, `globalThis.${name}`].map((form) => [form, `BANNED_${name.replace(".", "_")}`])),
    );
    const { outputFiles, metafile } = buildSync({
      entryPoints: [join(root, file)],
      bundle: true,
      packages: "external",
      external: ["./*", "../*"],
      format: "esm",
      platform: "neutral",
      define: marks,
      write: false,
      metafile: true,
      legalComments: "none",
      logLevel: "silent",
    });
    for (const [name, mark] of Object.entries(marks))
      if (new RegExp(`\\b${mark}\\b`).test(outputFiles[0].text))
        findings.push(`${file} uses ${name.replace("globalThis.", "")}`);
    for (const { path, kind } of Object.values(metafile.inputs)[0].imports) {
      if (modules.test(path)) findings.push(`${file} imports ${path}`);
      if (path.startsWith("node:") && !nodeOnly(file)) findings.push(`${file} imports ${path}`);
      if (core && kind === "dynamic-import") findings.push(`${file} imports ${path} at run time`);
    }
    if (core && /\bimport\(/.test(outputFiles[0].text)) findings.push(`${file} imports what is known only at run time`);
  }
}
if (files === 0) findings.push("nothing is built");
conclude("codegen", [...new Set(findings)], `${files} built files make no code and reach for no host`);
