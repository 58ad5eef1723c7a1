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
    "files-from": {
      type: "string",
      value: "file",
      about: "also look for the keys in the files named there, one a line or between NULs; - for standard input",
    },
    strict: { type: "boolean", about: "shared keys and keys of unknown age fail too" },
    json: { type: "boolean", about: "one JSON document" },
  },
  examples: [
    ["credentials check", "by promptpack.credentials.json"],
    ["git ls-files -z | promptpack credentials check plan.json --max-age 90 --strict --files-from -", "in CI"],
  ],
  run: async (given, terminal) => {
    const [action, path = "promptpack.credentials.json", another] = given.positionals;
    if (action !== "check" || another !== undefined) throw new UsageError("credentials needs: check [plan]");
    const maxAge = given.text("max-age");
    if (maxAge !== undefined && !/^[1-9][0-9]{0,3}$/.test(maxAge))
      throw new UsageError("--max-age needs a number of days from 1");
    return orRefuse(terminal, path, async () => {
      const list = given.text("files-from");
      const plan = parseCredentialPlan(await readNamed(path));
      const findings = await checkCredentials(
        { ...plan, ...(maxAge === undefined ? {} : { maxAgeDays: Number(maxAge) }) },
        {
          sources: { env: envSource(process.env), file: fileSource() },
          dates: { file: fileDate },
          files: list === undefined ? [] : filesFrom(await readNamedText(list)),
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
async function* filesFrom(list: string): AsyncGenerator<SearchedFile> {
  for (const name of list.split(list.includes("\0") ? "\0" : /\r?\n/).filter((one) => one !== ""))
    try {
      yield { name, text: await readNamedText(`./${name}`.replace(/^\.\/(?=\/)/, "")) };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
}
