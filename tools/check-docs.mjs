// Documentation is code that nobody compiles; so every TypeScript fence is compiled and run, and prints what the text
// fence below it says.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { conclude, listFiles, readText, root } from "./repository.mjs";

const folder = join(root, ".checks/docs");
const findings = [];
const fences = [];

const hasPrograms = /^(README\.md|docs\/.*\.md|packages\/[^/]+\/README\.md)$/;
for (const page of listFiles(".", (path) => hasPrograms.test(path))) collectFences(page, readText(page));
runFences();
conclude(
  "docs",
  findings,
  `${fences.length} TypeScript fences run, ${fences.filter(({ prints }) => prints !== undefined).length} print what is shown`,
);

function collectFences(page, text) {
  let previous;
  for (const { index, groups } of text.matchAll(/^```(?<language>[a-z]*)\b.*\n(?<code>[^]*?)^```$/gm)) {
    const { language, code } = groups;
    const fence = { page, line: text.slice(0, index).split("\n").length + 1, code: code.trimEnd().split("\n") };
    if (language === "ts" || language === "typescript") fences.push(fence);
    if ((language === "text" || language === "mermaid") && previous !== undefined) previous.prints = code.trimEnd();
    previous = language === "ts" ? fence : undefined;
  }
}

/** Each fence is a program of its own: it imports the built packages by name and runs in the repository's root. */
function runFences() {
  if (fences.length === 0) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const fence of fences) {
    fence.file = `${fence.page.replace(/[^a-zA-Z0-9]+/g, "-")}-${fence.line}`;
    // Empty lines first, so that a compiler's or an engine's line is the line of the page.
    writeFileSync(
      join(folder, `${fence.file}.ts`),
      `${"\n".repeat(fence.line - 1)}${fence.code.join("\n")}\nexport {};\n`,
    );
  }
  const settings = {
    extends: relative(folder, join(root, "tsconfig.base.json")),
    compilerOptions: {
      types: ["node"],
      lib: ["es2023", "dom"],
      outDir: "out",
      rootDir: ".",
      skipLibCheck: true,
      resolveJsonModule: true,
      composite: false,
      isolatedDeclarations: false,
      declaration: false,
      declarationMap: false,
      noUnusedLocals: false,
    },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const compiled = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], {
    cwd: folder,
    encoding: "utf8",
  });
  for (const line of compiled.stdout.split("\n").filter((text) => text.includes("error TS"))) {
    const fence = fences.find(({ file }) => line.startsWith(`${file}.ts`));
    findings.push(`${fence?.page ?? ""}: ${line.replace(`${fence?.file}.ts`, "")}`);
  }
  for (const { page, line, file, prints } of fences) {
    try {
      const printed = execFileSync(process.execPath, [join(folder, "out", `${file}.js`)], {
        cwd: root,
        stdio: "pipe",
        encoding: "utf8",
        timeout: 30_000,
      });
      const lines = printed.replaceAll(/[ \t]+$/gm, "").trimEnd();
      if (prints !== undefined && lines !== prints)
        findings.push(`${page}:${line} does not print what stands below it; it prints:\n${lines}`);
    } catch (error) {
      findings.push(
        `${page}:${line} does not run: ${String(error.stderr ?? error.message)
          .trim()
          .split("\n")
          .slice(0, 6)
          .join(" | ")}`,
      );
    }
  }
}
