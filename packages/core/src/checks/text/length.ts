import type { TextRange } from "../../diagnostics/diagnostic.ts";
import { countCodePoints } from "../../json/code-points.ts";
import { beyond, type BindCheck, type Check, type CheckScan, type Measurement, PASSED, whole } from "../check.ts";

const TOKEN_CHARACTERS = 4;
const estimateTokens = (characters: number): number => Math.ceil(characters / TOKEN_CHARACTERS);

/** At most so many code points or tokens. Streams: lets the first `max` characters pass. Source: RULINGS 21. */
export const maxLength: BindCheck = (params, { countTokens }) => {
  const limit = (params["max"] as number | undefined) ?? Infinity;
  const tokens = params["max_tokens"] as number | undefined;
  const judge: JudgeLength = (characters, count) => {
    if (characters > limit) return beyond(characters, limit, "characters");
    if (tokens === undefined) return PASSED;
    const found = count(characters);
    return found > tokens ? beyond(found, tokens, "tokens") : PASSED;
  };
  const check: Check = {
    measure: ({ text }) =>
      tokens === undefined && text.length <= limit
        ? PASSED
        : judge(countCodePoints(text), (characters) => countTokens?.(text) ?? estimateTokens(characters)),
    open: () => openMost(Math.min(limit, (tokens ?? Infinity) * TOKEN_CHARACTERS), judge),
  };
  // A tokenizer of the host is no function of single characters: the whole text decides.
  return tokens !== undefined && countTokens !== undefined ? whole(check.measure) : check;
};

/** At least so many code points or tokens. Streams: holds everything back until it is long enough. */
export const minLength: BindCheck = (params, { countTokens }) => {
  const limit = (params["min"] as number | undefined) ?? 0;
  const tokens = params["min_tokens"] as number | undefined;
  const check = whole(({ text }) => {
    if (tokens === undefined && text.length >= limit * 2) return PASSED;
    const characters = countCodePoints(text);
    if (characters < limit) return beyond(characters, limit, "characters");
    if (tokens === undefined) return PASSED;
    const found = countTokens?.(text) ?? estimateTokens(characters);
    return found < tokens ? beyond(found, tokens, "tokens") : PASSED;
  });
  return tokens === undefined ? { ...check, open: () => openLeast(limit) } : check;
};

type JudgeLength = (characters: number, count: (characters: number) => number) => Measurement;

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function openMost(most: number, judge: JudgeLength): CheckScan {
  const ranges: TextRange[] = [];
  const points = new PointCount();
  return {
    ranges,
    push(delta) {
      const start = points.add(delta, most);
      if (start >= 0) ranges.push({ start, end: Infinity });
      return ranges[0]?.start ?? points.units;
    },
    end: () => judge(points.count, estimateTokens),
    get failed() {
      return points.count > most;
    },
  };
}

function openLeast(limit: number): CheckScan {
  const points = new PointCount();
  return {
    failed: false,
    push(delta) {
      points.add(delta, Infinity);
      return points.count >= limit ? points.units : 0;
    },
    end: () => (points.count < limit ? beyond(points.count, limit, "characters") : PASSED),
  };
}

/** Counts code points over pieces that may cut a pair in two. */
class PointCount {
  count = 0;
  units = 0;
  #high = false;

  /** Returns the offset of the first code point beyond `most` when it is in this piece, else -1. */
  add(delta: string, most: number): number {
    let over = -1;
    for (let index = 0; index < delta.length; index++) {
      const unit = delta.charCodeAt(index);
      if (!(this.#high && isLow(unit)) && this.count++ === most) over = this.units + index;
      this.#high = isHigh(unit);
    }
    this.units += delta.length;
    return over;
  }
}
