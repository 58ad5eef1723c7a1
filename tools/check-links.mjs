// A page that moves leaves links that lead nowhere; every relative link must name a file and a heading that exist.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { conclude, listFiles, readText, root } from "./repository.mjs";

const findings = [];
let links = 0;
const pages = listFiles(".", (path) => path.endsWith(".md"));
for (const page of pages) checkLinks(page, readText(page));
conclude("links", findings, `${links} links resolve on ${pages.length} pages`);

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
