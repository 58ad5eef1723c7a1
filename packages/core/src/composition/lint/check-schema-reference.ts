import type { Report } from "../../diagnostics/report.ts";

/** Reports a schema reference that could leave the pack's folder (R275). */
export function checkSchemaReference(reference: string | undefined, pointer: string, report: Report): void {
  if (reference === undefined || reference.startsWith("#")) return;
  // hostile: a schema file's content goes to a model, so it must not come from anywhere else
  if (!/^[\\/]|^[A-Za-z][A-Za-z0-9+.-]*:|\\|%2e|(?:^|\/)\.\.(?:\/|$)/i.test(reference)) return;
  report(
    "UNSAFE_SCHEMA_REFERENCE",
    pointer,
    `"${reference}" may leave the pack's folder; expected a fragment or a relative path without ".."`,
  );
}
