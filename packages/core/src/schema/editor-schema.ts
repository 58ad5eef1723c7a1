import { isObject } from "../json/json.ts";
import { descriptionOf } from "./descriptions/descriptions.ts";
import type { SchemaData } from "./notation.ts";
import { packSchema } from "./versions/pack-schema.ts";
import { SPEC_VERSIONS, specVersion } from "./versions/spec-versions.ts";

/**
 * Returns the JSON Schema (draft 2020-12) of a pack with descriptions and examples, for editors.
 * It accepts what the official schema of that version accepts. `spec` is a version such as "1.4"; the newest when absent.
 *
 * @throws {TypeError} for a spec version that there is not
 */
export function packJsonSchema(spec: string = "1.9.0"): SchemaData {
  const version = specVersion(spec);
  const { $defs, ...root } = packSchema(version);
  const definitions = $defs as { readonly [name: string]: SchemaData };
  const reachable = new Set<string>();
  collectReferences(root, definitions, reachable);
  return describe(
    {
      ...root,
      title: `PromptPack ${version}`,
      $defs: Object.fromEntries(
        Object.entries(definitions)
          .filter(([name]) => reachable.has(name))
          .map(([name, definition]) => [name, describe(definition, name)]),
      ),
    },
    "Pack",
  );
}

/** The spec versions that packJsonSchema knows, oldest first. */
export { SPEC_VERSIONS };

function collectReferences(
  schema: unknown,
  definitions: { readonly [name: string]: SchemaData },
  found: Set<string>,
): void {
  if (Array.isArray(schema)) for (const item of schema) collectReferences(item, definitions, found);
  if (!isObject(schema)) return;
  for (const [key, value] of Object.entries(schema)) {
    const name = key === "$ref" && typeof value === "string" ? value.slice("#/$defs/".length) : undefined;
    if (name === undefined) collectReferences(value, definitions, found);
    else if (!found.has(name)) {
      found.add(name);
      collectReferences(definitions[name], definitions, found);
    }
  }
}

/** Adds the descriptions under `Name` and `Name.field`, at any depth of properties. */
function describe(schema: SchemaData, name: string): SchemaData {
  const { properties, oneOf } = schema;
  return {
    ...schema,
    ...descriptionOf(name),
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, property]) => [
              key,
              describe(property as SchemaData, `${name}.${key}`),
            ]),
          ),
        }
      : {}),
    // a shape that is written in place has the fields of the definition that it is a part of
    ...(Array.isArray(oneOf)
      ? { oneOf: oneOf.map((shape: SchemaData) => ("properties" in shape ? describe(shape, name) : shape)) }
      : {}),
  };
}
