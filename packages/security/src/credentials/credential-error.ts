import { type Diagnostic, maskSecrets, PromptPackError } from "promptpack";

export type CredentialCode =
  | "INLINE_SECRET"
  | "UNKNOWN_SOURCE"
  | "CREDENTIAL_MISSING"
  | "CREDENTIAL_EXPOSED"
  | "CREDENTIAL_UNREADABLE"
  | "CREDENTIAL_OUT_OF_SCOPE"
  | "SIGNING_FAILED";

/** A credential could not be had: fix the reference, or the place that it points to. It never holds the credential. */
export class CredentialError extends PromptPackError<CredentialCode> {
  constructor(code: CredentialCode, message: string) {
    const diagnostic: Diagnostic<CredentialCode> = {
      code,
      severity: "error",
      layer: "reference",
      message: maskSecrets(message),
      pointer: "",
    };
    super([diagnostic]);
    Object.defineProperty(this, MARK, { value: true });
  }

  static override isInstance(value: unknown): value is CredentialError {
    return value instanceof Error && Object.hasOwn(value, MARK);
  }
}

const MARK = Symbol.for("promptpack.CredentialError");
