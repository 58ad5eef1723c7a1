import {
  anyObject,
  closed,
  flag,
  list,
  number,
  oneOf,
  open,
  PROMPT_ID,
  ref,
  type SchemaData,
  text,
  type Extensions,
} from "../notation.ts";
import type { JsonObject, JsonValue } from "../../json/json.ts";

/** A guardrail of a prompt, run on every response. Source: schema 1.9.0, Validator. */
export interface Validator {
  readonly id?: string;
  readonly type: string;
  /** True when absent. */
  readonly enabled?: boolean;
  /** The text that the user gets when the guardrail blocks. */
  readonly message?: string;
  /** Deprecated since 1.7.0 and not read: an enabled guardrail always enforces (RFC 0015). */
  readonly fail_on_violation?: boolean;
  readonly params?: JsonObject;
  readonly extensions?: Extensions;
}

/** A measurement that never blocks. Source: schema 1.9.0, Eval. */
export interface Eval {
  readonly id: string;
  readonly description?: string;
  readonly type: string;
  readonly trigger: string;
  /** 0 to 100; 5 when absent; read by sampling triggers only. */
  readonly sample_percentage?: number;
  /** True when absent. */
  readonly enabled?: boolean;
  readonly params?: JsonObject;
  readonly metric?: Metric;
  readonly threshold?: EvalThreshold;
  readonly message?: string;
  readonly when?: JsonObject;
  readonly groups?: readonly string[];
  readonly extensions?: Extensions;
}

export interface EvalThreshold {
  /** "gte", "lte", "gt", "lt" or "eq". */
  readonly operator?: string;
  readonly value?: number;
}

/** Open: labels, help and buckets are usual extra keys. */
export interface Metric {
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram" | "boolean";
  readonly range?: MetricRange;
  readonly [key: string]: JsonValue | MetricRange | undefined;
}

export interface MetricRange {
  readonly min?: number;
  readonly max?: number;
  readonly [key: string]: JsonValue | undefined;
}

export const guardrailDefinitions = (): { readonly [definition: string]: SchemaData } => ({
  Validator: closed("type", {
    id: text({ pattern: PROMPT_ID }),
    type: text({ minLength: 1 }),
    enabled: flag(true),
    message: text(),
    fail_on_violation: { ...flag(false), deprecated: true },
    params: anyObject,
    extensions: anyObject,
  }),
  Eval: closed("id type trigger", {
    id: text({ minLength: 1 }),
    description: text(),
    type: text({ minLength: 1 }),
    trigger: text(),
    sample_percentage: { ...number(0, 100), default: 5 },
    enabled: flag(true),
    params: anyObject,
    metric: ref("MetricDef"),
    threshold: closed("", { operator: text(), value: number() }),
    message: text(),
    when: anyObject,
    groups: list(text()),
    extensions: anyObject,
  }),
  MetricDef: open("name type", {
    name: text({ pattern: "^[a-zA-Z_:][a-zA-Z0-9_:]*$" }),
    type: oneOf("gauge", "counter", "histogram", "boolean"),
    range: open("", { min: number(), max: number() }),
  }),
});
