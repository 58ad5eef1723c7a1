import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Report, ReportDetails } from "../diagnostics/report.ts";
import { unknownName } from "../diagnostics/suggest.ts";
import { formatPointer } from "../json/pointer.ts";
import { compilePattern, isPatternFault } from "../schema/pattern.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Variable } from "../schema/sections/prompt.ts";
import { quoteName } from "../diagnostics/quote-name.ts";
import { hasNestedQuantifier } from "./nested-quantifier.ts";
import { bindingFilters, bindingKinds, isSecretName } from "./resolve-binding.ts";
import { findValueFaults, variableTypes } from "./variable-check.ts";

const TYPES: ReadonlySet<string> = new Set(variableTypes);

/** Reports variables whose definition contradicts itself. Source: R041-R064, RULINGS 3, 4, 15, 16. */
export function checkVariableRules(pack: Pick<PackData, "prompts">, report: Report, options: RuleOptions = {}): void {
  for (const promptId in pack.prompts) {
    const variables = pack.prompts[promptId]?.variables ?? [];
    if (!areDistinct(variables)) checkNames(promptId, variables, report);
    for (let index = 0; index < variables.length; index++) {
      const variable = variables[index] as Variable;
      if (isCertainlySound(variable)) continue;
      checkVariable(variable, options, (code, place, message, details) => {
        report(code, formatPointer("prompts", promptId, "variables", index) + place, message, details);
      });
    }
  }
}

/** Reports at a pointer below the variable, such as "/default". */
type ReportVariable = (code: DiagnosticCode, place: string, message: string, details?: ReportDetails) => void;

/** In a list of so many names each is compared with the others faster than it is remembered. */
const SHORT = 16;

/** Returns whether no two variables have one name; false is only a doubt. */
function areDistinct(variables: readonly Variable[]): boolean {
  if (variables.length > SHORT) return false;
  for (let index = 1; index < variables.length; index++) {
    for (let before = 0; before < index; before++) if (variables[before]?.name === variables[index]?.name) return false;
  }
  return true;
}

/** Returns whether checkVariable has certainly nothing to report; false is only a doubt. */
function isCertainlySound(variable: Variable): boolean {
  const { type, validation, required, default: fallback, example, binding } = variable;
  if (binding !== undefined || !TYPES.has(type)) return false;
  if (validation !== undefined && !(type === "string" && isCertainlyValidation(validation))) return false;
  if (fallback !== undefined && (required || findValueFaults(variable, fallback).length > 0)) return false;
  return example === undefined || findValueFaults(variable, example).length === 0;
}

/** Of a text. */
function isCertainlyValidation({
  min_length = 0,
  max_length = Infinity,
  minimum,
  maximum,
  pattern,
  enum: values,
}: Validation): boolean {
  if (min_length > max_length || minimum !== undefined || maximum !== undefined || values?.length === 0) return false;
  return pattern === undefined || (!isPatternFault(compilePattern(pattern)) && !hasNestedQuantifier(pattern));
}

function checkNames(promptId: string, variables: readonly Variable[], report: Report): void {
  const seen = new Set<string>();
  variables.forEach(({ name }, index) => {
    if (seen.size < seen.add(name).size) return;
    const pointer = formatPointer("prompts", promptId, "variables", index, "name");
    report("DUPLICATE_VARIABLE", pointer, `the variable ${quoteName(name)} is declared twice`);
  });
}

function checkVariable(variable: Variable, options: RuleOptions, report: ReportVariable): void {
  if (!TYPES.has(variable.type) && !(options.variableTypes?.includes(variable.type) ?? false)) {
    const [message, details] = unknownName("type", variable.type, TYPES);
    report("UNKNOWN_VARIABLE_TYPE", "/type", `values are not checked: ${message}`, details);
  }
  const isSound = variable.validation === undefined || checkValidation(variable, variable.validation, report);
  if (isSound) checkSamples(variable, report);
  if (variable.binding !== undefined) checkBinding(variable.binding, options, report);
}

/** A default and an example keep the rules of their own variable; null is no value. Source: R050, R051. */
function checkSamples(variable: Variable, report: ReportVariable): void {
  if (variable.default !== undefined && variable.default !== null) {
    if (variable.required) {
      const message = `${quoteName(variable.name)} is required and has a default, which is used when no value is passed`;
      report("REQUIRED_WITH_DEFAULT", "/default", message);
    }
    for (const fault of findValueFaults(variable, variable.default)) {
      report("INVALID_DEFAULT", "/default", `the default breaks the variable's own rules: ${fault.message}`);
    }
  }
  if (variable.example === undefined || variable.example === null) return;
  for (const fault of findValueFaults(variable, variable.example)) {
    report("INVALID_EXAMPLE", "/example", `the example breaks the variable's own rules: ${fault.message}`);
  }
}

type Validation = NonNullable<Variable["validation"]>;

/** Returns false when the rules themselves are broken, so that nothing can be checked by them. */
function checkValidation({ type }: Variable, validation: Validation, report: ReportVariable): boolean {
  const { min_length = 0, max_length = Infinity, minimum = -Infinity, maximum = Infinity } = validation;
  let isSound = true;
  const refuse = (code: DiagnosticCode, place: string, message: string, details?: ReportDetails): void => {
    isSound = false;
    report(code, `/validation${place}`, message, details);
  };
  if (min_length > max_length) {
    refuse("INVERTED_LIMITS", "", `min_length ${min_length} is above max_length ${max_length}, so no text is valid`);
  }
  if (minimum > maximum) {
    refuse("INVERTED_LIMITS", "", `minimum ${minimum} is above maximum ${maximum}, so no number is valid`);
  }
  if (validation.enum?.length === 0)
    refuse("EMPTY_ENUM", "/enum", "no value is allowed, so the variable can never be set");
  if (validation.pattern !== undefined) {
    const compiled = compilePattern(validation.pattern);
    if (isPatternFault(compiled)) {
      refuse("INVALID_PATTERN", "/pattern", `the pattern cannot be used: ${compiled.fault}`);
    } else if (hasNestedQuantifier(validation.pattern)) {
      const message = "a repetition inside a repetition takes exponential time in engines that backtrack";
      report("RISKY_PATTERN", "/validation/pattern", message);
    }
  }
  if (TYPES.has(type)) checkFit(type, validation, report);
  return isSound;
}

const TEXT_RULES = ["pattern", "min_length", "max_length"] as const;
const NUMBER_RULES = ["minimum", "maximum"] as const;

function checkFit(type: string, validation: Validation, report: ReportVariable): void {
  const isNumber = type === "number" || type === "integer";
  for (const rule of TEXT_RULES) if (type !== "string" && validation[rule] !== undefined) ignore(rule, "strings");
  for (const rule of NUMBER_RULES) if (!isNumber && validation[rule] !== undefined) ignore(rule, "numbers");
  function ignore(rule: string, fits: string): void {
    report("IGNORED_RULE", `/validation/${rule}`, `${rule} applies to ${fits} and is ignored for the type "${type}"`);
  }
}

function checkBinding(binding: NonNullable<Variable["binding"]>, options: RuleOptions, report: ReportVariable): void {
  const { kind, field, filter, auto_populate } = binding;
  if (kind === undefined || field === undefined || field === "") {
    if (auto_populate === true || (kind === undefined && field === undefined)) {
      report("INCOMPLETE_BINDING", "/binding", "a binding needs a kind and a field to take a value from");
    }
  } else if (kind === "secret" || isSecretName(field)) {
    const message = `${quoteName(field)} of the kind ${quoteName(kind)} looks like a secret, which would become part of a prompt`;
    report("SECRET_BINDING", "/binding/field", message);
  }
  const kinds = [...bindingKinds, ...(options.bindingKinds ?? [])];
  if (kind !== undefined && !kinds.includes(kind))
    report("UNKNOWN_BINDING", "/binding/kind", ...unknownName("binding kind", kind, kinds));
  if (filter !== undefined && !bindingFilters.includes(filter))
    report("UNKNOWN_FILTER", "/binding/filter", ...unknownName("filter", filter, bindingFilters));
}
