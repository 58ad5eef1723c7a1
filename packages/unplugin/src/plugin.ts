import { readFile, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { formatDiagnostics, type PackOptions, printable, safeParsePack } from "promptpack";
import { packToTypes } from "promptpack/types";
import type { UnpluginOptions } from "unplugin";

export interface PluginOptions extends Omit<PackOptions, "file"> {
  /**
   * "beside" writes `support.pack.d.json.ts` next to `support.pack.json` when its types changed; false writes nothing,
   * for builds that only check. "beside" when absent.
   */
  readonly types?: "beside" | false;
  /** What a warning about a pack is to the build; "warn" when absent. */
  readonly warnings?: "warn" | "error" | "ignore";
}

/** `support.pack.json`, and any JSON file that is imported with `?promptpack`. */
const PACK = /^(.*\.pack\.json|.*\.json(?=\?promptpack$))(?:\?promptpack)?$/;
/** A pack is a module under this name, because bundlers have plans of their own for what ends in .json. */
const ENDING = ".promptpack.js";

/** Returns the hooks: a pack becomes a module that holds its text and parses it when it is loaded. */
export function promptpackPlugin({
  types = "beside",
  warnings = "warn",
  ...options
}: PluginOptions = {}): UnpluginOptions {
  return {
    name: "promptpack",
    enforce: "pre",
    resolveId: {
      filter: { id: PACK },
      handler(id, importer) {
        const path = PACK.exec(id)?.[1] ?? id;
        if (isAbsolute(path)) return path + ENDING;
        // what a package offers is the bundler's to find
        return importer !== undefined && path.startsWith(".") ? resolve(dirname(importer), path) + ENDING : null;
      },
    },
    load: {
      filter: { id: /\.json\.promptpack\.js$/ },
      async handler(id) {
        const path = id.slice(0, -ENDING.length);
        this.addWatchFile(path);
        const text = await readFile(path, "utf8");
        const { pack, diagnostics } = safeParsePack(text, { ...options, file: path });
        const warned = diagnostics.filter(({ severity }) => severity === "warning");
        const show = (heard: typeof diagnostics): string => formatDiagnostics(heard, { source: text }).trimEnd();
        if (pack === undefined || (warned.length > 0 && warnings === "error")) {
          this.error(`the pack is not accepted\n${show(pack === undefined ? diagnostics : warned)}`);
          return { code: "", map: null };
        }
        if (warned.length > 0 && warnings === "warn") this.warn(show(warned));
        const beside = path.replace(/\.json$/, ".d.json.ts");
        if (types === "beside" && !(await writeChanged(beside, packToTypes(pack)))) {
          this.error(`${printable(beside)} was not made by promptpack types, and is not overwritten`);
        }
        return { code: moduleOf(text, options), map: null };
      },
    },
  };
}

function moduleOf(text: string, options: PackOptions): string {
  const given = JSON.stringify(options);
  const rest = given === "{}" ? "" : `, ${given}`;
  return `import { parsePack } from "promptpack";\nexport default parsePack(${JSON.stringify(text)}${rest});\n`;
}

/** Returns false for a file that is not ours, also one that a link leads to. */
async function writeChanged(path: string, text: string): Promise<boolean> {
  const there = (await readFile(path, "utf8").catch(() => undefined))?.replaceAll("\r\n", "\n");
  if (there !== undefined && firstLine(there) !== firstLine(text)) return false;
  // hostile: a link that leads to no file yet would make one
  if (there !== text) await writeFile(path, text, { flag: there === undefined ? "wx" : "w" });
  return true;
}

const firstLine = (text: string): string => text.slice(0, text.indexOf("\n"));
