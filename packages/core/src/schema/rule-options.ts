/**
 * What the host knows beyond the spec, so that open names (types, triggers, kinds) that it implements
 * are not reported as unknown.
 */
export interface RuleOptions {
  /** Turns a prompt's tool that names nothing, and an undeclared placeholder, into errors. */
  readonly strict?: boolean;
  readonly variableTypes?: readonly string[];
  readonly bindingKinds?: readonly string[];
  readonly guardrailTypes?: readonly string[];
  readonly evalTypes?: readonly string[];
  readonly evalTriggers?: readonly string[];
  /** Vendor kinds of composition steps that have a handler. */
  readonly stepKinds?: readonly string[];
}
