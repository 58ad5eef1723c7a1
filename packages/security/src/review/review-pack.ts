import { type Pack, PackError, type PackResult, parseDocument } from "promptpack";
import { demandPack } from "promptpack/adapters";
import { bySeverity, type Finding, SEVERITIES, type Severity, worstOf } from "../ground/finding.ts";
import { clip } from "../ground/clip.ts";
import { sha256 } from "../ground/sha256.ts";
import { collectTexts, type PackText } from "../ground/texts.ts";
import { findIn, type SecretFinding, type SecretMemo } from "../secrets/find-secrets.ts";
import { maskPointer, redactSecrets } from "../secrets/redact-secrets.ts";
import { type Capabilities, describeCapabilities } from "./capabilities.ts";
import type { ReviewRule } from "./rules.ts";
import type { Note } from "./texts/note.ts";
import { checkPatterns } from "./settings/check-patterns.ts";
import { checkAdvice, checkSettings } from "./settings/check-settings.ts";
import { checkTools } from "./settings/check-tools.ts";
import { checkAddresses } from "./texts/check-addresses.ts";
import { checkContents } from "./texts/check-contents.ts";
import { checkInjection } from "./texts/check-injection.ts";
import { checkInvisible } from "./texts/check-invisible.ts";
import { checkScripts } from "./texts/check-scripts.ts";

export type ReviewFinding = Finding<ReviewRule> | SecretFinding;

/** What a reviewer needs to know about a pack: plain JSON. `format` grows when a field changes its meaning. */
export interface ReviewReport {
  readonly format: 1;
  readonly pack: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    /** "sha256:" and the hex digest of the bytes; present when `source` was given. */
    readonly digest?: string;
  };
  readonly capabilities: Capabilities;
  /** The worst first. */
  readonly findings: readonly ReviewFinding[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** Absent when there are no findings. */
  readonly worst?: Severity;
}

export interface ReviewOptions {
  /** The text or bytes that the pack was parsed from: gives findings their lines, and the report its digest. */
  readonly source?: string | Uint8Array;
  /** The document that the pack was parsed from, when `source` is not JSON but YAML. */
  readonly document?: Pick<ReturnType<typeof parseDocument>, "locate">;
}

/**
 * Reviews a pack without running any of it: what it can do, and what in it deserves a look. Texts are judged by
 * heuristics, which help a reviewer and replace none. Source: SECURITY 1a.
 * @throws {PackError} the diagnostics of a result that holds no pack
 * @throws {TypeError} for the data of a pack
 */
export function reviewPack(source: Pack | PackResult, options: ReviewOptions = {}): ReviewReport {
  if ("findPrompt" in source) return reviewWith(source, options, createMemo());
  const { pack, diagnostics } = source;
  if (pack === undefined && Array.isArray(diagnostics)) throw new PackError(diagnostics);
  return reviewWith(demandPack(pack as Pack), options, createMemo());
}

/** What was said about texts before: two versions of a pack share most of theirs. */
export interface ReviewMemo {
  readonly secrets: SecretMemo;
  readonly texts: Map<string, readonly Parameters<Note>[]>;
}

export const createMemo = (): ReviewMemo => ({ secrets: new Map(), texts: new Map() });

/** Does what reviewPack does, and judges each text once for all calls with one memo. */
export function reviewWith(pack: Pack, options: ReviewOptions, memo: ReviewMemo): ReviewReport {
  const texts = collectTexts(pack.data);
  const findings = bySeverity(locate(collectFindings(pack, texts, memo), options).map(maskPointer));
  const worst = worstOf(findings);
  const { id, version } = pack;
  const digest = options.source === undefined ? {} : { digest: sha256(options.source) };
  return {
    format: 1,
    pack: { id, name: redactSecrets(pack.data.name), version, ...digest },
    capabilities: describeCapabilities(pack, texts),
    findings,
    counts: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length]),
    ) as Record<Severity, number>,
    ...(worst === undefined ? {} : { worst }),
  };
}

function collectFindings(pack: Pack, texts: readonly PackText[], memo: ReviewMemo): ReviewFinding[] {
  const findings: ReviewFinding[] = findIn(pack.data, texts, memo.secrets);
  const masked = new Map<PackText, string>();
  // A part of a credential that several texts share looks like nothing in any of them.
  const isSpread = findings.some(
    (finding) =>
      "layers" in finding && finding.layers.some((layer) => layer === "joined texts" || layer === "rendered template"),
  );
  for (const text of texts) {
    for (const [rule, severity, message, range] of judgeText(text, memo)) {
      const { pointer, atKey } = text;
      const place = range === undefined || atKey ? {} : { range };
      const excerpt = range === undefined || isSpread ? {} : excerptOf(text, range, masked);
      findings.push({ rule, severity, message: redactSecrets(message), pointer, ...place, ...excerpt });
    }
  }
  const note = (
    rule: ReviewRule,
    severity: Severity,
    message: string,
    pointer: string,
    range?: Finding["range"],
  ): void => {
    findings.push({
      rule,
      severity,
      message: redactSecrets(message),
      pointer,
      ...(range === undefined ? {} : { range }),
    });
  };
  checkSettings(pack.data, note);
  checkTools(pack.data, texts, note);
  checkPatterns(pack.data, note);
  checkAdvice(pack, note);
  return findings;
}

function judgeText(text: PackText, { texts }: ReviewMemo): readonly Parameters<Note>[] {
  const { place, atKey, label } = text;
  const key = `${text.text}\n${place}${atKey ? "" : ` ${label}`}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const notes: Parameters<Note>[] = [];
  for (const check of [checkInvisible, checkScripts, checkInjection, checkAddresses, checkContents]) {
    check(text, (...note) => void notes.push(note));
  }
  texts.set(key, notes);
  return notes;
}

/** What was found, unless a credential is in the same text: a part of one could escape the mask. */
function excerptOf(
  text: PackText,
  { start, end }: NonNullable<Finding["range"]>,
  masked: Map<PackText, string>,
): { excerpt?: string } {
  if (!masked.has(text)) masked.set(text, redactSecrets(text.text, text.atKey ? "" : text.label));
  const excerpt = text.text.slice(start, end);
  return masked.get(text) === text.text ? { excerpt: clip(excerpt, 120) } : {};
}

function locate(findings: readonly ReviewFinding[], { source, document }: ReviewOptions): readonly ReviewFinding[] {
  if (findings.length === 0) return findings;
  const parsed = document ?? (source === undefined ? undefined : parseDocument(source));
  if (parsed === undefined || ("data" in parsed && parsed.data === undefined)) return findings;
  return findings.map((finding) => {
    const span = parsed.locate(finding.pointer, finding.range === undefined ? {} : { range: finding.range });
    return span === undefined ? finding : { ...finding, span };
  });
}
