import { maskSecrets } from "promptpack";
import type { SecurityCode, SecurityDiagnostic } from "../errors.ts";

/** Returns an error-level diagnostic about evidence, a policy or a lock. */
export function problem(code: SecurityCode, message: string, pointer = ""): SecurityDiagnostic {
  return { code, severity: "error", layer: "reference", message: maskSecrets(message), pointer };
}
