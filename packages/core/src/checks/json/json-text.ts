import type { JsonValue } from "../../json/json.ts";
import type { Params } from "../check.ts";
import { readJson, type Subject } from "../evidence.ts";

/** Returns the JSON value that an answer holds, with the flags in a code fence or between other text; else undefined. */
export function jsonOf(subject: Subject, params: Params): JsonValue | undefined {
  const plain = subject.json;
  if (plain !== undefined) return plain;
  const text = subject.evidence.answer ?? subject.text;
  const fenced = params["allow_wrapped"] === true ? unwrap(text) : undefined;
  return fenced ?? (params["extract_json"] === true ? extract(text) : undefined);
}

function unwrap(text: string): JsonValue | undefined {
  const open = text.indexOf("```");
  const start = open < 0 ? -1 : text.indexOf("\n", open);
  const end = start < 0 ? -1 : text.indexOf("```", start);
  return end < 0 ? undefined : readJson(text.slice(start + 1, end));
}

/** Returns the first balanced object or array that is JSON; brackets inside strings do not count. */
function extract(text: string): JsonValue | undefined {
  const open = text.search(/[{[]/);
  let depth = 0;
  let quoted = false;
  for (let index = open; index >= 0 && index < text.length; index++) {
    const character = text[index] as string;
    if (quoted) {
      if (character === "\\") index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return readJson(text.slice(open, index + 1));
  }
  return undefined;
}
