import { printable } from "promptpack";
import { findSecrets, type SecretAllowance, type SecretFinding, toSarif } from "promptpack-security";
import { type Arguments, type Command, type ExitCode, UsageError } from "../../command.ts";
import { FileError, findSources, readSource, readTextIfThere, reportUri, type Source } from "../../files.ts";
import { readDocument } from "../../packs/read-packs.ts";
import { reportJson, type Terminal } from "../../terminal/terminal.ts";
import { version } from "../../version.ts";

interface Scanned {
  readonly source: Source;
  readonly findings: readonly SecretFinding[];
}

export const secrets: Command = {
  name: "secrets",
  summary: "Finds credentials in packs and other texts, disguised ones too; it never prints one.",
  positionals: "<file, folder or ->...",
  options: {
    format: { type: "string", value: "format", choices: ["text", "json", "sarif"], about: "how to report" },
    fail: { type: "boolean", about: "exit with 1 when there is one" },
    allow: { type: "string", value: "file", about: 'credentials that may stay: {"allow": [{"digest", "reason"}]}' },
  },
  examples: [
    ["secrets packs/ --fail", "every pack in a folder; for CI and hooks"],
    ["secrets - < notes.txt", "standard input, any text"],
    ["secrets packs/ --allow secrets.json --fail", "but for those that are listed with a reason"],
  ],
  run: async (given, terminal) => {
    if (given.positionals.length === 0)
      throw new UsageError("name files or folders to search, or - for standard input");
    const allow = await readAllowances(given);
    const scanned: Scanned[] = [];
    let exitCode: ExitCode = 0;
    for (const source of await findSources(given.positionals, (text) => terminal.say("note", text))) {
      try {
        scanned.push({ source, findings: await scan(source, await readSource(source), allow) });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        terminal.say("error", `${source.name}: ${error.message}`);
        exitCode = 2;
      }
    }
    write(scanned, given, terminal);
    return exitCode === 0 && given.flag("fail") && scanned.some(({ findings }) => findings.length > 0) ? 1 : exitCode;
  },
};

/** Reads the text as it stands; YAML once more as what it stands for. */
async function scan(
  source: Source,
  bytes: Uint8Array,
  allow: readonly SecretAllowance[],
): Promise<readonly SecretFinding[]> {
  const findings = findSecrets(new TextDecoder().decode(bytes), { allow });
  if (!/\.ya?ml$/i.test(source.path ?? "")) return findings;
  const { data } = await readDocument(source, bytes);
  if (typeof data !== "object" || data === null) return findings;
  const known = new Set(findings.map(({ digest }) => digest));
  return [...findings, ...findSecrets(data, { allow }).filter(({ digest }) => !known.has(digest))];
}

function write(scanned: readonly Scanned[], given: Arguments, terminal: Terminal): void {
  const format = given.text("format");
  if (format === "json") {
    const files = scanned.map(({ source, findings }) => ({ file: source.name, findings }));
    terminal.write(`${reportJson({ format: 1, files })}\n`);
    return;
  }
  if (format === "sarif") {
    const files = scanned.map(({ source, findings }) => ({ uri: reportUri(source), findings }));
    terminal.write(toSarif(files, { version, rules: { secret: "Credentials, also disguised ones" } }));
    return;
  }
  const { paint } = terminal;
  for (const { source, findings } of scanned) {
    for (const { severity, kind, pointer, span, layers, digest } of findings) {
      const place = `${source.name}${span === undefined ? "" : `:${span.start.line}:${span.start.column}`}`;
      const hidden = layers.length === 0 ? "" : `, hidden by ${layers.join(" and ")}`;
      terminal.print(
        `${paint("bold", printable(place))}  ${paint("red", severity)}  ${kind}${hidden}  ${paint("dim", printable(pointer))}\n  ${digest}`,
      );
    }
  }
  if (scanned.length === 0) return;
  const count = scanned.reduce((sum, { findings }) => sum + findings.length, 0);
  const files = `${scanned.length} file${scanned.length === 1 ? "" : "s"}`;
  terminal.print(
    count === 0
      ? `✔ no credentials found in ${files}`
      : `✖ ${count} credential${count === 1 ? "" : "s"} found in ${files}`,
  );
}

async function readAllowances(given: Arguments): Promise<readonly SecretAllowance[]> {
  const file = given.text("allow");
  if (file === undefined) return [];
  const text = await readTextIfThere(file);
  if (text === undefined) throw new UsageError(`--allow ${file}: no such file`);
  try {
    const { allow } = JSON.parse(text) as { readonly allow?: unknown };
    if (!Array.isArray(allow)) throw new TypeError("no list");
    const allowances = allow.map(({ digest, reason }: Readonly<Record<string, unknown>>) => ({
      digest: String(digest),
      reason: typeof reason === "string" ? reason : "",
    }));
    findSecrets("", { allow: allowances }); // the library knows what an allowance needs
    return allowances;
  } catch {
    throw new UsageError(`--allow ${file}: not of the form {"allow": [{"digest": "sha256:...", "reason": "why"}]}`);
  }
}
