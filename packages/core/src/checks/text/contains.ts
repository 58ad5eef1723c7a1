import { type BindCheck, type Check, share, whole } from "../check.ts";
import { foldText, includesFolded } from "../words/fold-text.ts";

/** Every literal must occur; compared as words are, without boundaries. */
export const contains: BindCheck = (params) => containsAll(params["patterns"] as readonly string[]);

/** Every field name must occur in the text. */
export const fieldPresence: BindCheck = (params) => containsAll(params["fields"] as readonly string[]);

/** One of the literals must occur. */
export const containsAny: BindCheck = (params) => {
  const wanted = (params["patterns"] as readonly string[]).map(foldText);
  return whole(({ folded }) => {
    const held = wanted.some((literal) => includesFolded(folded, literal)) ? 1 : 0;
    return share(held, 1, "it has none of the texts that it needs");
  });
};

function containsAll(literals: readonly string[]): Check {
  const wanted = literals.map(foldText);
  return whole(({ folded }) => {
    const held = wanted.filter((literal) => includesFolded(folded, literal)).length;
    return share(held, wanted.length, "it lacks a text that it needs");
  });
}
