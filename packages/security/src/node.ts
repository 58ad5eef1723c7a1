/** What needs a file system: signatures beside packs, and credentials in files. */
export { evidenceBeside, SIGNATURE_SUFFIXES } from "./node/evidence-beside.ts";
export { fileDate, fileSource, type FileSourceOptions } from "./node/file-source.ts";
