// Bundles core's entry points after tsc has made their declarations. All that the main entry reaches is one module, because
// every further file costs a program's start as much as thousands of lines; the other entries bring only what is theirs.
import { transform } from "esbuild";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rollup } from "rollup";

const folder = new URL("../packages/core/", import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
const names = Object.values(exports)
  .filter((target) => typeof target === "object")
  .map((target) => target.default.replace("./dist/", "").replace(/\.js$/, ""));
const input = Object.fromEntries(names.map((name) => [name, fileURLToPath(new URL(`src/${name}.ts`, folder))]));

const typescript = {
  name: "typescript",
  transform: (code, id) => transform(code, { loader: "ts", target: "es2023", sourcemap: true, sourcefile: id }),
};
const bundle = await rollup({
  input,
  external: ["re2js", /^node:/],
  plugins: [typescript],
  // no module of core does anything when it is imported
  treeshake: { moduleSideEffects: false },
  onwarn: ({ message }) => {
    throw new Error(message);
  },
});

const main = new Set();
// what an earlier build shared has other names, and nobody may publish it
rmSync(new URL("dist/shared", folder), { recursive: true, force: true });
mkdirSync(new URL("dist", folder), { recursive: true });
await bundle.write({
  dir: fileURLToPath(new URL("dist", folder)),
  format: "esm",
  sourcemap: true,
  entryFileNames: "[name].js",
  chunkFileNames: "shared/[hash].js",
  hoistTransitiveImports: false,
  manualChunks: (id, { getModuleInfo }) => {
    if (main.size === 0) reach(input.index, getModuleInfo);
    return main.has(id) && id !== input.index ? "core" : undefined;
  },
});

function reach(id, getModuleInfo) {
  if (main.has(id)) return;
  main.add(id);
  const { importedIds = [] } = getModuleInfo(id) ?? {};
  for (const imported of importedIds) if (imported.endsWith(".ts")) reach(imported, getModuleInfo);
}
