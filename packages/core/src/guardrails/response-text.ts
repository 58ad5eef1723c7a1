import { isObject } from "../json/json.ts";
import type { ContentPart, ModelResponse } from "../messages/message.ts";

/** One stretch of the checked text: a part's own text, or what joins two parts of different kinds. */
export interface TextStretch {
  readonly text: string;
  /** Index of the content part; undefined between parts. */
  readonly part: number | undefined;
}

const SPOKEN = new Set(["text", "refusal", "reasoning"]);

/** Returns a part's text; undefined for media. @throws {TypeError} for anything else: it would go unchecked */
function spokenText(part: ContentPart): string | undefined {
  if (SPOKEN.has(part?.type) && "text" in part && typeof part.text === "string") return part.text;
  if (isObject(part) && "media" in part) return undefined;
  throw new TypeError("a part of an answer is a text or media");
}

/**
 * Returns all text of a response that reaches the caller, in order (RULINGS 22). Parts of one kind are one text, so that
 * nothing hides in the seam; a line break stands between kinds. An empty text is none.
 */
export function textStretches(content: ModelResponse["content"]): readonly TextStretch[] {
  if (typeof content === "string") return [{ text: content, part: 0 }];
  if (!Array.isArray(content)) throw new TypeError("an answer is a text or has content");
  const stretches: TextStretch[] = [];
  let kind: string | undefined;
  content.forEach((part, index) => {
    const text = spokenText(part);
    if (text === undefined || text === "") return;
    if (kind !== undefined && kind !== part.type) stretches.push({ text: "\n", part: undefined });
    kind = part.type;
    stretches.push({ text, part: index });
  });
  return stretches;
}

/** Returns the text that is the answer itself, without reasoning and refusals; checks of JSON read it. */
export function answerText(content: ModelResponse["content"]): string {
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? (spokenText(part) ?? "") : "")).join("");
}
