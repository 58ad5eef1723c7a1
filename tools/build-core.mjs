// Bundles core's entry points after tsc has made their declarations: two hundred small modules take three times as long to import.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const folder = new URL("../packages/core/", import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
const sources = Object.values(exports)
  .filter((target) => typeof target === "object")
  .map((target) => target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts"));

await build({
  absWorkingDir: new URL(folder).pathname,
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
  logLevel: "warning",
});
