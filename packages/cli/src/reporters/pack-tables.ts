import type { PackDescription } from "../packs/describe-pack.ts";
import type { Paint } from "../terminal/paint.ts";
import { printable } from "promptpack";
import { type Column, formatTable } from "../terminal/table.ts";
import { counted } from "../verdict.ts";

type TableColumn<Row> = Column & { readonly cell: (row: Row) => string };
type Columns<Name extends keyof PackDescription> = PackDescription[Name] extends readonly (infer Row)[]
  ? readonly TableColumn<Row>[]
  : never;

const list = (names: readonly string[]): string => names.join(", ");
const yes = (value: boolean): string => (value ? "yes" : "");
const disabled = ({ enabled }: { readonly enabled: boolean }): string => (enabled ? "" : "disabled");

const prompts: Columns<"prompts"> = [
  { title: "id", ink: "cyan", cell: ({ id }) => id },
  { title: "version", cell: ({ version }) => version },
  { title: "variables", align: "right", cell: ({ variables: { length } }) => `${length}` },
  { title: "tools", align: "right", cell: ({ tools: { length } }) => `${length}` },
  { title: "guardrails", align: "right", cell: ({ guardrails: { length } }) => `${length}` },
  { title: "evals", align: "right", cell: ({ evals: { length } }) => `${length}` },
  { title: "media", cell: ({ media }) => list(media) },
  { title: "overrides for", cell: ({ models }) => list(models) },
  { title: "provider", cell: ({ provider = "" }) => provider },
];

const variables: Columns<"variables"> = [
  { title: "prompt", cell: ({ prompt }) => prompt },
  { title: "name", ink: "cyan", cell: ({ name }) => name },
  { title: "type", cell: ({ type }) => type },
  { title: "required", cell: ({ required }) => yes(required) },
  { title: "default", width: 32, cell: (row) => (row.default === undefined ? "" : JSON.stringify(row.default)) },
  { title: "rules", width: 48, cell: ({ rules }) => list(rules) },
  { title: "bound to", cell: ({ binding = "" }) => binding },
];

const fragments: Columns<"fragments"> = [
  { title: "name", ink: "cyan", cell: ({ name }) => name },
  { title: "characters", align: "right", cell: ({ characters }) => `${characters}` },
];

const tools: Columns<"tools"> = [
  { title: "name", ink: "cyan", cell: ({ name }) => name },
  {
    title: "parameters (* required)",
    width: 48,
    cell: ({ parameters, required }) => list(parameters.map((key) => (required.includes(key) ? `${key}*` : key))),
  },
  { title: "effect", cell: ({ effect = "" }) => effect },
  { title: "reversibility", cell: ({ reversibility = "" }) => reversibility },
  { title: "offered by", cell: (row) => list(row.prompts) },
];

const guardrails: Columns<"guardrails"> = [
  { title: "prompt", cell: ({ prompt }) => prompt },
  { title: "type", ink: "cyan", cell: ({ type }) => type },
  { title: "", ink: "yellow", cell: disabled },
  { title: "params", width: 64, cell: ({ params }) => JSON.stringify(params) },
];

const evals: Columns<"evals"> = [
  { title: "scope", cell: ({ prompt = "(pack)" }) => prompt },
  { title: "id", ink: "cyan", cell: ({ id }) => id },
  { title: "type", cell: ({ type }) => type },
  { title: "trigger", cell: ({ trigger }) => trigger },
  { title: "metric", cell: ({ metric = "" }) => metric },
  { title: "", ink: "yellow", cell: disabled },
];

const states: Columns<"states"> = [
  { title: "state", ink: "cyan", cell: ({ name }) => name },
  {
    title: "",
    cell: ({ entry, terminal }) => list([entry ? "entry" : "", terminal ? "end" : ""].filter((part) => part !== "")),
  },
  { title: "runs", cell: ({ runs }) => runs },
  {
    title: "events",
    width: 64,
    cell: ({ events }) => list(Object.entries(events).map(([event, target]) => `${event} → ${target}`)),
  },
  {
    title: "visits",
    cell: ({ maxVisits, onMaxVisits }) =>
      maxVisits === undefined ? "" : `${maxVisits}${onMaxVisits === undefined ? "" : ` → ${onMaxVisits}`}`,
  },
  { title: "artifacts", cell: ({ artifacts }) => list(artifacts) },
];

const compositions: Columns<"compositions"> = [
  { title: "name", ink: "cyan", cell: ({ name }) => name },
  { title: "steps", width: 80, cell: ({ steps }) => list(steps.map(({ id, kind }) => `${id} (${kind})`)) },
  { title: "output", cell: ({ output = "" }) => output },
];

const agents: Columns<"agents"> = [
  { title: "name", ink: "cyan", cell: ({ name }) => name },
  { title: "", cell: ({ entry }) => (entry ? "entry" : "") },
  { title: "state", cell: ({ state = "" }) => state },
  { title: "tags", cell: ({ tags }) => list(tags) },
  { title: "description", width: 64, cell: ({ description = "" }) => description },
];

const skills: Columns<"skills"> = [
  { title: "skill", ink: "cyan", cell: ({ name }) => name },
  { title: "kind", cell: ({ kind }) => kind },
  { title: "preload", cell: ({ preload }) => yes(preload) },
];

const providers: Columns<"providers"> = [
  { title: "key", ink: "cyan", cell: ({ key }) => key },
  { title: "role", cell: ({ role }) => role },
  { title: "required", cell: ({ required }) => yes(required) },
];

/** Returns the tables of a pack: a heading, then a section for everything that it has. */
export function formatPack(pack: PackDescription, paint: Paint): string {
  const head = [
    `${paint("bold", printable(pack.name))}  ${paint("dim", printable(`${pack.id} ${pack.version}`))}`,
    ...(pack.description === undefined ? [] : [printable(pack.description)]),
    paint("dim", printable(`needs spec ${pack.minimumSpecVersion} or newer, templates are written ${pack.syntax}`)),
  ];
  const section = <Row>(title: string, rows: readonly Row[], columns: readonly TableColumn<Row>[]): string =>
    formatSection(title, rows, columns, paint);
  const sections = [
    section("Prompts", pack.prompts, prompts),
    section("Variables", pack.variables, variables),
    section("Fragments", pack.fragments, fragments),
    section("Tools", pack.tools, tools),
    section("Guardrails", pack.guardrails, guardrails),
    section("Evals", pack.evals, evals),
    section("Workflow", pack.states, states),
    section("Compositions", pack.compositions, compositions),
    section("Agents", pack.agents, agents),
    section("Skills", pack.skills, skills),
    section("Providers", pack.providers, providers),
  ].filter((text) => text !== "");
  return [head.join("\n"), ...sections, paint("dim", summarize(pack))].join("\n\n");
}

function formatSection<Row>(
  title: string,
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  paint: Paint,
): string {
  if (rows.length === 0) return "";
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  return `${paint("bold", title)} ${paint("dim", `(${rows.length})`)}\n${formatTable(columns, cells, paint)}`;
}

function summarize({ counts }: PackDescription): string {
  const nouns: Readonly<Record<string, string>> = { states: "workflow state" };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => counted(count, nouns[name] ?? name.slice(0, -1)))
    .join(", ");
}
