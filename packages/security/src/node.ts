/** What needs a file system: audit logs, signatures beside packs, and credentials in files. */
export { auditFile } from "./node/audit-file.ts";
export { evidenceBeside, SIGNATURE_SUFFIXES } from "./node/evidence-beside.ts";
export { fileDate, fileSource, type FileSourceOptions } from "./node/file-source.ts";
