// What every check needs: the repository's files, and one way to end with findings or with a plain line.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const byText = (a, b) => (a < b ? -1 : 1);
const skipped = new Set(["node_modules", "dist", "coverage", ".git", ".runtimes", ".checks"]);

/** Lists the files under a folder of the repository, as sorted paths from the root with forward slashes. */
export function listFiles(folder, matches = () => true) {
  const found = [];
  const visit = (path) => {
    let entries;
    try {
      entries = readdirSync(path, { withFileTypes: true });
    } catch (error) {
      if (error.code === "ENOENT") return;
      throw error;
    }
    for (const entry of entries) {
      const child = join(path, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name)) visit(child);
      else if (entry.isFile()) found.push(relative(root, child).split(sep).join("/"));
    }
  };
  visit(join(root, folder));
  return found.filter((path) => matches(path)).toSorted(byText);
}

export const readText = (path) => readFileSync(join(root, path), "utf8");
export const readJson = (path) => JSON.parse(readText(path));

export const isTest = (path) => /\.test(-d)?\.ts$/.test(path);
export const isSource = (path) => path.endsWith(".ts") && !path.endsWith(".d.ts") && !isTest(path);

/** Lists the JavaScript that the build made of a package. */
export const listBuilt = (folder) =>
  existsSync(join(root, folder, "dist"))
    ? readdirSync(join(root, folder, "dist"), { recursive: true })
        .filter((path) => path.endsWith(".js"))
        .map((path) => `${folder}/dist/${path.split(sep).join("/")}`)
    : [];

/** The packages of the workspace: their folder (packages/core) and manifest. */
export const listPackages = () =>
  listFiles("packages", (path) => /^packages\/[^/]+\/package\.json$/.test(path)).map((path) => ({
    folder: path.slice(0, -"/package.json".length),
    manifest: readJson(path),
  }));

/** Where the tables of diagnostic codes are. */
export const codesFolder = "packages/core/src/diagnostics/codes/";

/** Reads one of them: every code with its layer and its severity. */
export const readCodes = (path) =>
  [...readText(path).matchAll(/"(document|schema|reference|lint) (error|warning|info)": \[([^\]]*)\]/g)].flatMap(
    ([, layer, severity, codes]) => [...codes.matchAll(/"(\w+)"/g)].map(([, code]) => ({ code, layer, severity })),
  );

/** Prints the findings and ends with failure, or prints what was found to hold. */
export function conclude(check, findings, holds) {
  for (const finding of findings) console.error(`${check}: ${finding}`);
  if (findings.length > 0) {
    console.error(`${check}: ${findings.length} finding${findings.length === 1 ? "" : "s"}`);
    process.exitCode = 1;
  } else {
    console.log(`${check}: ${holds}`);
  }
}
