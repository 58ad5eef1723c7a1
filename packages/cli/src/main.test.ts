import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "./commands.ts";
import { version } from "./version.ts";

// The built program in a process of its own, as a user runs it: `npm run build` comes first.
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const examples = fileURLToPath(new URL("../../../examples/packs/", import.meta.url));
const support = join(examples, "customer-support.pack.json");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "promptpack-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function promptpack(
  argv: readonly string[],
  options: { input?: string | Uint8Array; env?: NodeJS.ProcessEnv } = {},
): Outcome {
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...argv], {
    cwd: folder,
    env: { PATH, ...options.env },
    input: options.input ?? "",
    encoding: "utf8",
    timeout: 15_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}

const validPack = readFileSync(support, "utf8");
const brokenPack = validPack.replace(
  '"version": "1.2.0",\n  "description": "First',
  '"versoin": "1.2.0",\n  "description": "First',
);

function write(name: string, content: string): string {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), content);
  return name;
}

describe("promptpack", () => {
  it("prints its version, which is the package's", () => {
    const { version: packaged } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(version).toBe(packaged);
    expect(promptpack(["--version"])).toEqual({ code: 0, out: `${packaged}\n`, err: "" });
  });

  it("shows help for itself and every command on standard output", () => {
    const { code, out, err } = promptpack(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const { name } of commands) {
      expect(out).toContain(`  ${name}`);
      const page = promptpack(["help", name]);
      expect(page).toMatchObject({ code: 0, err: "" });
      expect(page.out).toContain(`promptpack ${name}`);
      expect(page.out).toMatch(/Examples\n {2}# .+\n {2}promptpack /);
    }
    expect(promptpack(["validate", "--help"]).out).toBe(promptpack(["help", "validate"]).out);
  });

  it("answers wrong usage with code 2, advice on standard error and nothing on standard output", () => {
    const wrong: readonly (readonly [string[], string])[] = [
      [[], "Commands"],
      [["valdate"], 'did you mean "promptpack validate"?'],
      [["__proto__"], 'there is no command "__proto__"'],
      [["help", "rendr"], 'did you mean "promptpack render"?'],
      [["validate"], "name files or folders"],
      [["validate", "--formt", "json", "x"], 'did you mean "--format"?'],
      [["validate", "--format", "xml", "x"], "it can be pretty, json"],
      [["validate", "--spec", "2.0", "x"], 'there is no spec version "2.0"'],
      [["validate", "--max-warnings", "many", "x"], "needs a whole number"],
      [["render"], "name a pack"],
      [["render", support, "support", "x=1"], "--var name=value"],
      [["render", support, "support", "--var", "secret"], "--var needs a name"],
      [["render", support, "support", "--vars", "none.json"], "no such file"],
      [["inspect", examples], "is a folder"],
      [["schema", "x"], "schema takes no arguments"],
      [["explain", "UNUSED_TOOLS"], 'did you mean "UNUSED_TOOL"?'],
      [["completion"], "bash, zsh or fish"],
      [["completion", "constructor"], "bash, zsh or fish"],
    ];
    for (const [argv, advice] of wrong) {
      const { code, out, err } = promptpack(argv);
      expect({ argv, code, out }).toEqual({ argv, code: 2, out: "" });
      expect(err).toContain(advice);
    }
    expect(promptpack(["render", support, "support", "--var", "token-4711"]).err).not.toContain("4711");
  }, 60_000);

  it("survives a reader that goes away", () => {
    write("many/a.json", brokenPack);
    const script = `"${process.execPath}" "${main}" validate many --format json | head -c 1; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  });
});

describe("promptpack validate", () => {
  it("accepts every example without a finding", () => {
    const { code, out, err } = promptpack(["validate", examples, "--max-warnings", "0", "--strict"]);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: `✔ ${readdirSync(examples).length} packs are valid\n`,
      err: "",
    });
  });

  it("shows where a field is wrong", () => {
    const { code, out, err } = promptpack(["validate", write("broken.json", brokenPack)]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain("UNKNOWN_FIELD");
    expect(out).toContain("broken.json:5:3");
    expect(out).toMatch(/5 \| +"versoin"/);
    expect(out).toContain('did you mean "version"?');
    expect(out).toContain("MISSING_FIELD");
    expect(out.trimEnd().split("\n").at(-1)).toBe("✖ the pack is not valid (2 errors)");
  });

  it("reads standard input", () => {
    expect(promptpack(["validate", "-"], { input: validPack })).toEqual({
      code: 0,
      out: "✔ the pack is valid\n",
      err: "",
    });
    const { code, out } = promptpack(["validate", "-"], { input: "{" });
    expect(code).toBe(1);
    expect(out).toContain("<stdin>:1:2");
    expect(promptpack(["validate", "-"], { input: new Uint8Array([0x22, 0xff, 0x22]) }).out).toContain("INVALID_UTF8");
  });

  it("refuses more than 16 MiB, from a file and from standard input", () => {
    const huge = " ".repeat(16 * 1024 * 1024 + 1);
    expect(promptpack(["validate", "-"], { input: huge }).out).toContain("LIMIT_EXCEEDED");
    expect(promptpack(["validate", write("huge.json", huge)])).toMatchObject({ code: 1 });
  });

  it("reports every bad file of a folder and skips none", () => {
    write("folder/1.json", validPack);
    write("folder/2.json", "{");
    write("folder/sub/3.json", brokenPack);
    write("folder/4.txt", "not a pack");
    const { code, out } = promptpack(["validate", "folder", "--format", "json"]);
    const { files, summary, pass } = JSON.parse(out);
    expect({ code, pass, summary }).toMatchObject({ code: 1, pass: false, summary: { files: 3, failed: 2 } });
    expect(files.map(({ file, valid }: { file: string; valid: boolean }) => [file, valid])).toEqual([
      ["folder/1.json", true],
      ["folder/2.json", false],
      ["folder/sub/3.json", false],
    ]);
  });

  it("checks many files and lists only those that need work", () => {
    for (let index = 0; index < 300; index++) write(`many300/${index}.json`, validPack);
    write("many300/7.json", "[]");
    const { code, out, err } = promptpack(["validate", "many300"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/✖ 1 of 300 packs is not valid \(\d+ errors?\)\n$/);
    expect(out).not.toContain("8.json");
  });

  it("answers what cannot be read with code 2, at once", () => {
    execFileSync("mkfifo", [join(folder, "pipe.json")]);
    for (const name of ["/dev/zero", "pipe.json", "gone.json", "https://example.com/p.json"]) {
      const { code, out } = promptpack(["validate", name, support]);
      expect({ name, code }).toEqual({ name, code: 2 });
      expect(out).toContain(`✖ ${name}: `);
      expect(out).toContain("✖ 1 file could not be read");
    }
  });

  it.each(["json", "sarif", "github", "junit"])("has the same verdict in every format: %s", (format) => {
    expect(promptpack(["validate", support, "--format", format]).code).toBe(0);
    expect(promptpack(["validate", write("broken.json", brokenPack), "--format", format]).code).toBe(1);
    expect(promptpack(["validate", "gone.json", "--format", format]).code).toBe(2);
  });

  it("pins an older spec", () => {
    expect(promptpack(["validate", support, "--spec", "1.9"]).code).toBe(0);
    const { code, out } = promptpack(["validate", support, "--spec", "1.0"]);
    expect(code).toBe(1);
    expect(out).toContain("UNKNOWN_FIELD");
  });

  it("can warn of unknown fields instead, and count warnings", () => {
    const name = write("extra.json", validPack.replace('"metadata"', '"colour": "red",\n  "metadata"'));
    expect(promptpack(["validate", name]).code).toBe(1);
    expect(promptpack(["validate", name, "--unknown-fields", "warn"])).toMatchObject({ code: 0 });
    const { code, out } = promptpack(["validate", name, "--unknown-fields", "warn", "--max-warnings", "0"]);
    expect(code).toBe(1);
    expect(out).toContain("--max-warnings allows 0");
  });

  it("colours only when asked or on a terminal", () => {
    expect(promptpack(["validate", support]).out).not.toContain("\x1b");
    expect(promptpack(["validate", support], { env: { FORCE_COLOR: "1" } }).out).toContain("\x1b[32m");
    expect(promptpack(["validate", support, "--color"], { env: { NO_COLOR: "1" } }).out).toContain("\x1b[32m");
    expect(promptpack(["validate", support, "--no-color"], { env: { FORCE_COLOR: "1" } }).out).not.toContain("\x1b");
  });

  it("reads YAML when the yaml package is there", () => {
    const yaml =
      'id: p\nname: "P"\nversion: 1.0.0\ntemplate_engine: {version: v1, syntax: "{{variable}}"}\nprompts:\n  a: {id: a, name: A, version: 1.0.0, system_template: Hello}\n';
    expect(promptpack(["validate", write("p.yaml", yaml)])).toMatchObject({ code: 0, out: "✔ the pack is valid\n" });
    const { code, out } = promptpack(["validate", write("bad.yml", `${yaml}id: q\n`)]);
    expect(code).toBe(1);
    expect(out).toContain("bad.yml:");
  });
});

describe("promptpack render", () => {
  it("renders with defaults", () => {
    const { code, out, err } = promptpack(["render", support, "support"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("You are a support agent of Lantern Books. You speak with a customer on the free plan.");
    expect(out).toContain("If you do not know something");
    expect(out).not.toContain("{{");
  });

  it("takes the only prompt when none is named, and variables from a file and from the command line", () => {
    const vars = write("vars.json", '{"company": "Acme", "max_sentences": 3}');
    const { out } = promptpack([
      "render",
      support,
      "--vars",
      vars,
      "--var",
      "company=Über & Söhne",
      "--var",
      "plan=plus",
    ]);
    expect(out).toContain("Über & Söhne. You speak with a customer on the plus plan.");
    expect(out).toContain("at most 3 sentences");
    expect(promptpack(["render", support, "--var", "max_sentences=4"]).out).toContain("at most 4 sentences");
    expect(promptpack(["render", support, "--vars", "-"], { input: '{"company":"Piped"}' }).out).toContain("Piped");
  });

  it("applies a model's override and prints the whole request as JSON", () => {
    const { code, out } = promptpack(["render", support, "support", "--model", "claude-haiku", "--format", "json"]);
    const request = JSON.parse(out);
    expect(code).toBe(0);
    expect(request.system).toMatch(/^Think about what the customer really needs/);
    expect(request).toMatchObject({
      parameters: { temperature: 0.2, max_tokens: 600 },
      pack: { id: "customer-support", version: "1.2.0" },
      prompt: { id: "support" },
      model: "claude-haiku",
    });
    expect(request.tools.map(({ name }: { name: string }) => name)).toEqual(["find_order", "open_ticket"]);
  });

  it("names every wrong variable and never its value", () => {
    const { code, out, err } = promptpack([
      "render",
      support,
      "support",
      "--var",
      "plan=hunter2",
      "--var",
      "compny=x",
      "--var",
      "max_sentences=99",
    ]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    for (const part of [
      "NOT_IN_ENUM",
      "UNKNOWN_VARIABLE",
      "TOO_LARGE",
      'did you mean "company"?',
      "--var name=value",
    ]) {
      expect(err).toContain(part);
    }
    expect(err).not.toContain("hunter2");
  });

  it("lists the prompts there are", () => {
    const { code, err } = promptpack(["render", support, "suport"]);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "support"?');
    const sales = join(examples, "sales-assistant.pack.json");
    expect(promptpack(["render", sales])).toMatchObject({
      code: 2,
      err: expect.stringContaining("qualify, follow_up"),
    });
  });

  it("reports a pack that is not valid to standard error", () => {
    const { code, out, err } = promptpack(["render", write("broken.json", brokenPack)]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("UNKNOWN_FIELD");
    expect(promptpack(["render", "gone.json"])).toMatchObject({
      code: 2,
      out: "",
      err: "error: gone.json: no such file or folder\n",
    });
  });

  it("shows characters that act or hide, says so, and keeps them exact in JSON", () => {
    const name = "Acme\x1b]0;x\x07\u202E\n::stop-commands::t\n##[group]";
    const text = promptpack([
      "render",
      support,
      "--vars",
      write("evil.json", JSON.stringify({ company: name.slice(0, 70) })),
    ]);
    expect(text.out).toContain("Acme\\u{1B}]0;x\\u{7}\\u{202E}\n\\u{3A}:stop-commands::t\n#\\u{23}[group]");
    expect(text.err).toContain("--format json is exact");
    const { out } = promptpack(["render", support, "--vars", "evil.json", "--format", "json"]);
    // oxlint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(JSON.parse(out).system).toContain(name);
  });
});

describe("promptpack draw", () => {
  const article = join(examples, "article-workflow.pack.json");
  const invoice = join(examples, "invoice-composition.pack.json");

  it("draws a workflow as text or as a picture, and a composition as text", () => {
    expect(promptpack(["draw", article])).toMatchObject({ code: 0, out: expect.stringContaining('-->|"DraftReady"|') });
    expect(promptpack(["draw", article, "--format", "svg"]).out).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect(promptpack(["draw", invoice, "--composition", "process_invoice"]).out).toMatch(/^flowchart TD\n/);
  });

  it.each([
    [[support], /has no workflow[^]*nothing in it can be drawn/],

    [[invoice, "--composition", "x"], /no composition "x"[^]*--composition process_invoice/],
    [[invoice, "--composition", "process_invoice", "--format", "svg"], /mermaid only/],
    [[], /name a pack/],
  ])("says what there is to draw: %j", (args, message) => {
    const { code, out, err } = promptpack(["draw", ...args]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});

describe("promptpack inspect", () => {
  it("shows a table for every section that a pack has", () => {
    const all = readdirSync(examples).map((name) => {
      const { code, out, err } = promptpack(["inspect", join(examples, name)]);
      expect({ name, code, err }).toEqual({ name, code: 0, err: "" });
      return out;
    });
    const titles = [
      "Prompts",
      "Variables",
      "Fragments",
      "Tools",
      "Guardrails",
      "Evals",
      "Workflow",
      "Compositions",
      "Agents",
      "Skills",
      "Providers",
    ];
    for (const title of titles) expect(all.join("\n")).toMatch(new RegExp(`^${title} \\(\\d+\\)$`, "m"));
    expect(all.join("\n")).toMatch(/^needs spec 1\.\d\.\d or newer/m);
  });

  it("prints one JSON document", () => {
    const { code, out } = promptpack(["inspect", support, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      format: 1,
      id: "customer-support",
      minimumSpecVersion: "1.8.1",
      counts: { prompts: 1, variables: 4, tools: 2, guardrails: 2, evals: 1, fragments: 2 },
      prompts: [{ id: "support", tools: ["find_order", "open_ticket"], models: ["claude-haiku", "small-local-model"] }],
      tools: [{ name: "find_order", required: ["order_number"], prompts: ["support"] }, {}],
    });
  });
});

describe("promptpack schema", () => {
  it("prints a JSON Schema, of an older spec when asked", () => {
    const newest = JSON.parse(promptpack(["schema"]).out);
    expect(newest.required).toEqual(expect.arrayContaining(["id", "name", "version", "template_engine", "prompts"]));
    expect(newest.properties.compositions).toBeDefined();
    expect(JSON.parse(promptpack(["schema", "--spec", "1.4"]).out).properties.compositions).toBeUndefined();
  });
});

describe("promptpack explain", () => {
  it("explains one code, however it is written, and lists all", () => {
    const { code, out } = promptpack(["explain", "unused-tool"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^UNUSED_TOOL {2}lint, info\n/);
    expect(out).toMatch(/\n {2}means +\S/);
    expect(promptpack(["explain"]).out).toContain("UNUSED_TOOL");
    expect(promptpack(["explain", "key-revoked"]).out).toContain("KEY_REVOKED  PolicyError");
  });

  it("works in the packed package, which carries the pages", () => {
    const cli = fileURLToPath(new URL("../", import.meta.url));
    const argv = ["pack", "--json", "--ignore-scripts=false", "--pack-destination", folder];
    const [{ filename, files }] = JSON.parse(
      execFileSync("npm", argv, { cwd: cli, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    expect(files.filter(({ path }: { path: string }) => path.includes(".test."))).toEqual([]);
    execFileSync("tar", ["-xzf", filename], { cwd: folder });
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(cli, "../core"), join(folder, "node_modules/promptpack"));
    const packed = execFileSync(process.execPath, ["package/dist/main.js", "explain", "UNUSED_TOOL"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(packed).toBe(promptpack(["explain", "UNUSED_TOOL"]).out);
  });
});

describe("promptpack completion", () => {
  it("completes commands, options and choices in bash", () => {
    const complete = (...words: string[]): string[] => {
      const script = `eval "$(cat)"; COMP_WORDS=(promptpack ${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length}; _promptpack; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const input = promptpack(["completion", "bash"]).out;
      return execFileSync("bash", ["-c", script], { input, encoding: "utf8", cwd: folder }).trim().split("\n");
    };
    expect(complete("va")).toEqual(["validate"]);
    expect(complete("validate", "--f")).toEqual(["--format"]);
    expect(complete("validate", "--format", "s")).toEqual(["sarif"]);
    expect(complete("help", "ins")).toEqual(["inspect"]);
    expect(complete("completion", "z")).toEqual(["zsh"]);
    write("only.pack.json", validPack);
    expect(complete("render", "only")).toEqual(["only.pack.json"]);
  });

  it("names every command and option for zsh and fish", async () => {
    for (const shell of ["zsh", "fish"]) {
      const { out } = promptpack(["completion", shell]);
      for (const entry of commands) {
        expect(out).toContain(entry.name);
        for (const option of Object.keys((await entry.load()).options))
          expect(out).toMatch(new RegExp(`-l ${option}\\b|--${option}\\b`));
      }
    }
  });
});
