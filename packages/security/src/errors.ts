import { type Diagnostic, maskSecrets, PromptPackError } from "promptpack";
import type { TrustCode } from "./verify/trust-code.ts";

/** Why a pack is not trusted; the codes of this package, beside those of `promptpack`. */
export type SecurityCode =
  | "APPROVAL_MISSING"
  | "APPROVAL_EXPIRED"
  | "APPROVAL_INVALID"
  | "AUDIT_LOG_CHANGED"
  | TrustCode;

/** A finding of this package, in the shape of a `Diagnostic` of `promptpack`. */
export interface SecurityDiagnostic extends Omit<Diagnostic, "code"> {
  readonly code: SecurityCode;
}

/** The pack is not what was signed or locked: distrust it. */
export class VerificationError extends PromptPackError {
  /** The same text as `code`, with this package's type. */
  readonly reason: SecurityCode;

  constructor(diagnostics: readonly SecurityDiagnostic[], options?: ErrorOptions) {
    super(diagnostics as readonly unknown[] as readonly Diagnostic[], options);
    this.reason = (diagnostics[0] as SecurityDiagnostic).code;
    mark(this, "VerificationError");
  }

  static override isInstance(value: unknown): value is VerificationError {
    return isMarked(value, "VerificationError");
  }
}

/** The pack is intact, but the host's policy does not let it in: ask somebody. */
export class PolicyError extends PromptPackError {
  /** The same text as `code`, with this package's type. */
  readonly reason: SecurityCode;

  constructor(diagnostics: readonly SecurityDiagnostic[], options?: ErrorOptions) {
    super(diagnostics as readonly unknown[] as readonly Diagnostic[], options);
    this.reason = (diagnostics[0] as SecurityDiagnostic).code;
    mark(this, "PolicyError");
  }

  static override isInstance(value: unknown): value is PolicyError {
    return isMarked(value, "PolicyError");
  }
}

/** Returns an error-level diagnostic about a whole file. */
export function refusal(code: SecurityCode, path: string, message: string): SecurityDiagnostic {
  const start = { offset: 0, line: 1, column: 1 };
  return {
    code,
    severity: "error",
    layer: "reference",
    message: maskSecrets(message),
    pointer: "",
    span: { file: path, start, end: start },
  };
}

const symbolOf = (className: string): symbol => Symbol.for(`promptpack.${className}`);

function mark(error: PromptPackError, className: string): void {
  Object.defineProperty(error, symbolOf(className), { value: true });
}

function isMarked(value: unknown, className: string): boolean {
  return value instanceof Error && Object.hasOwn(value, symbolOf(className));
}
