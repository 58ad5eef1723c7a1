// What a package promises in its manifest must exist and import, and the core's public face must stay small.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { conclude, listPackages, readText, root } from "./repository.mjs";

const mostNames = 60;
const screen = 80; // lines
const findings = [];
let subpaths = 0;

for (const { folder, manifest } of listPackages()) {
  if (manifest.private) continue;
  const targets = { ...flatten(manifest.exports ?? {}), ...flatten(manifest.bin ?? {}) };
  for (const [place, target] of Object.entries(targets)) {
    if (!existsSync(join(root, folder, target)))
      findings.push(`${manifest.name}: ${place} names ${target}, which the build does not make`);
  }
  for (const subpath of Object.keys(manifest.exports ?? {})) {
    const specifier = manifest.name + subpath.slice(1);
    subpaths++;
    try {
      if (subpath.endsWith(".json")) await import(specifier, { with: { type: "json" } });
      else if (Object.keys(await import(specifier)).length === 0) findings.push(`${specifier} exports nothing`);
    } catch (error) {
      findings.push(`${specifier} does not import: ${error.message.split("\n")[0]}`);
    }
  }
}

const face = "packages/core/src/index.ts";
let names = [];
if (!existsSync(join(root, face))) findings.push(`${face} does not exist`);
else {
  const text = readText(face).trimEnd();
  const lines = text.split("\n").length;
  names = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) =>
    list
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  );
  if (/export\s*\*/.test(text)) findings.push(`${face} exports with *; the public names are listed one by one`);
  if (/export (?:declare |async )?(?:const|let|function|class|interface|type \w)/.test(text))
    findings.push(`${face} declares something; it only names what others own`);
  if (names.length > mostNames) findings.push(`${face} exports ${names.length} names; ${mostNames} at most`);
  if (lines > screen) findings.push(`${face} has ${lines} lines; one screen is ${screen}`);
}
conclude("exports", findings, `${subpaths} subpaths import; core has ${names.length} public names`);

/** Turns nested conditions into "place to target". */
function flatten(value, place = "") {
  if (typeof value === "string") return { [place || "bin"]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flatten(inner, place === "" ? key : `${place} ${key}`)),
  );
}
