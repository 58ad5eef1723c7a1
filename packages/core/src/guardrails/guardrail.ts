import { bindCheck, isWithin } from "../checks/bind-check.ts";
import { type Check, type CheckOptions, type CheckScan, type Measurement, verdict } from "../checks/check.ts";
import { canGuard, checkTypeNames } from "../checks/check-params.ts";
import type { Subject } from "../checks/evidence.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type GuardrailVerdict, PackError } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { getOwn, type JsonObject } from "../json/json.ts";
import { formatPointer } from "../json/pointer.ts";
import type { Validator } from "../schema/sections/guardrails.ts";

/**
 * `always`: every enabled guardrail enforces (RFC 0015). `declared`: only those with fail_on_violation true, as up to
 * spec 1.6. `observe`: none enforces, all report. The host chooses, never the pack.
 */
export type Enforcement = "always" | "declared" | "observe";

/** `block`: the caller gets the message instead. `truncate` and `redact`: the faulty parts are cut out or replaced. */
export type GuardAction = "block" | "truncate" | "redact";

/** A guardrail of the host: a measurement, or whether the text passes. */
export type HostGuardrail = (text: string, params: JsonObject) => Measurement | boolean;

export interface GuardOptions extends CheckOptions {
  /** `always` when absent. */
  readonly enforcement?: Enforcement;
  /** `refuse` when absent; `report` lists a guardrail without implementation as unchecked. */
  readonly unknownGuardrails?: "refuse" | "report";
  /** Implementations by type; they win over ours. */
  readonly types?: { readonly [type: string]: HostGuardrail };
  /** What to do by the guardrail's id or type; `block` when absent, and where a part cannot be pointed at. */
  readonly actions?: { readonly [idOrType: string]: GuardAction };
  /** What the caller gets for a blocked response when the pack has no message. */
  readonly message?: string;
  /** What stands for a redacted part; "[removed]" when absent. */
  readonly replacement?: string;
}

export const NEUTRAL_MESSAGE = "I can't help with that.";

/** One guardrail of a prompt, ready to run. */
export interface Guardrail {
  readonly index: number;
  readonly type: string;
  readonly id: string | undefined;
  readonly message: string;
  readonly enforced: boolean;
  readonly action: GuardAction;
  measure(subject: Subject): Measurement | undefined;
  /** Opens a scan of pieces, with all faults where they are rewritten; undefined where the whole text is needed. */
  open(): CheckScan | undefined;
}

const compiledLists = new WeakMap<readonly Validator[], { options: GuardOptions; compiled: readonly Guardrail[] }>();

/**
 * Returns the enabled guardrails of a prompt, ready to run. Remembers the answer for frozen lists, as packs have.
 * @throws {PackError} UNKNOWN_GUARDRAIL a type has no implementation
 */
export function compileGuardrails(
  validators: readonly Validator[] = [],
  options: GuardOptions = {},
): readonly Guardrail[] {
  if (!Array.isArray(validators)) throw new TypeError("guardrails are the validators of a prompt");
  const known = compiledLists.get(validators);
  if (known !== undefined && sameOptions(known.options, options)) return known.compiled;
  const compiled: Guardrail[] = [];
  const unknown: Diagnostic[] = [];
  validators.forEach((validator, index) => {
    if (validator.enabled === false) return;
    const host = getOwn(options.types, validator.type);
    if (host === undefined && !canGuard(validator.type) && options.unknownGuardrails !== "report") {
      const message = `the guardrail type "${validator.type}" has no implementation`;
      unknown.push(
        createDiagnostic("UNKNOWN_GUARDRAIL", formatPointer("validators", index, "type"), message, {
          severity: "error",
          ...didYouMean(validator.type, checkTypeNames()),
        }),
      );
    } else compiled.push(compileOne(validator, index, options, host));
  });
  if (unknown.length > 0) throw new PackError(unknown);
  if (Object.isFrozen(validators)) compiledLists.set(validators, { options: { ...options }, compiled });
  return compiled;
}

/** Returns what a guardrail says about a measurement; no measurement means that it could not run. */
export function judge(
  guardrail: Guardrail,
  measurement: Measurement | undefined,
  canRewrite: boolean,
): GuardrailVerdict {
  const { index, type, id, enforced } = guardrail;
  // no spread inside: it would take longer than the check of a short answer
  const named = id === undefined ? { type, index } : { type, id, index };
  if (measurement === undefined)
    return { ...named, status: "unchecked", blocks: false, message: "it could not be checked" };
  if (measurement === MISSING) return { ...named, status: "unchecked", blocks: enforced, message: MISSING.explanation };
  if (measurement.score === 1) return { ...named, status: "passed", blocks: false };
  const { explanation = "it does not pass", details } = measurement;
  return {
    ...named,
    status: "violated",
    blocks: enforced && !canRewrite,
    message: explanation,
    ...(details === undefined ? {} : { details }),
  };
}

const MISSING = { score: 0, explanation: "the guardrail lacks the params that say what to check" } as const;
const FAILED: Measurement = { score: 0, explanation: "the check failed to run" };

function compileOne(
  validator: Validator,
  index: number,
  options: GuardOptions,
  host: HostGuardrail | undefined,
): Guardrail {
  const { type, id, params = {} } = validator;
  const { enforcement, actions } = options;
  const own = params["message"];
  const chosen = (id === undefined ? undefined : getOwn(actions, id)) ?? getOwn(actions, type);
  // a misspelt word is none of the laxer ones
  const action = chosen === "redact" || chosen === "truncate" ? chosen : "block";
  const enforces = enforcement !== "observe" && (enforcement !== "declared" || validator.fail_on_violation === true);
  return {
    index,
    type,
    id,
    message: validator.message ?? (typeof own === "string" ? own : (options.message ?? NEUTRAL_MESSAGE)),
    enforced: enforces && (host !== undefined || canGuard(type)),
    action,
    ...(host === undefined ? ours(validator, options, enforces && action !== "block") : byHost(host, params)),
  };
}

type Running = Pick<Guardrail, "measure" | "open">;

function byHost(host: HostGuardrail, params: JsonObject): Running {
  return {
    open: () => undefined,
    measure: (subject) =>
      safely(() => {
        const answer = host(subject.text, params);
        const measurement = typeof answer === "boolean" ? verdict(answer, "the host's guardrail refused it") : answer;
        return isWithin(measurement.score, params) ? { score: 1 } : below(measurement);
      }),
  };
}

function ours({ type, params = {} }: Validator, options: GuardOptions, all: boolean): Running {
  if (!canGuard(type)) return { open: () => undefined, measure: () => undefined };
  const bound = bindCheck(type, params, options);
  if ("missing" in bound) return { open: () => undefined, measure: () => MISSING };
  if ("broken" in bound)
    return {
      open: () => undefined,
      measure: () => ({ score: 0, explanation: `the check cannot run: ${bound.broken}` }),
    };
  const { check } = bound;
  const bounds = "min_score" in params || "max_score" in params;
  if (!bounds) return { open: () => check.open?.(all), measure: (subject) => safely(() => check.measure(subject)) };
  return { open: () => undefined, measure: (subject) => safely(() => withBounds(check, subject, params)) };
}

function withBounds(check: Check, subject: Subject, bounds: JsonObject): Measurement {
  const measurement = check.measure(subject);
  return isWithin(measurement.score, bounds) ? { score: 1 } : below(measurement);
}

/** A measurement that fails, whatever its score is against the bounds. */
const below = (measurement: Measurement): Measurement =>
  measurement.score === 1 ? { ...measurement, score: 0, explanation: "the score is out of bounds" } : measurement;

/** A check that throws is a violation, and its words are the host's business (RULINGS 19). */
function safely(measure: () => Measurement): Measurement {
  try {
    return measure();
  } catch {
    return FAILED;
  }
}

function sameOptions(left: GuardOptions, right: GuardOptions): boolean {
  const keys = Object.keys(left) as (keyof GuardOptions)[];
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}
