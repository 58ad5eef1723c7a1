import type { TextRange } from "../../diagnostics/diagnostic.ts";
import type { PiiDetector } from "../check.ts";
import { ibanLength, isIban, isLuhn } from "./checksums.ts";

// Every pattern here is bounded, so that the time is linear in the text whatever the text is.

/** The kinds that need no region: a host adds its own numbers as further detectors. */
export const piiDetectors: readonly PiiDetector[] = [
  { kind: "email", find: findEmails },
  detector("credit_card", () => /(?<!\d|\d[.-])\d(?:[ -]?\d){12,18}(?!\d)/g, cardEnd),
  detector("iban", () => /(?<![a-z0-9])[a-z]{2}\d{2}(?: ?[a-z0-9]){11,29}/gi, ibanEnd),
  detector("ssn", () => /(?<!\d|\d[ -])(?!000|666|9)\d{3}([ -])(?!00)\d{2}\1(?!0000)\d{4}(?!\d|[ -]\d)/g),
  detector(
    "phone",
    () =>
      /(?<![\d+])\+\d(?:[ .\-/]?\(?\d\)?){7,14}(?!\d)|(?<![\d+.(-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?!\d|[.-]\d)/g,
  ),
  detector(
    "ip_address",
    () => /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\d|\.\d)/g,
  ),
  detector("ip_address", () => /(?<![\w:.])[0-9a-f:]{5,39}(?![\w:])/gi, ip6End),
  detector(
    "api_key",
    () =>
      /(?<![A-Za-z0-9])(?:sk-[\w-]{16,200}|[sr]k_(?:live|test)_\w{16,100}|A(?:KIA|SIA)[0-9A-Z]{16}|gh[pousr]_\w{36,100}|github_pat_\w{22,100}|glpat-[\w-]{20,64}|AIza[\w-]{35}|xox[abeoprs]-[\w-]{10,200}|hf_[A-Za-z0-9]{30,64}|npm_[A-Za-z0-9]{36}|eyJ[\w-]{10,500}\.eyJ[\w-]{10,2000}\.[\w-]{10,1000})|-----BEGIN (?:[A-Z]{2,10} ){0,3}PRIVATE KEY-----/g,
  ),
];

const KIND_NAMES: { readonly [name: string]: string } = {
  email_address: "email",
  emails: "email",
  card: "credit_card",
  credit_cards: "credit_card",
  card_number: "credit_card",
  phone_number: "phone",
  phones: "phone",
  ip: "ip_address",
  ipv4: "ip_address",
  ipv6: "ip_address",
  us_ssn: "ssn",
  social_security_number: "ssn",
  key: "api_key",
  secret: "api_key",
  secrets: "api_key",
  iban_code: "iban",
};

/** Returns a kind in our spelling: `EMAIL_ADDRESS` and `email` are one. */
export function piiKind(name: string): string {
  const plain = name.toLowerCase().replaceAll("-", "_");
  return Object.hasOwn(KIND_NAMES, plain) ? (KIND_NAMES[plain] as string) : plain;
}

/** Makes a detector of a global pattern, which is made when it is first used; `end` shortens a match, or refuses it with 0. */
function detector(
  kind: string,
  pattern: () => RegExp,
  end: (match: string) => number = (match) => match.length,
): PiiDetector {
  return {
    kind,
    find(line) {
      const ranges: TextRange[] = [];
      for (const match of line.matchAll(pattern())) {
        const length = end(match[0]);
        if (length > 0) ranges.push({ start: match.index, end: match.index + length });
      }
      return ranges;
    },
  };
}

function cardEnd(match: string): number {
  for (let end = match.length; end >= 13; end--) {
    // Only whole groups: a number does not end between two digits.
    if (/^\d\d/.test(match.slice(end - 1)) || !/\d/.test(match[end - 1] ?? "")) continue;
    const digits = match.slice(0, end).replaceAll(/[ -]/g, "");
    if (digits.length >= 13 && /^(?:4|5[1-5]|2[2-7]|3[0-9]|6)/.test(digits) && isLuhn(digits)) return end;
  }
  return 0;
}

function ibanEnd(match: string): number {
  const length = ibanLength(match.slice(0, 2).toUpperCase());
  if (length === undefined) return 0;
  let end = 0;
  for (let count = 0; count < length && end < match.length; end++) if (match[end] !== " ") count++;
  const iban = match.slice(0, end).replaceAll(" ", "").toUpperCase();
  return iban.length === length && !/^[a-z0-9]/i.test(match.slice(end)) && isIban(iban) ? end : 0;
}

function ip6End(match: string): number {
  const halves = match.split("::");
  const groups = match.split(":").filter((group) => group !== "");
  if (halves.length > 2 || groups.some((group) => group.length > 4)) return 0;
  if (halves.length === 1) return groups.length === 8 && !/^:|:$/.test(match) ? match.length : 0;
  return groups.length >= 3 && groups.length <= 7 ? match.length : 0;
}

const isLocal = (character: string): boolean => /[\p{L}\p{N}._%+'-]/u.test(character);
const isDomain = (character: string): boolean => /[\p{L}\p{N}.-]/u.test(character);

function findEmails(line: string): readonly TextRange[] {
  const ranges: TextRange[] = [];
  for (let at = line.indexOf("@"); at >= 0; at = line.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && isLocal(line[start - 1] as string)) start--;
    let end = at + 1;
    while (end < line.length && end - at < 255 && isDomain(line[end] as string)) end++;
    const domain = line.slice(at + 1, end).replace(/[.-]{1,255}$/, "");
    if (start < at && /^[\p{L}\p{N}].*\.[\p{L}]{2,63}$/u.test(domain))
      ranges.push({ start, end: at + 1 + domain.length });
  }
  return ranges;
}
