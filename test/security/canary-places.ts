import { readdirSync, readFileSync } from "node:fs";
import { safeParsePack } from "promptpack";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** One way to write a canary into a pack. */
export interface Place {
  /** Such as "/prompts/main/variables/0/type as a value". */
  readonly name: string;
  /** Returns the pack as text, with the canary there. */
  readonly plant: (canary: string) => string;
}

const folder = new URL("../../examples/packs/", import.meta.url);
/** What the examples do without. */
const supplement: Json = {
  id: "supplement",
  name: "Supplement",
  version: "1.0.0",
  $schema: "https://promptpack.org/schema/latest/promptpack.schema.json",
  template_engine: { version: "v1", syntax: "{{variable}}", features: ["basic_substitution"] },
  prompts: {
    main: {
      id: "main",
      name: "Main",
      version: "1.0.0",
      system_template: "Hello {{who}}, {{day}}.",
      pipeline: { stages: ["template", "provider"] },
      variables: [
        {
          name: "who",
          type: "string",
          required: false,
          default: "you",
          example: "Ada",
          validation: { enum: ["you", "Ada"] },
        },
        { name: "day", type: "string", required: false, binding: { kind: "env", field: "DAY", filter: "upper" } },
      ],
      tools: ["look"],
      tool_policy: { tool_choice: "auto", max_rounds: 2, blocklist: [] },
      validators: [{ type: "max_length", enabled: true, params: { max_characters: 900 }, message: "too long" }],
      evals: [{ id: "e", type: "contains", trigger: "every_turn", params: { patterns: ["a"] } }],
      tested_models: [{ provider: "p", model: "m", date: "2026-01-01" }],
    },
  },
  tools: {
    look: {
      name: "look",
      description: "Looks",
      parameters: { type: "object", properties: { at: { type: "string", enum: ["a"] } }, required: ["at"] },
    },
  },
  fragments: { rules: "Be kind." },
  metadata: { domain: "test", language: "en", tags: ["t"] },
};
const packs: readonly Json[] = [
  ...readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Json),
  supplement,
];

/** Members whose own members are named by the author: one of them stands for all. */
const MAPS =
  /\/(?:prompts|tools|fragments|states|members|compositions|model_overrides|properties|on_event|artifacts|params)$/;

type Path = readonly (string | number)[];

/** Every kind of place that the packs have, each once: as a value, as the name of a member, and as a member that nobody knows. */
export const places: readonly Place[] = [
  ...new Map(packs.flatMap(placesOf).map((place) => [place.name, place])).values(),
];

function placesOf(pack: Json): Place[] {
  const found: Place[] = [];
  const add = (name: string, path: Path, change: (canary: string, old: Json) => Json): void =>
    void found.push({ name, plant: (canary) => JSON.stringify(replace(pack, path, (old) => change(canary, old))) });
  const visit = (value: Json, path: Path, kind: string): void => {
    add(`${kind} as a value`, path, (canary) => canary);
    if (typeof value === "string") add(`${kind} within a value`, path, (canary, old) => `${String(old)} ${canary}`);
    if (typeof value === "string" && /template$|\/fragments\/\*$/.test(kind))
      for (const tag of ["{{X}}", "{{fragments.X}}", "{{fragment:X}}", "{{a.X}}", "{{#if X}}", "{{X | upper}}"])
        add(`${kind} as ${tag}`, path, (canary, old) => `${String(old)} ${tag.replace("X", () => canary)}`);
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index], `${kind}/#`));
    else {
      add(`${kind} with an unknown member`, path, (canary, old) => ({ ...(old as object), [canary]: canary }));
      for (const [name, member] of Object.entries(value)) {
        const below = `${kind}/${MAPS.test(kind) ? "*" : name}`;
        add(`${below} as a name`, path, (canary, old) =>
          Object.fromEntries(
            Object.entries(old as object).map(([key, item]: [string, Json]) => [key === name ? canary : key, item]),
          ),
        );
        visit(member, [...path, name], below);
      }
    }
  };
  visit(pack, [], "");
  return found;
}

function replace(value: Json, [step, ...rest]: Path, change: (old: Json) => Json): Json {
  if (step === undefined) return change(value);
  const inside = (item: Json, key: string | number): Json => (key === step ? replace(item, rest, change) : item);
  if (Array.isArray(value)) return value.map(inside);
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]: [string, Json]) => [key, inside(item, key)]),
  );
}

/** The places where a canary leaves the pack valid, so that commands which need a valid pack can be tried. */
export const harmless: readonly Place[] = places.filter(
  ({ plant }) => safeParsePack(plant("Canary ~ 7")).pack !== undefined,
);
