import { Subject } from "../checks/evidence.ts";
import { GuardrailError, type GuardrailVerdict } from "../diagnostics/errors.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import { formatPointer } from "../json/pointer.ts";
import type { ContentPart, ModelResponse } from "../messages/message.ts";
import type { Validator } from "../schema/sections/guardrails.ts";
import type { CheckScan } from "../checks/check.ts";
import { compileGuardrails, type Guardrail, type GuardOptions, judge } from "./guardrail.ts";
import { Redaction } from "./redaction.ts";
import { answerText, textStretches } from "./response-text.ts";

/** What the guardrails of a prompt say about a whole text. */
export interface GuardOutcome {
  /** False when a guardrail blocks. */
  readonly ok: boolean;
  /** Every violation, blocking or not, in the order of the guardrails. */
  readonly violations: readonly GuardrailVerdict[];
  /** One verdict for each enabled guardrail. */
  readonly verdicts: readonly GuardrailVerdict[];
  /** What to tell the model when it is asked again; present when a guardrail blocks. */
  readonly retryAdvice?: string;
}

/** The outcome together with what the caller may see. */
export interface GuardedResponse extends GuardOutcome {
  /** The text, the text without its faulty parts, or the message of the first guardrail that blocks. */
  readonly text: string;
  /** The response as the caller may see it, when one was given; blocked, it has no tool calls and finishes as "guardrail". */
  readonly response?: ModelResponse;
}

/** What a model answered, as text or as a response (its finish reason may be missing). */
export type GuardInput = string | (Pick<ModelResponse, "content"> & Partial<ModelResponse>);

/**
 * Checks a model's whole response against the guardrails of a prompt, and returns what the caller may see.
 * Source: SPEC 4.4, RULINGS 19-23.
 * @throws {PackError} UNKNOWN_GUARDRAIL
 */
export function guardResponse(
  guardrails: readonly Validator[] | undefined,
  response: GuardInput,
  options: GuardOptions = {},
): GuardedResponse {
  const compiled = compileGuardrails(guardrails, options);
  const content = typeof response === "string" ? response : response?.content;
  const stretches = textStretches(content);
  const text = stretches.map((stretch) => stretch.text).join("");
  const output = typeof response === "string" ? undefined : response.output;
  const answer = answerText(content);
  const subject = new Subject({
    text,
    ...(answer === text ? {} : { answer }),
    ...(output === undefined ? {} : { output }),
  });
  const redaction = new Redaction();
  let rewritten = false;
  const verdicts = compiled.map((guardrail) => {
    const measurement = guardrail.measure(subject);
    const isRewritten =
      measurement !== undefined && measurement.score !== 1 && rewrite(guardrail, text, redaction, options);
    rewritten ||= isRewritten;
    return judge(guardrail, measurement, isRewritten);
  });
  const blocked = blockMessage(compiled, verdicts);
  const seen = stretches.map(({ text: stretch, part }) => ({
    text: rewritten ? redaction.copy(stretch) : stretch,
    part,
  }));
  const shown = blocked ?? seen.map((stretch) => stretch.text).join("");
  return {
    ...summarize(verdicts),
    text: shown,
    ...(typeof response === "string" ? {} : { response: rebuild(response, blocked, rewritten ? seen : undefined) }),
  };
}

/**
 * Returns the error for a response that was blocked, for callers who throw.
 * It carries every verdict and diagnostics, and never the text.
 */
export function guardrailError({ verdicts }: Pick<GuardOutcome, "verdicts">): GuardrailError {
  const blocking = verdicts.filter(({ blocks }) => blocks);
  if (blocking.length === 0) throw new TypeError("no guardrail blocks this response");
  return new GuardrailError(
    blocking.map(({ type, index, message }) =>
      createDiagnostic(
        "GUARDRAIL_VIOLATED",
        formatPointer("validators", index),
        `the response breaks the guardrail "${type}": ${message ?? ""}`,
      ),
    ),
    verdicts,
  );
}

/** Returns whether a guardrail rewrites its faults instead of blocking. */
export function rewrites({ action, enforced }: Guardrail, scan: CheckScan | undefined): boolean {
  return enforced && action !== "block" && scan?.ranges !== undefined;
}

/** What stands in the place of a faulty part. */
export function replacementOf({ action }: Guardrail, { replacement = "[removed]" }: GuardOptions): string {
  return action === "truncate" ? "" : replacement;
}

/** Returns the verdicts with what follows from them. */
export function summarize(verdicts: readonly GuardrailVerdict[]): GuardOutcome {
  const ok = !verdicts.some(({ blocks }) => blocks);
  const violations = verdicts.filter(({ status }) => status === "violated");
  return { ok, violations, verdicts, ...(ok ? {} : { retryAdvice: adviceOf(verdicts) }) };
}

/** Returns the message of the first guardrail that blocks. */
export function blockMessage(
  guardrails: readonly Guardrail[],
  verdicts: readonly GuardrailVerdict[],
): string | undefined {
  const first = verdicts.findIndex(({ blocks }) => blocks);
  return guardrails[first]?.message;
}

function adviceOf(verdicts: readonly GuardrailVerdict[]): string {
  const faults = verdicts.filter(({ blocks }) => blocks).map(({ message }) => `- ${message ?? "it does not pass"}`);
  return `Your last answer was not accepted:\n${faults.join("\n")}\nWrite it again without this.`;
}

function rewrite(guardrail: Guardrail, text: string, redaction: Redaction, options: GuardOptions): boolean {
  if (!guardrail.enforced || guardrail.action === "block") return false;
  const scan = guardrail.open();
  if (scan === undefined || !rewrites(guardrail, scan)) return false;
  scan.push(text);
  scan.end();
  redaction.add(scan.ranges ?? [], replacementOf(guardrail, options));
  return true;
}

function rebuild(
  response: Exclude<GuardInput, string>,
  blocked: string | undefined,
  seen: readonly { readonly text: string; readonly part: number | undefined }[] | undefined,
): ModelResponse {
  const { content, finishReason = "stop", toolCalls: _calls, output: _output, ...rest } = response;
  if (blocked !== undefined) return { ...rest, content: blocked, finishReason: "guardrail" };
  if (seen === undefined) return { ...response, finishReason };
  if (typeof content === "string") return { ...withoutOutput(response), content: seen[0]?.text ?? "", finishReason };
  const texts = new Map(seen.map(({ part, text }) => [part, text]));
  const parts = content.map((part, index) =>
    texts.has(index) ? ({ ...part, text: texts.get(index) } as ContentPart) : part,
  );
  return { ...withoutOutput(response), content: parts, finishReason };
}

// The parsed value of a text that was rewritten is no longer its value.
function withoutOutput({ output: _output, ...rest }: Exclude<GuardInput, string>): Exclude<GuardInput, string> {
  return rest;
}
