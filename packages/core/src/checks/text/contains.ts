import { type CheckType, share, whole } from "../check.ts";
import { foldText, includesFolded } from "../words/fold-text.ts";

const literals = { guards: true, params: { patterns: "words" }, needs: [["patterns"]] } as const;

/** Every literal must occur; compared as words are, without boundaries. */
export const contains: CheckType = {
  ...literals,
  spellings: { values: "patterns" },
  bind(params) {
    const wanted = (params["patterns"] as readonly string[]).map(foldText);
    return whole(({ folded }) => {
      let held = 0;
      for (const literal of wanted) if (includesFolded(folded, literal)) held++;
      return share(held, wanted.length, "it lacks a text that it needs");
    });
  },
};

/** One of the literals must occur. */
export const containsAny: CheckType = {
  ...literals,
  bind(params) {
    const wanted = (params["patterns"] as readonly string[]).map(foldText);
    return whole(({ folded }) =>
      share(
        wanted.some((literal) => includesFolded(folded, literal)) ? 1 : 0,
        1,
        "it has none of the texts that it needs",
      ),
    );
  },
};

/** Every field name must occur in the text. */
export const fieldPresence: CheckType = {
  ...contains,
  params: { fields: "words" },
  spellings: { required_fields: "fields" },
  needs: [["fields"]],
  bind: (params, options) => contains.bind({ patterns: params["fields"] ?? [] }, options),
};
