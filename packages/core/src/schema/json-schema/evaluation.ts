import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { RelatedPlace } from "../../diagnostics/diagnostic.ts";
import type { Report, ReportDetails } from "../../diagnostics/report.ts";
import { appendPointer } from "../../json/pointer.ts";
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

/** A schema that cannot be evaluated, or not within its budget. It ends the run and fails the value. */
export class SchemaFault extends Error {
  readonly code: DiagnosticCode;

  constructor(code: DiagnosticCode, message: string) {
    super(message);
    this.code = code;
  }
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

export function pointerOf(run: Evaluation, location: Location | undefined): string {
  const keys: (string | number)[] = [];
  for (let place = location; place !== undefined; place = place.parent) keys.push(place.key);
  return keys.reduceRight<string>(appendPointer, run.basePointer);
}

/** Reads a keyword that must hold a number. */
export function numberKeyword(schema: SchemaObject, keyword: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined || typeof value === "number") return value;
  throw new SchemaFault("INVALID_SCHEMA", `the schema's "${keyword}" is not a number`);
}
