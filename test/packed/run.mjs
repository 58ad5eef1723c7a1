// What users get is the tarball: packs every package, installs it elsewhere, imports every export, compiles a consumer.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listPackages, readJson, root } from "../../tools/repository.mjs";

const folder = mkdtempSync(join(tmpdir(), "packed-"));
const packages = listPackages().filter(({ manifest }) => !manifest.private);
let passed = 0;
let failed = 0;

try {
  const dependencies = {};
  for (const { folder: source, manifest } of packages) {
    const [tarball] = JSON.parse(
      run("npm", ["pack", "--json", "--ignore-scripts=false", "--pack-destination", folder], join(root, source)),
    );
    dependencies[manifest.name] = `file:${tarball.filename}`;
    const paths = tarball.files.map(({ path }) => path);
    check(`${manifest.name} carries its licence and readme`, () => {
      for (const name of ["LICENSE", "README.md"]) if (!paths.includes(name)) throw new Error(`no ${name}`);
    });
    check(`${manifest.name} carries no test and no build state`, () => {
      const stray = paths.filter((path) => /\.test(-d)?\.|\.tsbuildinfo/.test(path));
      if (stray.length > 0) throw new Error(stray.join(", "));
    });
  }
  const { devDependencies: pinned } = readJson("package.json");
  const devDependencies = Object.fromEntries(["typescript", "@types/node", "yaml"].map((name) => [name, pinned[name]]));
  // optional peers that one of the subpaths needs
  const langgraph = "@langchain/langgraph";
  devDependencies[langgraph] = readJson("packages/langchain/package.json").devDependencies[langgraph];
  // A package of ours that another of ours needs is the tarball beside it, not what a registry has under that name.
  const overrides = Object.fromEntries(Object.keys(dependencies).map((name) => [name, `$${name}`]));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", dependencies, devDependencies, overrides }),
  );
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], folder);

  for (const { manifest } of packages) {
    for (const subpath of Object.keys(manifest.exports ?? {})) {
      const specifier = manifest.name + subpath.slice(1);
      const attributes = subpath.endsWith(".json") ? ', { with: { type: "json" } }' : "";
      const program = `const m = await import("${specifier}"${attributes}); if (Object.keys(m).length === 0) throw new Error("empty")`;
      check(`${specifier} imports`, () => run("node", ["--input-type=module", "-e", program], folder));
    }
    for (const name of Object.keys(manifest.bin ?? {})) {
      check(`${name} --version runs`, () => run(join(folder, "node_modules/.bin", name), ["--version"], folder));
    }
  }
  cpSync(join(root, "test/packed/consumer"), folder, { recursive: true });
  for (const resolution of ["nodenext", "bundler"]) {
    check(`a consumer compiles under moduleResolution ${resolution}`, () =>
      run("npx", ["--no-install", "tsc", "-p", `tsconfig.${resolution}.json`], folder),
    );
  }
  check("the compiled consumer runs", () => run("node", ["out/consumer.js"], folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`packed: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function check(name, holds) {
  try {
    holds();
    passed++;
  } catch (error) {
    failed++;
    const said = [error.message, error.stdout, error.stderr].filter(Boolean).join("\n");
    console.log(`${name}: failed: ${said.trim().split("\n").slice(0, 12).join("\n  ")}`);
  }
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: "pipe", timeout: 300_000 });
}
