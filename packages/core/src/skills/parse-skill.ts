import type { Diagnostic, Position } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { formatPointer } from "../json/pointer.ts";
import { type FrontMatterFault, type FrontMatterValue, readFrontMatter } from "./front-matter.ts";

/** A skill as a SKILL.md file holds it. Source: the AgentSkills format. */
export interface SkillDocument {
  readonly name: string;
  readonly description: string;
  /** The Markdown after the front matter, trimmed. */
  readonly instructions: string;
  readonly license?: string;
  readonly compatibility?: string;
  readonly metadata?: { readonly [key: string]: string };
  /** Advice only: it never adds to a prompt's tools. */
  readonly allowedTools?: readonly string[];
}

export interface SkillFileOptions {
  /** Where the text is from, such as "skills/refunds/SKILL.md"; the skill must be named after its folder. */
  readonly path?: string;
}

/** In Unicode code points. */
const LIMITS: { readonly [field: string]: number } = {
  name: 64,
  description: 1024,
  license: 1024,
  compatibility: 500,
  "allowed-tools": 4096,
};
const FIELDS = [...Object.keys(LIMITS), "metadata"];
/** In UTF-16 code units. */
const MAX_TEXT = 1_048_576;

/**
 * Reads a SKILL.md text: front matter in a small, strict part of YAML, then Markdown.
 * @throws {PackError} INVALID_SKILL_FILE with every fault and its line
 */
export function parseSkill(text: string, options: SkillFileOptions = {}): SkillDocument {
  if (text.length > MAX_TEXT)
    throw failure([{ line: 1, offset: 0, message: `the text is longer than ${MAX_TEXT} characters` }], options);
  const { fields, body, faults } = readFrontMatter(text);
  for (const [key, field] of fields) checkField(key, field, faults);
  for (const key of ["name", "description"]) {
    if (!fields.has(key)) faults.push({ line: 1, offset: 0, field: key, message: `the front matter has no ${key}` });
  }
  const name = fields.get("name");
  const folder = options.path?.split("/").at(-2);
  if (name !== undefined && folder !== undefined && name.value !== folder) {
    faults.push({ ...name, field: "name", message: `the name differs from its folder "${folder}"` });
  }
  if (faults.length > 0) throw failure(faults, options);
  const get = (key: string): string | undefined => fields.get(key)?.value as string | undefined;
  const license = get("license");
  const compatibility = get("compatibility");
  const metadata = fields.get("metadata")?.value as SkillDocument["metadata"];
  const tools = fields.get("allowed-tools")?.value as string | readonly string[] | undefined;
  return {
    name: get("name") ?? "",
    description: get("description") ?? "",
    instructions: body.trim(),
    ...(license === undefined ? {} : { license }),
    ...(compatibility === undefined ? {} : { compatibility }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(tools === undefined
      ? {}
      : { allowedTools: typeof tools === "string" ? tools.split(/[ ,]+/).filter(Boolean) : tools }),
  };
}

function checkField(key: string, field: FrontMatterValue, faults: FrontMatterFault[]): void {
  const { value } = field;
  const complain = (message: string, details: { hint?: string } = {}): void => {
    faults.push({ line: field.line, offset: field.offset, field: key, message, ...details });
  };
  if (!FIELDS.includes(key)) return complain(`"${key}" is no field of a skill`, didYouMean(key, FIELDS));
  const limit = LIMITS[key];
  if (limit === undefined) {
    if (typeof value === "string" || Array.isArray(value)) complain("metadata is not a map of texts");
  } else if (typeof value === "string") {
    const length = Array.from(value).length;
    if (length > limit) complain(`${key} has ${length} characters, ${limit} are allowed`);
    else if (value.trim() === "") complain(`${key} is empty`);
    else if (key === "name" && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) {
      complain("the name is not lowercase letters, digits and single hyphens");
    }
  } else if (!(key === "allowed-tools" && Array.isArray(value))) {
    complain(`${key} is not a text`);
  }
}

function failure(faults: readonly FrontMatterFault[], { path }: SkillFileOptions): PackError {
  return new PackError(
    // hostile: a text of broken lines only must not become as many findings
    faults.slice(0, 100).map(({ line, offset, field, message, hint }): Diagnostic => {
      const start: Position = { offset, line, column: 1 };
      const details = hint === undefined ? {} : { hint };
      return {
        ...createDiagnostic(
          "INVALID_SKILL_FILE",
          field === undefined ? "" : formatPointer(field),
          `line ${line}: ${message}`,
          details,
        ),
        span: { ...(path === undefined ? {} : { file: path }), start, end: start },
      };
    }),
  );
}
