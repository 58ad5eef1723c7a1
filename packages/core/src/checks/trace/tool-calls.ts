import { asText, getOwn, jsonEquals, type JsonObject, type JsonValue } from "../../json/json.ts";
import type { Pattern } from "../../schema/pattern.ts";
import { type BindCheck, type Measurement, type Params, share, verdict, whole } from "../check.ts";
import type { ToolCallRecord } from "../evidence.ts";
import { patternOf, patternsOf } from "../text/pattern.ts";

type Calls = readonly ToolCallRecord[];

/** A check that looks at the tool calls alone. */
const onCalls =
  (bind: (params: Params) => (calls: Calls) => Measurement): BindCheck =>
  (params) => {
    const measure = bind(params);
    return whole(({ evidence }) => measure(evidence.toolCalls ?? []));
  };

export const texts = (params: Params, name: string): readonly string[] => (params[name] ?? []) as readonly string[];
const count = (params: Params, name: string, otherwise: number): number =>
  (params[name] as number | undefined) ?? otherwise;
const called = (calls: Calls, name: string): Calls => calls.filter((call) => call.name === name);
const chosen = (calls: Calls, names: readonly string[]): Calls =>
  names.length === 0 ? calls : calls.filter((call) => names.includes(call.name));

/** Each tool must have been called without error, at least and at most so often. */
export const toolsCalled: BindCheck = onCalls((params) => {
  const names = texts(params, "tool_names");
  const least = count(params, "min_calls", 1);
  const most = count(params, "max_calls", -1);
  return (calls) => {
    const good = params["ignore_validation"] === true ? calls : calls.filter((call) => call.isError !== true);
    const counted =
      params["require_args"] === true ? good.filter((call) => Object.keys(call.arguments ?? {}).length > 0) : good;
    const over = names.find((name) => most >= 0 && called(counted, name).length > most);
    if (over !== undefined) return verdict(false, `the tool "${over}" was called more than ${most} times`);
    const missing = names.filter((name) => called(counted, name).length < least);
    return share(names.length - missing.length, names.length, "a tool was not called", { missing });
  };
});

/** None of the tools may have been called. */
export const toolsNotCalled: BindCheck = onCalls((params) => (calls) => {
  const used = texts(params, "tool_names").filter((name) => called(calls, name).length > 0);
  return verdict(used.length === 0, "a tool was called that should not be", { called: used });
});

/** Some call of the tool must have exactly these values among its arguments. */
export const toolArgs: BindCheck = onCalls((params) => {
  const expected = params["expected_args"] as JsonObject;
  return (calls) =>
    verdict(
      called(calls, params["tool_name"] as string).some((call) => hasArgs(call, expected)),
      "no call has the expected arguments",
    );
});

/** No call of the tool may have these values among its arguments. */
export const toolArgsExcluded: BindCheck = onCalls((params) => {
  const excluded = Object.entries((params["excluded_args"] ?? {}) as JsonObject).map(
    ([key, value]) => [key, [value]] as const,
  );
  const forbidden = Object.entries((params["forbidden_args"] ?? {}) as JsonObject);
  const bad = [...excluded, ...forbidden] as readonly (readonly [string, JsonValue])[];
  return (calls) =>
    verdict(
      !called(calls, params["tool_name"] as string).some((call) =>
        bad.some(
          ([key, values]) =>
            Array.isArray(values) && values.some((value) => jsonEquals(getOwn(call.arguments, key), value)),
        ),
      ),
      "a call has arguments that it should not have",
    );
});

/** Every call of the tool (or of any) must have these arguments and results; null stands for any value. */
export const toolCallsWithArgs: BindCheck = onCalls((params) => {
  const holds = callTest(params);
  const name = params["tool_name"] as string | undefined;
  return (calls) => {
    const matching = name === undefined ? calls : called(calls, name);
    if (matching.length === 0) return verdict(false, "there is no such call");
    return share(matching.filter(holds).length, matching.length, "a call has other arguments or results than expected");
  };
});

/** The number of calls, of one tool or of all, must lie between min and max. */
export const toolCallCount: BindCheck = onCalls((params) => (calls) => {
  const tool = params["tool"] as string | undefined;
  const found = tool === undefined ? calls.length : called(calls, tool).length;
  return verdict(
    found >= count(params, "min", 0) && found <= count(params, "max", Infinity),
    `there are ${found} calls`,
    { calls: found },
  );
});

/** The tools must have been called in this order; other calls may lie between. */
export const toolCallSequence: BindCheck = onCalls((params) => {
  const sequence = texts(params, "sequence");
  return (calls) =>
    share(
      inOrder(
        sequence,
        calls.map(({ name }) => name),
      ),
      sequence.length,
      "the tools were not called in this order",
    );
});

/** Like a sequence, and each step may say what its call must look like. */
export const toolCallChain: BindCheck = onCalls((params) => {
  const steps = (params["steps"] as readonly (string | Params)[]).map((step) =>
    typeof step === "string"
      ? { tool: step, holds: () => true }
      : { tool: step["tool"] as string, holds: callTest(step) },
  );
  return (calls) => {
    let at = 0;
    for (const call of calls) {
      const step = steps[at];
      if (step === undefined || call.name !== step.tool) continue;
      if (!step.holds(call)) return share(at, steps.length, `step ${at + 1} of the chain is not as expected`);
      at++;
    }
    return share(at, steps.length, "the chain of calls is not complete");
  };
});

/** None of these sequences of calls may occur. */
export const toolAntiPattern: BindCheck = onCalls((params) => {
  const sequences = (params["patterns"] as readonly Params[]).map((pattern) => texts(pattern, "sequence"));
  return (calls) => {
    const names = calls.map(({ name }) => name);
    const hit = sequences.findIndex((sequence) => sequence.length > 0 && inOrder(sequence, names) === sequence.length);
    return verdict(hit < 0, "the calls follow a pattern that they should not", { pattern: hit });
  };
});

/** No tool may be called more than so often in a row. */
export const toolNoRepeat: BindCheck = onCalls((params) => {
  const most = count(params, "max_repeats", 1);
  return (calls) => {
    let run = 0;
    const all = chosen(calls, texts(params, "tool_names"));
    const over = all.find((call, index) => (run = all[index - 1]?.name === call.name ? run + 1 : 1) > most);
    return verdict(over === undefined, `a tool was called more than ${most} times in a row`);
  };
});

/** Calls and errors must stay under their limits. */
export const toolEfficiency: BindCheck = onCalls((params) => (calls) => {
  const errors = calls.filter((call) => call.isError === true).length;
  const rate = calls.length === 0 ? 0 : errors / calls.length;
  const limits = [
    [calls.length, "max_calls"],
    [errors, "max_errors"],
    [rate, "max_error_rate"],
  ] as const;
  const held = limits.filter(([found, name]) => found <= count(params, name, Infinity)).length;
  return share(held, limits.length, "the tools were used too much or failed too often", {
    calls: calls.length,
    errors,
  });
});

/** No call may have failed. */
export const noToolErrors: BindCheck = onCalls((params) => (calls) => {
  const all = chosen(calls, texts(params, "tool_names"));
  const errors = all.filter((call) => call.isError === true).length;
  return share(all.length - errors, all.length, "a tool call failed", { errors });
});

/** The results of at least `occurrence` calls must hold all the texts. */
export const toolResultIncludes: BindCheck = onResults((params) => {
  const wanted = texts(params, "patterns").map((text) => text.toLowerCase());
  return ({ result = "" }) => wanted.every((text) => result.toLowerCase().includes(text));
});

/** The results of at least `occurrence` calls must match the pattern. */
export const toolResultMatches: BindCheck = onResults((params) => {
  const pattern = patternOf(params["pattern"] as string);
  return ({ result = "" }) => pattern.test(result);
});

/** A result must hold a medium of this kind (image, audio, video). */
export const toolResultHasMedia: BindCheck = onResults((params) => {
  const kind = params["media_type"] as string;
  return ({ media = [] }) => media.some((type) => type.startsWith(`${kind}/`));
});

/** A result must hold a medium of this MIME type. */
export const toolResultMediaType: BindCheck = onResults((params) => {
  const type = params["mime_type"] as string;
  return ({ media = [] }) => media.includes(type);
});

/** An argument, once it was given to the tool, must stay in every later call. */
export const invariantFields: BindCheck = onCalls((params) => (calls) => {
  const all = called(calls, params["tool"] as string);
  const lost = texts(params, "fields").filter((field) => {
    const first = all.findIndex((call) => getOwn(call.arguments, field) !== undefined);
    return first >= 0 && all.slice(first).some((call) => getOwn(call.arguments, field) === undefined);
  });
  return verdict(lost.length === 0, "an argument was lost between calls", { lost });
});

function onResults(bind: (params: Params) => (call: ToolCallRecord) => boolean): BindCheck {
  return onCalls((params) => {
    const holds = bind(params);
    const names = typeof params["tool"] === "string" ? [params["tool"]] : [];
    const least = count(params, "occurrence", 1);
    return (calls) => share(chosen(calls, names).filter(holds).length, least, "too few tool results are as expected");
  });
}

/** Returns the test that a call passes when its arguments, result and outcome are as the parameters say. */
function callTest(params: Params): (call: ToolCallRecord) => boolean {
  const expected = (params["expected_args"] ?? {}) as JsonObject;
  const matches: readonly (readonly [string, Pattern])[] = patternsOf(params, "args_match");
  const includes = texts(params, "result_includes").map((text) => text.toLowerCase());
  const pattern = typeof params["result_matches"] === "string" ? patternOf(params["result_matches"]) : undefined;
  return (call) =>
    hasArgs(call, expected) &&
    matches.every(([key, wanted]) => wanted.test(textOf(getOwn(call.arguments, key)))) &&
    includes.every((text) => (call.result ?? "").toLowerCase().includes(text)) &&
    (pattern?.test(call.result ?? "") ?? true) &&
    !(params["no_error"] === true && call.isError === true);
}

const textOf = (value: JsonValue | undefined): string => (value === undefined ? "" : asText(value));

function hasArgs(call: ToolCallRecord, expected: JsonObject): boolean {
  return Object.entries(expected).every(([key, value]) => {
    const found = getOwn(call.arguments, key);
    return found !== undefined && (value === null || jsonEquals(found, value) || textOf(found) === textOf(value));
  });
}

/** Returns how many of the names occur in this order. */
export function inOrder(wanted: readonly string[], names: readonly string[]): number {
  let at = 0;
  for (const name of names) if (name === wanted[at]) at++;
  return at;
}
