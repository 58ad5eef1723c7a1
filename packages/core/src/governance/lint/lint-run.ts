import type { Report } from "../../diagnostics/report.ts";
import type { Governance, Obligation } from "../../schema/sections/governance.ts";

/** What a pack has for controls, reviews and applies_to to name. */
export interface ControlTargets {
  /** Id to "some eval of that id is enabled". */
  readonly evalIds: ReadonlyMap<string, boolean>;
  /** Id to "enabled". */
  readonly validatorIds: ReadonlyMap<string, boolean>;
  /** By the fields of applies_to. */
  readonly declared: Readonly<Record<keyof NonNullable<Obligation["applies_to"]>, ReadonlySet<string>>>;
}

/** One check of one declaration. */
export interface LintRun {
  readonly own: Governance;
  /** The own declaration over the inherited one. */
  readonly effective: Governance;
  /** Where the declaration stands in the pack. */
  readonly root: string;
  readonly targets: ControlTargets;
  readonly report: Report;
}
