import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { parsePointer } from "../json/pointer.ts";

/**
 * The Standard Schema interface, version 1, as far as this library needs it (https://standardschema.dev).
 * Validators of zod, valibot, arktype and others have this shape.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Returns a check of ours as a Standard Schema. */
export function standardSchema<Input, Output>(
  validate: (value: unknown) => StandardResult<Output>,
): StandardSchema<Input, Output> {
  return { "~standard": { version: 1, vendor: "promptpack", validate } };
}

/** Returns what a check found as issues. */
export function issuesOf(diagnostics: readonly Diagnostic[]): { readonly issues: readonly StandardIssue[] } {
  return { issues: diagnostics.map(({ message, pointer }) => ({ message, path: parsePointer(pointer) })) };
}
