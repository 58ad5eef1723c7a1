import type { PackDescription } from "../packs/describe-pack.ts";
import type { Paint } from "../terminal/paint.ts";
import { printable } from "promptpack";
import { type Column, formatTable } from "../terminal/table.ts";
import { counted } from "../verdict.ts";

type Section = readonly [title: string, columns: readonly Column[], rows: readonly (readonly string[])[]];

/** Returns the tables of a pack: a heading, then a section for everything that it has. */
export function formatPack(pack: PackDescription, paint: Paint): string {
  const head = [
    `${paint("bold", printable(pack.name))}  ${paint("dim", printable(`${pack.id} ${pack.version}`))}`,
    ...(pack.description === undefined ? [] : [printable(pack.description)]),
    paint("dim", printable(`needs spec ${pack.minimumSpecVersion} or newer, templates are written ${pack.syntax}`)),
  ];
  const tables = sections(pack)
    .filter(([, , rows]) => rows.length > 0)
    .map(
      ([title, columns, rows]) =>
        `${paint("bold", title)} ${paint("dim", `(${rows.length})`)}\n${formatTable(columns, rows, paint)}`,
    );
  return [head.join("\n"), ...tables, paint("dim", summarize(pack))].join("\n\n");
}

function sections(pack: PackDescription): Section[] {
  const list = (names: readonly string[]): string => names.join(", ");
  const yes = (value: boolean): string => (value ? "yes" : "");
  const name: Column = { title: "name", ink: "cyan" };
  const prompt: Column = { title: "prompt" };
  return [
    [
      "Prompts",
      [
        { title: "id", ink: "cyan" },
        { title: "version" },
        { title: "variables", align: "right" },
        { title: "tools", align: "right" },
        { title: "guardrails", align: "right" },
        { title: "evals", align: "right" },
        { title: "media" },
        { title: "overrides for" },
        { title: "provider" },
      ],
      pack.prompts.map((row) => [
        row.id,
        row.version,
        `${row.variables.length}`,
        `${row.tools.length}`,
        `${row.guardrails.length}`,
        `${row.evals.length}`,
        list(row.media),
        list(row.models),
        row.provider ?? "",
      ]),
    ],
    [
      "Variables",
      [
        prompt,
        name,
        { title: "type" },
        { title: "required" },
        { title: "default", width: 32 },
        { title: "rules", width: 48 },
        { title: "bound to" },
      ],
      pack.variables.map((row) => [
        row.prompt,
        row.name,
        row.type,
        yes(row.required),
        row.default === undefined ? "" : JSON.stringify(row.default),
        list(row.rules),
        row.binding ?? "",
      ]),
    ],
    [
      "Fragments",
      [name, { title: "characters", align: "right" }],
      pack.fragments.map((row) => [row.name, `${row.characters}`]),
    ],
    [
      "Tools",
      [
        name,
        { title: "parameters (* required)", width: 48 },
        { title: "effect" },
        { title: "reversibility" },
        { title: "offered by" },
      ],
      pack.tools.map((row) => [
        row.name,
        list(row.parameters.map((key) => (row.required.includes(key) ? `${key}*` : key))),
        row.effect ?? "",
        row.reversibility ?? "",
        list(row.prompts),
      ]),
    ],
    [
      "Guardrails",
      [prompt, { title: "type", ink: "cyan" }, { title: "", ink: "yellow" }, { title: "params", width: 64 }],
      pack.guardrails.map((row) => [row.prompt, row.type, row.enabled ? "" : "disabled", JSON.stringify(row.params)]),
    ],
    [
      "Evals",
      [
        { title: "scope" },
        { title: "id", ink: "cyan" },
        { title: "type" },
        { title: "trigger" },
        { title: "metric" },
        { title: "", ink: "yellow" },
      ],
      pack.evals.map((row) => [
        row.prompt ?? "(pack)",
        row.id,
        row.type,
        row.trigger,
        row.metric ?? "",
        row.enabled ? "" : "disabled",
      ]),
    ],
    [
      "Workflow",
      [
        { title: "state", ink: "cyan" },
        { title: "" },
        { title: "runs" },
        { title: "events", width: 64 },
        { title: "visits" },
        { title: "artifacts" },
      ],
      pack.states.map((row) => [
        row.name,
        list([row.entry ? "entry" : "", row.terminal ? "end" : ""].filter((part) => part !== "")),
        row.runs,
        list(Object.entries(row.events).map(([event, target]) => `${event} → ${target}`)),
        row.maxVisits === undefined
          ? ""
          : `${row.maxVisits}${row.onMaxVisits === undefined ? "" : ` → ${row.onMaxVisits}`}`,
        list(row.artifacts),
      ]),
    ],
    [
      "Compositions",
      [name, { title: "steps", width: 80 }, { title: "output" }],
      pack.compositions.map((row) => [
        row.name,
        list(row.steps.map(({ id, kind }) => `${id} (${kind})`)),
        row.output ?? "",
      ]),
    ],
    [
      "Agents",
      [name, { title: "" }, { title: "state" }, { title: "tags" }, { title: "description", width: 64 }],
      pack.agents.map((row) => [
        row.name,
        row.entry ? "entry" : "",
        row.state ?? "",
        list(row.tags),
        row.description ?? "",
      ]),
    ],
    [
      "Skills",
      [{ title: "skill", ink: "cyan" }, { title: "kind" }, { title: "preload" }],
      pack.skills.map((row) => [row.name, row.kind, yes(row.preload)]),
    ],
    [
      "Providers",
      [{ title: "key", ink: "cyan" }, { title: "role" }, { title: "required" }],
      pack.providers.map((row) => [row.key, row.role, yes(row.required)]),
    ],
  ];
}

function summarize({ counts }: PackDescription): string {
  const nouns: Readonly<Record<string, string>> = { states: "workflow state" };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => counted(count, nouns[name] ?? name.slice(0, -1)))
    .join(", ");
}
