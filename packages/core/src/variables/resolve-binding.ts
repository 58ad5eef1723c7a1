import { isObject } from "../json/json.ts";
import type { VariableBinding } from "../schema/sections/prompt.ts";
import { quoteName } from "../diagnostics/quote-name.ts";

/** What a host lets variables be bound to. Nothing is read from anywhere else. */
export interface Bindings {
  /** By kind (context, session, env, header or one of the host's own), then by field. */
  readonly sources: { readonly [kind: string]: { readonly [field: string]: unknown } };
  /** The fields that may be read, by kind and exact name; only context and session need no list. */
  readonly allow?: { readonly [kind: string]: readonly string[] };
  /** A second mark for fields that look like secrets by their name, and for the kind "secret". */
  readonly allowSecrets?: { readonly [kind: string]: readonly string[] };
}

/** A bound value, or why there is none. */
export type BoundValue = { readonly value: unknown } | { readonly refusal: string; readonly isUnknownFilter?: true };

const OPEN_KINDS: ReadonlySet<string> = new Set(["context", "session"]);

/** The kinds that the specification names. Source: R062. */
export const bindingKinds: readonly string[] = ["context", "session", "env", "header"];
export const bindingFilters: readonly string[] = ["trim", "lowercase", "uppercase"];

/** Returns the value of a binding as far as the host allows it. Source: R061-R064, RULINGS 16. */
export function resolveBinding(binding: VariableBinding, bindings: Bindings): BoundValue {
  const { kind = "", field = "", filter } = binding;
  const source = Object.hasOwn(bindings.sources, kind) ? bindings.sources[kind] : undefined;
  if (source === undefined) return { refusal: `the host binds no ${quoteName(kind)}` };
  // hostile: the pack chooses the name, so the host must have named it too
  if (!OPEN_KINDS.has(kind) && !isListed(bindings.allow, kind, field)) {
    return { refusal: `the host does not allow ${quoteName(field)} of the kind ${quoteName(kind)}` };
  }
  if ((kind === "secret" || isSecretName(field)) && !isListed(bindings.allowSecrets, kind, field)) {
    return { refusal: `${quoteName(field)} looks like a secret, which the host does not allow` };
  }
  if (filter !== undefined && !bindingFilters.includes(filter)) {
    return { refusal: `there is no filter ${quoteName(filter)}`, isUnknownFilter: true };
  }
  const value = readField(source, kind, field);
  if (value === undefined || value === null) return { refusal: `the host has no ${quoteName(field)} of that kind` };
  return { value: typeof value === "string" ? applyFilter(value, filter) : value };
}

/** Returns whether a name is usually that of a credential: API_KEY, accessToken, Cookie. */
export function isSecretName(name: string): boolean {
  // hostile: "CoOkIe" is no camel case
  return name.length > 200 || SECRET_WORD.test(name) || SECRET_WORD.test(name.replace(CAMEL_HUMP, "$1_$2"));
}

const CAMEL_HUMP = /([a-z0-9])([A-Z])/g;
const SECRET_WORD =
  /(?:^|[^a-z0-9])(?:(?:api|access|private|secret|signing|encryption|auth)?keys?|tokens?|secrets?|passwords?|passwd|passphrases?|pwd|pass|credentials?|cookies?|auth|authorization|authentication|jwt|bearer|dsn|sessid|connection[_-]?string)(?:$|[^a-z])/i;

function isListed(lists: Bindings["allow"], kind: string, field: string): boolean {
  if (lists === undefined || !Object.hasOwn(lists, kind)) return false;
  return lists[kind]?.some((name) => namesField(kind, name, field)) ?? false;
}

/** Header names have no case. */
const namesField = (kind: string, name: string, field: string): boolean =>
  name === field || (kind === "header" && name.toLowerCase() === field.toLowerCase());

function readField(source: unknown, kind: string, field: string): unknown {
  if (!isObject(source)) return undefined;
  if (Object.hasOwn(source, field)) return source[field];
  const key = kind === "header" ? Object.keys(source).find((name) => namesField(kind, name, field)) : undefined;
  return key === undefined ? undefined : source[key];
}

function applyFilter(value: string, filter: string | undefined): string {
  if (filter === "trim") return value.trim();
  if (filter === "lowercase") return value.toLowerCase();
  return filter === "uppercase" ? value.toUpperCase() : value;
}
