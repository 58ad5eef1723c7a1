// Documentation is code that nobody compiles; so every TypeScript fence is compiled and run, every link followed.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { conclude, listFiles, readText, root } from "./repository.mjs";

const folder = join(root, ".checks/docs");
const findings = [];
const fences = [];
let links = 0;

const pages = listFiles(".", (path) => path.endsWith(".md") && !path.startsWith("node_modules/"));
for (const page of pages) {
  const text = readText(page);
  if (page === "README.md" || page.startsWith("docs/") || /^packages\/[^/]+\/README\.md$/.test(page))
    collectFences(page, text);
  checkLinks(page, text);
}
runFences();
conclude("docs", findings, `${fences.length} TypeScript fences run, ${links} links resolve on ${pages.length} pages`);

function collectFences(page, text) {
  const lines = text.split("\n");
  let open;
  lines.forEach((line, index) => {
    if (open === undefined && /^\s*```(ts|typescript)\b/.test(line)) open = { page, line: index + 2, code: [] };
    else if (open !== undefined && line.trim() === "```") {
      fences.push(open);
      open = undefined;
    } else open?.code.push(line);
  });
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
  for (const { page, line, file } of fences) {
    try {
      execFileSync(process.execPath, [join(folder, "out", `${file}.js`)], {
        cwd: root,
        stdio: "pipe",
        timeout: 30_000,
      });
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

function checkLinks(page, text) {
  const prose = text.replace(/^```[^]*?^```/gm, "").replace(/`[^`\n]*`/g, "");
  for (const [, target] of prose.matchAll(/\]\(([^()\s]+)\)/g)) {
    if (/^(https?|mailto):/.test(target)) continue;
    links++;
    const [path, anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), decodeURIComponent(path));
    if (!existsSync(join(root, file))) findings.push(`${page}: the link ${target} leads nowhere`);
    else if (anchor !== undefined && file.endsWith(".md") && !anchorsOf(file).has(anchor)) {
      findings.push(`${page}: ${file} has no heading #${anchor}`);
    }
  }
}

function anchorsOf(page) {
  const headings = [...readText(page).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}
