// Compiles the typed examples, so that a wrong name fails, and runs them. Node 22.18 or newer runs them without this.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));
const names = ["inline", "generated"];
const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
const settings =
  "--ignoreConfig --noEmit --strict --module nodenext --target es2023 --lib es2023,dom --types node --allowImportingTsExtensions --resolveJsonModule --skipLibCheck";
const files = names.map((name) => join(folder, `${name}.ts`));
const { status, stdout } = spawnSync(process.execPath, [tsc, ...settings.split(" "), ...files], {
  cwd: folder,
  encoding: "utf8",
});
if (status !== 0) throw new Error(stdout);

const out = mkdtempSync(join(folder, ".run-"));
try {
  await build({
    entryPoints: files,
    bundle: true,
    format: "esm",
    platform: "node",
    outdir: out,
    outExtension: { ".js": ".mjs" },
  });
  for (const name of names) await import(pathToFileURL(join(out, `${name}.mjs`)).href);
} finally {
  rmSync(out, { recursive: true, force: true });
}
