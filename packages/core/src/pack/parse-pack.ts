import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { PackError } from "../diagnostics/errors.ts";
import { collectFindings, hasError, type Finding } from "../diagnostics/report.ts";
import type { Document } from "../document/document.ts";
import { documentOfValue } from "../document/document-of-value.ts";
import type { DocumentLimits } from "../document/limits.ts";
import { parseShapedDocument } from "../document/parse-document.ts";
import type { JsonValue } from "../json/json.ts";
import { reportSchemaFaults } from "../schema/check-json-schema.ts";
import { packSchema } from "../schema/versions/pack-schema.ts";
import type { RuleOptions } from "../schema/rule-options.ts";
import type { PackData } from "../schema/sections/pack.ts";
import { shapeOfSchema } from "../schema/shape-of-schema.ts";
import { specVersion, type SpecVersion } from "../schema/versions/spec-versions.ts";
import { checkReferences } from "./check-references.ts";
import { checkTexts } from "./check-texts.ts";
import { versionOfField } from "./infer-spec-version.ts";
import { Pack } from "./pack.ts";

/** How a pack is read. No option turns the checks off. */
export interface PackOptions extends RuleOptions {
  /** Name of the file, for spans; data that is parsed already has none. */
  readonly file?: string;
  readonly limits?: DocumentLimits;
  /** The spec version to check against, such as "1.4"; the newest when absent. */
  readonly spec?: string;
  /** "warn" makes warnings of fields that the spec does not name; "error" when absent. */
  readonly unknownFields?: "error" | "warn";
}

/** A pack, unless a diagnostic is an error; and every diagnostic, in the order of the text. */
export interface PackResult {
  readonly pack?: Pack;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses and checks a pack and returns it deeply frozen. Source: RULINGS 1 to 5.
 *
 * @throws {PackError} any code; carries every diagnostic
 * @throws {TypeError} for a source that is no text, bytes or Document, for options that make no sense, and for `file`
 *   or `limits` beside a Document, which has them from where it was made
 */
export function parsePack(source: string | Uint8Array | Document, options: PackOptions = {}): Pack {
  // the diagnostics of a good pack are worked out when they are asked for, and not here
  const result = safeParsePack(source, options);
  if (result.pack === undefined) throw new PackError(result.diagnostics);
  return result.pack;
}

/**
 * Does what parsePack does and returns the diagnostics instead of throwing them.
 * @throws {TypeError} as parsePack
 */
export function safeParsePack(source: string | Uint8Array | Document, options: PackOptions = {}): PackResult {
  const version = specVersion(options.spec ?? NEWEST);
  if (isDocument(source)) {
    if (options.file !== undefined || options.limits !== undefined)
      throw new TypeError("a Document has its file and limits");
    return checkDocument(source, source.data, version, options);
  }
  const document = parseShapedDocument(source, shapeOfSchema(packSchema(version)), options);
  return checkDocument(document, document.value, version, options, document.fits);
}

const NEWEST = "1.9.0";

const isDocument = (source: string | Uint8Array | Document): source is Document =>
  typeof source === "object" && source !== null && "locate" in source;

/**
 * Checks a pack that is already parsed JSON, such as an imported module, and returns a frozen copy of it.
 * Diagnostics have pointers but no spans, for there is no text.
 * @throws {TypeError} for options that make no sense
 */
export function validatePack(data: unknown, options: PackOptions = {}): PackResult {
  const document = documentOfValue(data, options);
  return checkDocument(document, document.data, specVersion(options.spec ?? NEWEST), options);
}

function checkDocument(
  document: Document,
  value: JsonValue | undefined,
  version: SpecVersion,
  options: PackOptions,
  fits = false,
): PackResult {
  if (value === undefined) return { diagnostics: document.diagnostics };
  const { findings, report } = collectFindings();
  const faults = fits ? [] : findFaults(version, value);
  // The rules look into every section of the newest version, also into one that an older version only does not name.
  const isSound = faults.every(isHarmless) && (faults.length === 0 || findFaults(NEWEST, value).every(isHarmless));
  // a field that would be taken for what it is not is no vendor's field
  const softens = options.unknownFields === "warn" && (isSound || !faults.every(isHarmless));
  for (const finding of faults) {
    const { diagnostic } = finding;
    const isUnknown = diagnostic.code === "UNKNOWN_FIELD";
    const since = isUnknown ? versionOfField(diagnostic.pointer) : undefined;
    const severity = softens && isUnknown ? "warning" : diagnostic.severity;
    const hint = since === undefined ? {} : { hint: `spec ${since} has it` };
    findings.push({ ...finding, diagnostic: { ...diagnostic, severity, ...hint } });
  }
  if (document.data === undefined || !isSound) return { diagnostics: locate(findings, document) };
  const packData = document.data as unknown as PackData;
  checkReferences(packData, report, options);
  if (hasError(findings.map(({ diagnostic }) => diagnostic))) {
    checkTexts(packData, report);
    return { diagnostics: locate(findings, document) };
  }
  const pack = new Pack(packData, () => {
    checkTexts(packData, report);
    return locate(findings, document);
  });
  return new Accepted(pack);
}

function findFaults(version: SpecVersion, value: JsonValue): readonly Finding[] {
  const schema = packSchema(version);
  const { findings, report } = collectFindings();
  // our own schema needs no budget: every step is bounded by the size of the pack
  reportSchemaFaults(schema, value, report, { maxSteps: Infinity, assertFormats: true });
  // a field that a choice of shapes and an object itself both miss is told once, by the choice, which says more
  const missing = new Set<string>();
  return findings.filter(
    ({ diagnostic: { code, pointer } }) => code !== "MISSING_FIELD" || missing.size < missing.add(pointer).size,
  );
}

/** Faults that leave every value what it must be, so that the rules can look into it and say what else is wrong. */
const HARMLESS: ReadonlySet<DiagnosticCode> = new Set([
  "UNKNOWN_FIELD",
  "WRONG_FORMAT",
  "WRONG_LENGTH",
  "OUT_OF_RANGE",
  "NOT_UNIQUE",
]);

const isHarmless = ({ diagnostic }: Finding): boolean => HARMLESS.has(diagnostic.code);

// A class, because a getter in an object literal makes a hidden class of its own for every object, which then keeps
// the object alive until a full collection.
class Accepted implements PackResult {
  readonly pack: Pack;

  constructor(pack: Pack) {
    this.pack = pack;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.pack.diagnostics;
  }
}

function locate(findings: readonly Finding[], document: Document): readonly Diagnostic[] {
  const located = findings.map(({ diagnostic, range, atKey }): Diagnostic => {
    const span = document.locate(diagnostic.pointer, { atKey, range });
    if (span === undefined) return diagnostic;
    const related = diagnostic.related?.map((place) => ({ ...place, span: document.locate(place.pointer) ?? span }));
    return { ...diagnostic, span, ...(related === undefined ? {} : { related }) };
  });
  // a stable sort: findings about one place stay in the order of the checks
  return [...document.diagnostics, ...located].sort(
    (left, right) => (left.span?.start.offset ?? 0) - (right.span?.start.offset ?? 0),
  );
}
