import { agentCodes } from "./codes/agents.ts";
import { guardrailCodes } from "./codes/guardrails.ts";
import { packCodes } from "./codes/pack.ts";
import { templateCodes } from "./codes/template.ts";
import { textCodes } from "./codes/text.ts";
import { toolCodes } from "./codes/tools.ts";
import { workflowCodes } from "./codes/workflow.ts";

/** `error` refuses the pack or the input; `warning` and `info` never do. */
export type Severity = "error" | "warning" | "info";

/**
 * Who speaks. `document`: UTF-8 and JSON text. `schema`: a JSON Schema's own constraints, and for packs
 * exactly the official schema's verdict. `reference`: our cross-reference rules. `lint`: our advice.
 */
export type Layer = "document" | "schema" | "reference" | "lint";

type CodesOf<Group> = Group extends { readonly [kind: string]: readonly (infer Code)[] } ? Code : never;

export type DiagnosticCode = CodesOf<
  | typeof textCodes
  | typeof packCodes
  | typeof templateCodes
  | typeof toolCodes
  | typeof guardrailCodes
  | typeof workflowCodes
  | typeof agentCodes
>;

/**
 * The one table of codes: each names its layer and its usual severity.
 * A code is stable once released. docs/diagnostics/ explains each, and a test triggers each
 * (`npm run check` resolves both).
 */
export function diagnosticCodes(): CodeTable {
  // made when it is first asked for, because an import should cost a good pack nothing
  return (table ??= Object.fromEntries(
    [textCodes, packCodes, templateCodes, toolCodes, guardrailCodes, workflowCodes, agentCodes].flatMap((group) =>
      Object.entries(group).flatMap(([kind, codes]: [string, readonly string[]]) => codes.map((code) => [code, kind])),
    ),
  ) as CodeTable);
}

type CodeTable = { readonly [Code in DiagnosticCode]: `${Layer} ${Severity}` };
let table: CodeTable | undefined;
