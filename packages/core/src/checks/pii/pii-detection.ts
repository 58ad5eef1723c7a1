import type { TextRange } from "../../diagnostics/diagnostic.ts";
import { quoteName } from "../../diagnostics/quote-name.ts";
import { type BindCheck, type CheckScan, type Measurement, PASSED, type PiiDetector } from "../check.ts";
import { isAscii } from "../words/fold-text.ts";
import { piiDetectors, piiKind } from "./detectors.ts";

interface Found extends TextRange {
  readonly kind: string;
}

/** Personal data must not occur. Streams: holds the current line back. Source: RULINGS 21. */
export const piiDetection: BindCheck = (params, options) => {
  const detectors = chosen(params["types"] as readonly string[] | undefined, [
    ...piiDetectors,
    ...(options.piiDetectors ?? []),
  ]);
  return {
    measure({ text }) {
      const kinds = new Set<string>();
      eachLine(text, (line) => findIn(line, detectors).forEach(({ kind }) => kinds.add(kind)));
      return measurementOf(kinds);
    },
    open: () => openScan(detectors),
  };
};

function chosen(names: readonly string[] | undefined, detectors: readonly PiiDetector[]): readonly PiiDetector[] {
  if (names === undefined) return detectors;
  const kinds = new Set(names.map(piiKind));
  for (const kind of kinds) {
    if (!detectors.some((detector) => detector.kind === kind))
      throw new TypeError(`no detector for this kind: ${quoteName(kind)}`);
  }
  return detectors.filter((detector) => kinds.has(detector.kind));
}

/** Finds in the line as it is; a line that hides data behind look-alike or invisible characters is found whole. */
function findIn(line: string, detectors: readonly PiiDetector[]): readonly Found[] {
  const find = (text: string): Found[] => detectors.flatMap((detector) => findKind(detector, text));
  const found = find(line);
  if (isAscii(line)) return found;
  const plain = line.replaceAll(/\p{Default_Ignorable_Code_Point}+/gu, "").normalize("NFKC");
  if (plain === line) return found;
  const hidden = find(plain);
  return hidden.length > found.length ? hidden.map(({ kind }) => ({ kind, start: 0, end: line.length })) : found;
}

/** A host's detector that throws has found something: a check that fails to run is never a pass. */
function findKind({ kind, find }: PiiDetector, line: string): readonly Found[] {
  try {
    return find(line).map((range) => ({ ...range, kind }));
  } catch {
    return [{ kind, start: 0, end: line.length }];
  }
}

function eachLine(text: string, look: (line: string, at: number) => void): void {
  for (let at = 0; at <= text.length;) {
    const end = text.indexOf("\n", at);
    look(end < 0 ? text.slice(at) : text.slice(at, end), at);
    if (end < 0) return;
    at = end + 1;
  }
}

function openScan(detectors: readonly PiiDetector[]): CheckScan {
  const kinds = new Set<string>();
  const ranges: TextRange[] = [];
  const pending: string[] = [];
  let settled = 0;
  const look = (text: string): void => {
    eachLine(text, (line, at) => {
      for (const { kind, start, end } of findIn(line, detectors)) {
        kinds.add(kind);
        ranges.push({ start: settled + at + start, end: settled + at + end });
      }
    });
    settled += text.length;
    pending.length = 0;
  };
  return {
    ranges,
    push(delta) {
      const end = delta.lastIndexOf("\n") + 1;
      if (end > 0) look(pending.join("") + delta.slice(0, end));
      pending.push(delta.slice(end));
      return settled;
    },
    end() {
      look(pending.join(""));
      return measurementOf(kinds);
    },
    get failed() {
      return kinds.size > 0;
    },
  };
}

function measurementOf(kinds: ReadonlySet<string>): Measurement {
  if (kinds.size === 0) return PASSED;
  const names = [...kinds].sort();
  return { score: 0, explanation: `it has personal data: ${names.join(", ")}`, details: { kinds: names } };
}
