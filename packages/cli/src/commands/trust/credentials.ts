import { execFileSync } from "node:child_process";
import { printable } from "promptpack";
import {
  checkCredentials,
  type CredentialFinding,
  envSource,
  parseCredentialPlan,
  type SearchedFile,
} from "promptpack-security";
import { fileDate, fileSource } from "promptpack-security/node";
import { type Command, UsageError } from "../../command.ts";
import { FileError } from "../../files.ts";
import { harmlessJson } from "../../terminal/terminal.ts";
import { orRefuse, readNamed, readNamedText } from "../../trust/refuse.ts";
import { counted } from "../../verdict.ts";

export const credentials: Command = {
  name: "credentials",
  summary:
    "Looks every credential of a plan up and says which are missing, exposed, too old, at their end, shared, or in files. Shows none.",
  positionals: "<check> [plan]",
  options: {
    "max-age": { type: "string", value: "days", about: "how old a key may be (default: what the plan says)" },
    tracked: { type: "boolean", about: "also look for the keys in every file that git tracks here" },
    strict: { type: "boolean", about: "shared keys and keys of unknown age fail too" },
    json: { type: "boolean", about: "one JSON document" },
  },
  examples: [
    ["credentials check", "by promptpack.credentials.json"],
    ["credentials check plan.json --max-age 90 --tracked --strict", "in CI"],
  ],
  run: async (given, terminal) => {
    const [action, path = "promptpack.credentials.json", another] = given.positionals;
    if (action !== "check" || another !== undefined) throw new UsageError("credentials needs: check [plan]");
    const maxAge = given.text("max-age");
    if (maxAge !== undefined && !/^[1-9][0-9]{0,3}$/.test(maxAge))
      throw new UsageError("--max-age needs a number of days from 1");
    return orRefuse(terminal, path, async () => {
      const plan = parseCredentialPlan(await readNamed(path));
      const findings = await checkCredentials(
        { ...plan, ...(maxAge === undefined ? {} : { maxAgeDays: Number(maxAge) }) },
        {
          sources: { env: envSource(process.env), file: fileSource() },
          dates: { file: fileDate },
          files: given.flag("tracked") ? trackedFiles() : [],
          now: new Date(),
        },
      );
      const failed = findings.some(({ severity }) => severity === "error" || given.flag("strict"));
      if (given.flag("json"))
        terminal.write(`${harmlessJson({ ok: !failed, shared: sharedOf(findings), findings })}\n`);
      else {
        for (const { code, severity, message } of findings)
          terminal.print(`${severity === "error" ? "\u2716" : "!"} ${code}  ${printable(message)}`);
        if (findings.length === 0)
          terminal.print(`\u2714 ${counted(Object.keys(plan.uses).length, "credential")} in order`);
      }
      return failed ? 1 : 0;
    });
  },
};

const sharedOf = (findings: readonly CredentialFinding[]): readonly (readonly string[])[] =>
  findings.filter(({ code }) => code === "CREDENTIAL_SHARED").map(({ uses }) => uses);

/** What is no readable file of a usual size (a submodule, a link to nowhere) holds no key that one could read here. */
async function* trackedFiles(): AsyncGenerator<SearchedFile> {
  let names: string[];
  try {
    names = execFileSync("git", ["ls-files", "-z"], {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: "pipe",
    }).split("\0");
  } catch {
    throw new FileError("--tracked needs git, and a folder that it tracks");
  }
  for (const name of names.filter((one) => one !== ""))
    try {
      yield { name, text: await readNamedText(name) };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
}
