import type { TextRange } from "../../diagnostics/diagnostic.ts";
import {
  type Check,
  type CheckOptions,
  type CheckScan,
  type CheckType,
  type Measurement,
  PASSED,
  whole,
} from "../check.ts";

const TOKEN_CHARACTERS = 4;

/** At most so many code points or tokens. Streams: lets the first `max` characters pass. Source: RULINGS 21. */
export const maxLength: CheckType = {
  guards: true,
  params: { max: "count", max_tokens: "count" },
  spellings: { max_characters: "max", max_chars: "max" },
  needs: [["max", "max_tokens"]],
  bind(params, options) {
    const limit = params["max"] as number | undefined;
    const tokens = params["max_tokens"] as number | undefined;
    const check: Check = {
      measure: ({ text }) => atMost(text, limit, tokens, options),
      open: () => openMost(limit, tokens),
    };
    // A tokenizer of the host is no function of single characters: the whole text decides.
    return tokens !== undefined && options.countTokens !== undefined ? whole(check.measure) : check;
  },
};

/** At least so many code points or tokens. Streams: holds everything back until it is long enough. */
export const minLength: CheckType = {
  guards: true,
  params: { min: "count", min_tokens: "count" },
  spellings: { min_characters: "min", min_chars: "min" },
  needs: [["min", "min_tokens"]],
  bind(params, options) {
    const limit = (params["min"] as number | undefined) ?? 0;
    const tokens = params["min_tokens"] as number | undefined;
    const check = whole(({ text }) => {
      if (tokens === undefined && text.length >= limit * 2) return PASSED;
      const characters = countPoints(text);
      if (characters < limit) return tooShort(characters, limit, "characters");
      const found = tokens === undefined ? 0 : tokensOf(text, characters, options);
      return tokens !== undefined && found < tokens ? tooShort(found, tokens, "tokens") : PASSED;
    });
    return tokens === undefined ? { ...check, open: () => openLeast(limit) } : check;
  },
};

/** Returns the number of code points; a lone surrogate counts as one. */
export function countPoints(text: string): number {
  const points = new PointCount();
  points.add(text, Infinity);
  return points.count;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

function tokensOf(text: string, characters: number, options: CheckOptions): number {
  return options.countTokens?.(text) ?? Math.ceil(characters / TOKEN_CHARACTERS);
}

function atMost(
  text: string,
  limit: number | undefined,
  tokens: number | undefined,
  options: CheckOptions,
): Measurement {
  if (tokens === undefined && text.length <= (limit ?? Infinity)) return PASSED;
  return measured(countPoints(text), limit, tokens, (characters) => tokensOf(text, characters, options));
}

function measured(
  characters: number,
  limit: number | undefined,
  tokens: number | undefined,
  count: (characters: number) => number,
): Measurement {
  if (limit !== undefined && characters > limit) return tooLong(characters, limit, "characters");
  const found = tokens === undefined ? 0 : count(characters);
  return tokens !== undefined && found > tokens ? tooLong(found, tokens, "tokens") : PASSED;
}

const tooLong = (found: number, limit: number, unit: string): Measurement => ({
  score: limit / found,
  explanation: `it has ${found} ${unit}; at most ${limit} are allowed`,
  details: { [unit]: found, limit },
});
const tooShort = (found: number, limit: number, unit: string): Measurement => ({
  score: found / limit,
  explanation: `it has ${found} ${unit}; at least ${limit} are needed`,
  details: { [unit]: found, limit },
});

function openMost(limit: number | undefined, tokens: number | undefined): CheckScan {
  const most = Math.min(limit ?? Infinity, (tokens ?? Infinity) * TOKEN_CHARACTERS);
  const ranges: TextRange[] = [];
  const points = new PointCount();
  return {
    ranges,
    push(delta) {
      const start = points.add(delta, most);
      if (start >= 0) ranges.push({ start, end: Infinity });
      return ranges[0]?.start ?? points.units;
    },
    end: () => measured(points.count, limit, tokens, (characters) => Math.ceil(characters / TOKEN_CHARACTERS)),
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
    end: () => (points.count < limit ? tooShort(points.count, limit, "characters") : PASSED),
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
