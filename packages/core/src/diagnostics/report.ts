import { type DiagnosticCode, diagnosticCodes, type Layer, type Severity } from "./codes.ts";
import type { Diagnostic, RelatedPlace, TextRange } from "./diagnostic.ts";
import { maskSecrets } from "./mask-secrets.ts";

/** What a rule may add to a finding. */
export interface ReportDetails {
  readonly hint?: string | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
  /** Overrides the code's usual severity. */
  readonly severity?: Severity;
  /** Points into the decoded string at the pointer instead of at the whole value. */
  readonly range?: TextRange;
  /** Points at the member's key instead of its value. */
  readonly atKey?: boolean;
}

/** How every rule speaks: it returns nothing and never throws on data. */
export type Report = (code: DiagnosticCode, pointer: string, message: string, details?: ReportDetails) => void;

/** A finding together with what is needed to find its span in the text. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly range: TextRange | undefined;
  readonly atKey: boolean;
}

/**
 * Returns the diagnostic for a code: layer and usual severity come from the code table. What it says is masked, so that
 * no rule has to think of it; where it points stays exact.
 */
export function createDiagnostic(
  code: DiagnosticCode,
  pointer: string,
  message: string,
  details: ReportDetails = {},
): Diagnostic {
  const [layer, usual] = diagnosticCodes()[code].split(" ") as [Layer, Severity];
  return {
    code,
    severity: details.severity ?? usual,
    layer,
    message: maskSecrets(message),
    pointer,
    ...(details.hint === undefined ? {} : { hint: maskSecrets(details.hint) }),
    ...(details.related === undefined ? {} : { related: details.related.map(maskPlace) }),
  };
}

const maskPlace = (place: RelatedPlace): RelatedPlace => ({ ...place, message: maskSecrets(place.message) });

/** Returns whether one of the diagnostics refuses the pack or the input. */
export function hasError(diagnostics: readonly Pick<Diagnostic, "severity">[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** Returns a report function and the list that it fills, in the order of the calls. */
export function collectFindings(): { readonly findings: Finding[]; readonly report: Report } {
  const findings: Finding[] = [];
  const report: Report = (code, pointer, message, details) => {
    findings.push({
      diagnostic: createDiagnostic(code, pointer, message, details),
      range: details?.range,
      atKey: details?.atKey ?? false,
    });
  };
  return { findings, report };
}
