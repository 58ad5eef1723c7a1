import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { RelatedPlace } from "../../diagnostics/diagnostic.ts";
import type { Report, ReportDetails } from "../../diagnostics/report.ts";
import { areTexts, isObject } from "../../json/json.ts";
import { appendPointer } from "../../json/pointer.ts";
import { compileEcmaPattern } from "../ecma-pattern.ts";
import { isPatternFault, type Pattern } from "../pattern.ts";
import type { JsonSchema, Resource, SchemaIndex, SchemaObject } from "./schema-index.ts";

/** Where in the checked value an evaluation stands; made into a pointer only when something is reported. */
export interface Location {
  readonly parent: Location | undefined;
  readonly key: string | number;
}

/** What in-place schemas have already looked at, for unevaluatedProperties and unevaluatedItems. */
export interface Evaluated {
  readonly properties: Set<string>;
  readonly items: Set<number>;
}

/** Evaluates a value against a schema and returns the verdict; faults go to `run.report`. */
export type Evaluate = (
  run: Evaluation,
  schema: JsonSchema,
  value: unknown,
  location: Location | undefined,
  seen?: Evaluated,
) => boolean;

/** One run of the interpreter over one value. */
export interface Evaluation {
  /** The way back for keywords that hold schemas: it keeps the imports of this folder free of cycles. */
  readonly evaluate: Evaluate;
  readonly index: SchemaIndex;
  readonly assertFormats: boolean;
  readonly basePointer: string;
  /** Undefined while only the verdict counts: then the first fault ends a schema. */
  report: Report | undefined;
  stepsLeft: number;
  /** Verdicts of referenced schemas by value: what keeps a tree of references linear. */
  readonly verdicts: Map<SchemaObject, Map<unknown, boolean>>;
  /** Referenced schemas that are being evaluated right now, by value: what finds an endless reference. */
  readonly active: Map<SchemaObject, Set<unknown>>;
  /** The resources entered so far, outermost first. */
  readonly scope: Resource[];
  /** The choices among shapes that led here. */
  readonly shapes: RelatedPlace[];
}

/** One schema over one value: what every keyword is told. */
export interface Frame<Value = unknown> {
  readonly run: Evaluation;
  readonly schema: SchemaObject;
  readonly value: Value;
  readonly location: Location | undefined;
  /** Present when a schema asks for what no other keyword has looked at. */
  readonly own: Evaluated | undefined;
}

/** A schema that cannot be evaluated, or not within its budget. It ends the run and fails the value. */
export class SchemaFault extends Error {
  readonly code: DiagnosticCode;

  constructor(code: DiagnosticCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Takes steps from the budget: each evaluation costs one, and each 64 names or patterns that a keyword goes through. */
export function spend(run: Evaluation, steps: number): void {
  // hostile: schemas come from packs and values from models
  if ((run.stepsLeft -= steps) < 0)
    throw new SchemaFault("BUDGET_EXCEEDED", "the schema needs more evaluation steps than the limit allows");
}

/** Reports a fault at a location, if faults are wanted; always returns false, the verdict. */
export function fail(
  run: Evaluation,
  location: Location | undefined,
  code: DiagnosticCode,
  message: () => string,
  details?: ReportDetails,
): false {
  run.report?.(code, pointerOf(run, location), message(), {
    ...details,
    ...(run.shapes.length === 0 ? {} : { related: [...run.shapes].reverse() }),
  });
  return false;
}

/** Evaluates without reporting and returns the verdict. */
export function quietly(run: Evaluation, evaluate: () => boolean): boolean {
  const { report } = run;
  run.report = undefined;
  try {
    return evaluate();
  } finally {
    run.report = report;
  }
}

/** Runs checks one after another; while only the verdict counts, the first fault ends them. */
export function checkEach<Value>(frame: Frame<Value>, checks: readonly ((frame: Frame<Value>) => boolean)[]): boolean {
  let valid = true;
  for (const check of checks) {
    valid = check(frame) && valid;
    if (!valid && frame.run.report === undefined) return false;
  }
  return valid;
}

/** Checks a number of things against the least and the most that a schema allows. */
export function checkCount(
  { run, location }: Frame,
  count: number,
  things: string,
  least: number | undefined,
  most: number | undefined,
): boolean {
  const bound =
    least !== undefined && count < least
      ? `at least ${least}`
      : most !== undefined && count > most
        ? `at most ${most}`
        : undefined;
  return (
    bound === undefined || fail(run, location, "WRONG_LENGTH", () => `found ${count} ${things}, expected ${bound}`)
  );
}

export function pointerOf(run: Evaluation, location: Location | undefined): string {
  const keys: (string | number)[] = [];
  for (let place = location; place !== undefined; place = place.parent) keys.push(place.key);
  return keys.reduceRight<string>(appendPointer, run.basePointer);
}

const isNo = (keyword: string, expected: string): SchemaFault =>
  new SchemaFault("INVALID_SCHEMA", `the schema's "${keyword}" is not ${expected}`);

/** Reads a keyword that must hold a number. */
export function numberKeyword(schema: SchemaObject, keyword: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined || typeof value === "number") return value;
  throw isNo(keyword, "a number");
}

const NO_SCHEMAS: readonly JsonSchema[] = [];

/** Reads a keyword that must hold a list of schemas. */
export function listKeyword(schema: SchemaObject, keyword: string): readonly JsonSchema[] {
  const list = schema[keyword];
  if (list === undefined) return NO_SCHEMAS;
  if (!Array.isArray(list)) throw isNo(keyword, "a list of schemas");
  return list as readonly JsonSchema[];
}

const NO_MEMBERS: SchemaObject = {};

/** Reads a keyword that must hold an object. */
export function mapKeyword(schema: SchemaObject, keyword: string): SchemaObject {
  const map = schema[keyword];
  if (map === undefined) return NO_MEMBERS;
  if (!isObject(map)) throw isNo(keyword, "an object");
  return map;
}

const NO_NAMES: readonly string[] = [];

/** Reads a list of names that a keyword must hold. */
export function namesIn(list: unknown, keyword: string): readonly string[] {
  if (list === undefined) return NO_NAMES;
  if (areTexts(list)) return list;
  throw isNo(keyword, "a list of names");
}

/** Reads a pattern that a keyword must hold. */
export function patternIn(source: unknown, keyword: string): Pattern {
  if (typeof source !== "string") throw isNo(keyword, "text");
  const pattern = compileEcmaPattern(source);
  if (isPatternFault(pattern))
    throw new SchemaFault("INVALID_SCHEMA", `the schema holds a pattern that cannot be used: ${pattern.fault}`);
  return pattern;
}
