import { compileAsciiPattern } from "../json/ascii-pattern.ts";
import { isObject } from "../json/json.ts";
import { ANY, createShape, type Shape } from "../json/shape.ts";
import { hasFormat } from "./json-schema/formats.ts";
import type { SchemaData } from "./notation.ts";

const known = new WeakMap<SchemaData, Shape>();

/** Returns the shape of one of our own schemas; computed once for each. It knows just the keywords that those use. */
export function shapeOfSchema(root: SchemaData): Shape {
  const cached = known.get(root);
  if (cached !== undefined) return cached;
  const definitions = isObject(root["$defs"]) ? (root["$defs"] as { readonly [name: string]: SchemaData }) : {};
  const shape = new ShapeBuilder(definitions).build(root);
  known.set(root, shape);
  return shape;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class ShapeBuilder {
  readonly #byDefinition = new Map<string, Mutable<Shape>>();
  readonly #definitions: { readonly [name: string]: SchemaData };

  constructor(definitions: { readonly [name: string]: SchemaData }) {
    this.#definitions = definitions;
  }

  build(schema: SchemaData): Shape {
    const { $ref } = schema;
    if (typeof $ref === "string") return this.#buildDefinition($ref.slice("#/$defs/".length));
    const alternatives = schema["oneOf"] ?? schema["anyOf"];
    if (Array.isArray(alternatives)) {
      const { oneOf: _one, anyOf: _any, ...rest } = schema;
      return createShape({
        choice: {
          common: this.build(rest),
          alternatives: alternatives.map((alternative: SchemaData) => this.build(alternative)),
          isExclusive: schema["oneOf"] !== undefined,
        },
      });
    }
    return this.#buildPlain(schema);
  }

  // A definition may contain itself, so it is entered into the table before it is built.
  #buildDefinition(name: string): Shape {
    const started = this.#byDefinition.get(name);
    if (started !== undefined) return started;
    const shape: Mutable<Shape> = createShape({});
    this.#byDefinition.set(name, shape);
    return Object.assign(shape, this.build(this.#definitions[name] as SchemaData));
  }

  #buildPlain(schema: SchemaData): Shape {
    const { type } = schema;
    const values = Array.isArray(schema["enum"]) ? schema["enum"] : "const" in schema ? [schema["const"]] : undefined;
    if (type === "string" || values?.every((value) => typeof value === "string") === true)
      return buildText(schema, values);
    if (type === "number" || type === "integer") return buildNumber(schema, type === "integer", values);
    if (type === "boolean") return createShape({ isFlag: true });
    if (type === "array") {
      // uniqueItems is rare, so a list of more than one item gets the full check
      const items = isObject(schema["items"]) ? this.build(schema["items"]) : ANY;
      return schema["uniqueItems"] === true
        ? NEVER
        : createShape({ list: { items, minItems: numberOr(schema["minItems"], 0) } });
    }
    if (type === "object" || "properties" in schema || "required" in schema) return this.#buildObject(schema);
    // several types, as of top_k: null is rare, so only the number fits at once
    if (Array.isArray(type)) return buildNumber(schema, true, undefined);
    return ANY;
  }

  #buildObject(schema: SchemaData): Shape {
    // patternProperties stand only in the schemas of old versions
    if ("patternProperties" in schema) return NEVER;
    const properties = Object.entries((schema["properties"] ?? {}) as { readonly [name: string]: SchemaData });
    const required = (schema["required"] ?? []) as readonly string[];
    const extra = required
      .filter((name) => !properties.some(([property]) => property === name))
      .map((name) => [name, {}] as const);
    const all = [...properties, ...extra];
    const names = all.map(([name]) => name);
    const additional = schema["additionalProperties"];
    const { if: test, then, else: otherwise } = schema as { readonly [keyword: string]: SchemaData | undefined };
    return createShape({
      object: {
        names,
        shapes: all.map(([, property]) => this.build(property)),
        isRequired: names.map((name) => required.includes(name)),
        requiredCount: required.length,
        additional: additional === false ? undefined : isObject(additional) ? this.build(additional) : ANY,
        minMembers: numberOr(schema["minProperties"], 0),
        maxMembers: numberOr(schema["maxProperties"], Number.POSITIVE_INFINITY),
        condition:
          test === undefined
            ? undefined
            : {
                test: this.build(test),
                then: then ? this.build(then) : ANY,
                otherwise: otherwise ? this.build(otherwise) : ANY,
              },
      },
    });
  }
}

/** Nothing certainly fits: every value gets the full check. */
const NEVER: Shape = createShape({});

function buildText(schema: SchemaData, values: readonly unknown[] | undefined): Shape {
  const { pattern, format } = schema;
  const minLength = numberOr(schema["minLength"], 0);
  const maxLength = numberOr(schema["maxLength"], Number.POSITIVE_INFINITY);
  if (
    minLength === 0 &&
    maxLength === Number.POSITIVE_INFINITY &&
    pattern === undefined &&
    format === undefined &&
    values === undefined
  )
    return ANY_TEXT;
  return createShape({
    text: {
      minLength,
      maxLength,
      // the patterns are our own constants, each linear in any engine
      pattern: typeof pattern === "string" ? (compileAsciiPattern(pattern) ?? new RegExp(pattern, "u")) : undefined,
      values,
      test: typeof format === "string" ? (text) => hasFormat(format, text) : undefined,
    },
  });
}

const ANY_TEXT: Shape = createShape({ isAnyText: true });

function buildNumber(schema: SchemaData, isInteger: boolean, values: readonly unknown[] | undefined): Shape {
  const [only] = values ?? [];
  return createShape({
    number: {
      isInteger,
      minimum: typeof only === "number" ? only : numberOr(schema["minimum"], Number.NEGATIVE_INFINITY),
      maximum: typeof only === "number" ? only : numberOr(schema["maximum"], Number.POSITIVE_INFINITY),
    },
  });
}

const numberOr = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
