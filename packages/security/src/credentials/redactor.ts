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

  const text = (given: string): string =>
    redactSecrets(forms.reduce((shown, form) => shown.replaceAll(form, SHOWN), given));
  const copy = (value: unknown, depth: number, seen: Map<object, unknown>): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return typeof value === "function" ? SHOWN : value;
    if (value instanceof SecretString) return SHOWN;
    if (depth > DEEPEST) return "[too deep]";
    if (seen.has(value)) return seen.get(value);
    seen.set(value, "[circular]"); // hostile: what stands in many places is copied once, what is inside itself not at all
    const done = copyObject(value, (member) => copy(member, depth + 1, seen));
    seen.set(value, done);
    return done;
  };
  const copyObject = (value: object, inside: (member: unknown) => unknown): unknown => {
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return value.map(inside);
    if (value instanceof Map || value instanceof Set) return [...value].map(inside);
    const { name, message, stack, cause } = value instanceof Error ? value : ({} as Partial<Error>);
    const hidden = Object.entries({ name, message, stack, cause }).filter(([, member]) => member !== undefined);
    const members = value instanceof Error ? [...Object.entries(value), ...hidden] : Object.entries(value);
    return Object.fromEntries(members.map(([key, member]) => [text(key), redactMember(key, inside(member))]));
  };
  return { text, value: (value) => copy(value, 0, new Map()), add };
}

/** A bare key in hex is known only by the name beside it. */
function redactMember(key: string, value: unknown): unknown {
  return typeof value === "string" ? redactSecrets(value, key) : value;
}

/** Returns the value as logs meet it: as it is, as JSON and JSON pointers write it, encoded for URLs, and in base64 at each of the three offsets. */
function formsOf(value: string): string[] {
  if (value.length < SHORTEST) return [];
  const bytes = new TextEncoder().encode(value);
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 24 && !line.startsWith("-----"));
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    value.replaceAll("~", "~0").replaceAll("/", "~1"), // in a JSON pointer
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
  return [encodeBase64(shifted), encodeBase64Url(shifted)]
    .map((text) => text.slice(first, last))
    .filter((text) => text.length >= 8);
}
