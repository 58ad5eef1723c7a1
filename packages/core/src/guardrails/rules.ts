import { canGuard, checkTypeNames, hostTypes } from "../checks/check-params.ts";
import { areCertainlyParams, reportParamFaults } from "../checks/param-faults.ts";
import type { Report } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { formatPointer } from "../json/pointer.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { Validator } from "../schema/sections/guardrails.ts";
import type { PackData } from "../schema/sections/pack.ts";

const REMOVAL = "deprecated in 1.7.0, removed in 2.0.0, not before 2027-08-31 (RFC 0015)";

/**
 * Checks the guardrails of every prompt: types, params and deprecated fields. Source: R084-R096, RULINGS 3-4.
 * That ids are unique is a rule of governance, which refers to them.
 */
export function checkGuardrailRules(pack: Pick<PackData, "prompts">, report: Report, options: RuleOptions = {}): void {
  for (const promptId in pack.prompts) {
    const validators = pack.prompts[promptId]?.validators ?? [];
    for (let index = 0; index < validators.length; index++) {
      const validator = validators[index] as Validator;
      const { type, params, fail_on_violation } = validator;
      if (fail_on_violation === undefined && canGuard(type) && areCertainlyParams(type, params)) continue;
      checkOne(validator, () => formatPointer("prompts", promptId, "validators", index), report, options);
    }
  }
}

function checkOne(validator: Validator, at: () => string, report: Report, options: RuleOptions): void {
  const { type, params, fail_on_violation: declared } = validator;
  const byHost = options.guardrailTypes?.includes(type) === true;
  if (!byHost && !canGuard(type)) {
    const message = hostTypes.has(type)
      ? `the guardrail type "${type}" needs an implementation of the host`
      : `the guardrail type "${type}" is not known`;
    report("UNKNOWN_GUARDRAIL", `${at()}/type`, message, didYouMean(type, checkTypeNames().filter(canGuard)));
  }
  if (!byHost && canGuard(type)) {
    reportParamFaults(type, params, (code, place, message, details) => report(code, at() + place, message, details));
  }
  if (declared === undefined) return;
  if (declared) {
    report(
      "DEPRECATED_FAIL_ON_VIOLATION",
      `${at()}/fail_on_violation`,
      `fail_on_violation is ${REMOVAL}; an enabled guardrail always enforces`,
      { hint: "delete it" },
    );
  } else {
    report(
      "IGNORED_FAIL_ON_VIOLATION",
      `${at()}/fail_on_violation`,
      `fail_on_violation: false no longer makes a guardrail observe only; it is ${REMOVAL}`,
      {
        hint: "to measure without blocking, declare an eval of this type with trigger every_turn; else delete it",
      },
    );
  }
}
