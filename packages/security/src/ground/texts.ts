import { pointTo } from "./pointer.ts";

/** Who reads a text: the model as its instructions, the model as the description of something to call, or nobody for sure. */
export type Place = "template" | "tool" | "data";

/** A string of a pack, or the name of a member. */
export interface PackText {
  readonly text: string;
  readonly pointer: string;
  /** The text is the member's name, not its value. */
  readonly atKey: boolean;
  /** What the text is called: its member, or the `name` beside it. */
  readonly label: string;
  readonly place: Place;
}

/** Returns every string and every member name of a JSON value, in order. */
export function collectTexts(value: unknown): PackText[] {
  const texts: PackText[] = [];
  visit(value, "", [], "", texts);
  return texts;
}

function visit(value: unknown, pointer: string, path: readonly string[], label: string, texts: PackText[]): void {
  // hostile: JSON.parse reads any depth, and the stack ends
  if (path.length > 1000) throw new TypeError("the value is nested more than 1000 levels deep");
  if (typeof value === "string") {
    if (value !== "") texts.push({ text: value, pointer, atKey: false, label, place: placeOf(path) });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => visit(item, pointTo(pointer, index), [...path, String(index)], label, texts));
  } else if (typeof value === "object" && value !== null) {
    const name = (value as { readonly name?: unknown }).name;
    for (const [key, member] of Object.entries(value)) {
      const at = pointTo(pointer, key);
      const inside = [...path, key];
      texts.push({ text: key, pointer: at, atKey: true, label: key, place: placeOf(inside) });
      const isNamed = typeof name === "string" && (key === "default" || key === "example" || key === "value");
      visit(member, at, inside, isNamed ? name : key, texts);
    }
  }
}

function placeOf([section, , field]: readonly string[]): Place {
  if (section === "tools" || section === "agents" || section === "workflow") return "tool";
  if (section === "fragments" || section === "skills") return "template";
  const isTemplate = field === "system_template" || field === "model_overrides";
  return section === "prompts" && isTemplate ? "template" : "data";
}
