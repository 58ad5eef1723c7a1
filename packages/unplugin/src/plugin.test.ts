import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as esbuild } from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";
import { build as vite, createServer } from "vite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import plugin, { type PluginOptions } from "./index.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

let folder = "";
let pack = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-unplugin-"));
  pack = join(folder, "support.pack.json");
  copyFileSync(join(root, "examples/packs/customer-support.pack.json"), pack);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "entry.js"),
    'import pack from "./support.pack.json";\nexport const { id } = pack;\nexport default pack;\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Built {
  readonly module?: { readonly id: string; readonly default: { readonly diagnostics: readonly unknown[] } };
  readonly messages: string;
}

type Bundle = (file: string, options?: PluginOptions) => Promise<Built>;

async function load(text: string): Promise<NonNullable<Built["module"]>> {
  const out = join(folder, `out-${Math.random()}.js`);
  writeFileSync(out, text);
  return (await import(/* @vite-ignore */ pathToFileURL(out).href)) as NonNullable<Built["module"]>;
}

const bundlers: Readonly<Record<string, Bundle>> = {
  esbuild: async (file, options) => {
    const result = await esbuild({
      entryPoints: [file],
      bundle: true,
      format: "esm",
      write: false,
      logLevel: "silent",
      platform: "node",
      plugins: [plugin.esbuild(options)],
    }).catch((error: { errors: { text: string }[] }) => error);
    if ("errors" in result && !("outputFiles" in result))
      return { messages: result.errors.map(({ text }) => text).join("\n") };
    const { outputFiles, warnings } = result as Awaited<ReturnType<typeof esbuild>>;
    return { module: await load(outputFiles?.[0]?.text ?? ""), messages: warnings.map(({ text }) => text).join("\n") };
  },
  Rollup: async (file, options) => {
    const messages: string[] = [];
    try {
      const bundle = await rollup({
        input: file,
        plugins: [plugin.rollup(options), plainJson],
        // Rollup itself finds no packages
        external: ["promptpack"],
        onLog: (_level, log) => void messages.push(log.message),
      });
      const { output } = await bundle.generate({ format: "esm" });
      return { module: await load(output[0].code), messages: messages.join("\n") };
    } catch (error) {
      return { messages: String(error) };
    }
  },
  Rolldown: async (file, options) => {
    const messages: string[] = [];
    try {
      const onLog = (_level: string, log: { message: string }): void => void messages.push(log.message);
      const bundle = await rolldown({
        input: file,
        plugins: [plugin.rolldown(options) as never],
        platform: "node",
        onLog,
      });
      const { output } = await bundle.generate({ format: "esm" });
      return { module: await load(output[0].code), messages: messages.join("\n") };
    } catch (error) {
      return { messages: String(error) };
    }
  },
  Vite: async (file, options) => {
    const messages: string[] = [];
    const note = (message: string): void => void messages.push(message);
    const customLogger = { ...silent, warn: note, warnOnce: note };
    try {
      const built = await vite({
        root: folder,
        configFile: false,
        customLogger,
        plugins: [plugin.vite(options) as never],
        build: { write: false, minify: false, lib: { entry: file, formats: ["es"] } },
      });
      const [{ output }] = built as { output: { code: string }[] }[] as [{ output: [{ code: string }] }];
      return { module: await load(output[0].code), messages: messages.join("\n") };
    } catch (error) {
      return { messages: String(error) };
    }
  },
};

/** What @rollup/plugin-json does; Rollup itself reads no JSON. */
const plainJson = {
  name: "plain-json",
  transform: (code: string, id: string) => (id.endsWith("/data.json") ? `export default ${code}` : null),
};

const nothing = (): void => {};
const silent = {
  info: nothing,
  warn: nothing,
  warnOnce: nothing,
  error: nothing,
  clearScreen: nothing,
  hasErrorLogged: (): boolean => false,
  hasWarned: false,
};

describe.each(Object.entries(bundlers))("the plugin in %s", (_name, bundle) => {
  it("makes a checked pack of an import, and its types beside it", async () => {
    const { module, messages } = await bundle(join(folder, "entry.js"));
    expect(messages).toBe("");
    expect(module?.id).toBe("customer-support");
    expect(module?.default.diagnostics).toEqual([]);
    expect(readFileSync(join(folder, "support.pack.d.json.ts"), "utf8")).toContain("Pack<CustomerSupportPack>");
  });

  it("fails the build for a broken pack, with code frames", async () => {
    writeFileSync(pack, readFileSync(pack, "utf8").replace('"syntax"', '"sintax"'));
    const { module, messages } = await bundle(join(folder, "entry.js"));
    expect(module).toBeUndefined();
    expect(messages).toContain("UNKNOWN_FIELD");
    expect(messages).toContain('"sintax": "{{variable}}"');
    expect(existsSync(join(folder, "support.pack.d.json.ts"))).toBe(false);
  });

  it("overwrites no file that it did not make, nor what a link leads to", async () => {
    const types = join(folder, "support.pack.d.json.ts");
    writeFileSync(types, "export const mine = 1;\n");
    expect((await bundle(join(folder, "entry.js"))).messages).toContain("is not overwritten");
    expect(readFileSync(types, "utf8")).toBe("export const mine = 1;\n");
    rmSync(types);
    symlinkSync(join(folder, "elsewhere"), types);
    expect(await bundle(join(folder, "entry.js"))).not.toHaveProperty("module");
    expect(existsSync(join(folder, "elsewhere"))).toBe(false);
  });

  it("passes warnings on, and makes errors of them when asked", async () => {
    writeFileSync(
      pack,
      readFileSync(pack, "utf8").replace("You are a support agent", "You are {{who}}, a support agent"),
    );
    const file = join(folder, "entry.js");
    expect((await bundle(file)).messages).toContain("UNDECLARED");
    expect((await bundle(file, { warnings: "ignore" })).messages).toBe("");
    expect(await bundle(file, { warnings: "error", types: false })).not.toHaveProperty("module");
  });

  it("takes any JSON file with ?promptpack, hands its options on, and writes no types when told so", async () => {
    copyFileSync(pack, join(folder, "odd.json"));
    writeFileSync(join(folder, "odd.json"), readFileSync(pack, "utf8").replace('"id"', '"x_team": 1, "id"'));
    writeFileSync(
      join(folder, "odd.js"),
      'import pack from "./odd.json?promptpack";\nexport const { id } = pack;\nexport default pack;\n',
    );
    const { module } = await bundle(join(folder, "odd.js"), {
      unknownFields: "warn",
      warnings: "ignore",
      types: false,
    });
    expect(module?.default.diagnostics).toHaveLength(1);
    expect(existsSync(join(folder, "odd.d.json.ts"))).toBe(false);
  });

  it("leaves other JSON files alone", async () => {
    writeFileSync(join(folder, "data.json"), '{ "id": "plain" }');
    writeFileSync(join(folder, "plain.js"), 'import data from "./data.json";\nexport const { id } = data;\n');
    expect((await bundle(join(folder, "plain.js"))).module?.id).toBe("plain");
  });
});

// Vite's server runs modules by making functions of their text, which the hostile run forbids to every library.
const forbidsCode = process.execArgv.includes("--disallow-code-generation-from-strings");

it.skipIf(forbidsCode)("serves packs in Vite's development server, and again after a change", async () => {
  const server = await createServer({
    root: folder,
    configFile: false,
    customLogger: silent,
    appType: "custom",
    server: { middlewareMode: true, hmr: false, ws: false },
    optimizeDeps: { noDiscovery: true },
    plugins: [plugin.vite() as never],
  });
  try {
    const version = async (): Promise<string> =>
      ((await server.ssrLoadModule("/entry.js"))["default"] as { version: string }).version;
    expect(await version()).toBe("1.2.0");
    writeFileSync(pack, readFileSync(pack, "utf8").replace('"version": "1.2.0"', '"version": "1.3.0"'));
    server.moduleGraph.invalidateAll();
    expect(await version()).toBe("1.3.0");
  } finally {
    await server.close();
  }
});
