import { encodeBase64, encodeBase64Url } from "../sign/base64.ts";
import { redactSecrets } from "../secrets/redact-secrets.ts";
import { SecretString } from "./secret-string.ts";

/** Removes credentials from what leaves the program: errors, logs, spans and audit records. */
export interface Redactor {
  /** Returns the text with "[secret]" for known credentials, their usual encodings, and what looks like a credential. */
  readonly text: (text: string) => string;
  /** Returns a copy of a JSON-like value, or of an error with its causes, whose strings and names of members are redacted. */
  readonly value: (value: unknown) => unknown;
  /** Makes another credential known, such as one that was rotated in. */
  readonly add: (secret: SecretString | string) => void;
}

/** hostile: what is shorter would hide half of every text. */
const SHORTEST = 6;
const SHOWN = "[secret]";
const DEEPEST = 64;

/** Returns a redactor for known credentials and for every well-known form of key. */
export function createRedactor(secrets: Iterable<SecretString | string> = []): Redactor {
  let forms: readonly string[] = [];
  const add = (secret: SecretString | string): void => {
    const value = secret instanceof SecretString ? secret.reveal() : secret;
    // The longest first: a value may be a part of its own encoding.
    forms = [...new Set([...forms, ...formsOf(value)])].sort((left, right) => right.length - left.length);
  };
  for (const secret of secrets) add(secret);

  const text = (given: string): string => redactSecrets(forms.reduce((shown, form) => shown.replaceAll(form, SHOWN), given));
  const copy = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return typeof value === "function" ? SHOWN : value;
    if (value instanceof SecretString) return SHOWN;
    if (depth > DEEPEST) return "[too deep]";
    if (value instanceof Error) {
      const { name, message, stack, cause } = value;
      const members = Object.fromEntries(Object.entries(value));
      return copy({ ...members, name, message, stack, ...(cause === undefined ? {} : { cause }) }, depth + 1);
    }
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (value instanceof Map || value instanceof Set) return copy([...value], depth + 1);
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [text(key), redactMember(key, copy(member, depth + 1))]));
  };
  return { text, value: (value) => copy(value, 0), add };
}

/** A bare key in hex is known only by the name beside it. */
function redactMember(key: string, value: unknown): unknown {
  return typeof value === "string" ? redactSecrets(value, key) : value;
}

/** Returns the value as logs meet it: as it is, as JSON writes it, encoded for URLs, and in base64 at each of the three offsets. */
function formsOf(value: string): string[] {
  if (value.length < SHORTEST) return [];
  const bytes = new TextEncoder().encode(value);
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 24 && !line.startsWith("-----"));
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    encodeURIComponent(value.toWellFormed()).replaceAll("%20", "+"),
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    ...[0, 1, 2].flatMap((offset) => base64Inside(bytes, offset)),
    ...lines,
  ].filter((form) => form.length >= SHORTEST);
}

/** Returns the characters that the bytes give in base64 wherever they start, without those that their neighbours decide. */
function base64Inside(bytes: Uint8Array, offset: number): string[] {
  const shifted = new Uint8Array(offset + bytes.length);
  shifted.set(bytes, offset);
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor((shifted.length * 8) / 6);
  return [encodeBase64(shifted), encodeBase64Url(shifted)].map((text) => text.slice(first, last)).filter((text) => text.length >= 8);
}
