// Bundles core's entry points after tsc has made their declarations: two hundred small modules take three times as long to import.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = new URL("../packages/core/", import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
const sources = Object.values(exports)
  .filter((target) => typeof target === "object")
  .map((target) => target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts"));

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(folder),
  entryPoints: sources,
  outbase: "src",
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  // neutral: what core shares with every runtime; the node entry names its modules itself
  platform: "neutral",
  external: ["re2js", "node:*"],
  target: "es2023",
  chunkNames: "shared/[hash]",
  sourcemap: true,
  write: false,
  logLevel: "warning",
});

// what an earlier build shared has other names, and nobody may publish it
rmSync(new URL("dist/shared", folder), { recursive: true, force: true });
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  // No module of core does anything when it is imported, so an import that names nothing is only there to be warned about.
  writeFileSync(path, path.endsWith(".js") ? text.replaceAll(/^import "\.[^"]+";$/gm, "") : text);
}
