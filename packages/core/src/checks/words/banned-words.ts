import { type BindCheck, type Check, type CheckScan, type Measurement, type Params, PASSED } from "../check.ts";
import { foldText } from "./fold-text.ts";
import { WordScan, type WordHit } from "./scan-words.ts";
import { WordAutomaton, type WordMatch } from "./word-automaton.ts";

// Up to here a native search for each word is faster than the automaton.
const FEW_WORDS = 8;

/** Words that must not occur. Streams: holds back what may become a word. Source: RULINGS 20. */
export function bannedWords(defaultMatch: WordMatch): BindCheck {
  return (params) => bind(params, defaultMatch);
}

function bind(params: Params, defaultMatch: WordMatch): Check {
  const words = params["patterns"] as readonly string[];
  const match = matchOf(params, defaultMatch);
  let automaton: WordAutomaton | undefined;
  const compiled = (): WordAutomaton => (automaton ??= new WordAutomaton(words, match));
  const folded = words.length <= FEW_WORDS ? words.map(foldText).filter((word) => word !== "") : undefined;
  return {
    measure(subject) {
      // A folded ASCII text has no combined characters, so a plain search that finds nothing is the answer.
      if (folded !== undefined && subject.isAscii && !folded.some((word) => subject.folded.includes(word))) {
        return PASSED;
      }
      const scan = new WordScan(compiled());
      scan.push(subject.text);
      return measurementOf(scan.finish());
    },
    open: (all) => new BannedScan(compiled(), all),
  };
}

class BannedScan extends WordScan implements CheckScan {
  readonly ranges: WordHit[];

  constructor(automaton: WordAutomaton, all = false) {
    const ranges: WordHit[] = [];
    super(automaton, all ? (hit) => ranges.push(hit) : undefined);
    this.ranges = ranges;
  }

  get failed(): boolean {
    return this.first !== undefined;
  }

  end(): Measurement {
    return measurementOf(this.finish());
  }
}

function measurementOf(hit: WordHit | undefined): Measurement {
  if (hit === undefined) return PASSED;
  return { score: 0, explanation: "it has a word that is not allowed", details: { word: hit.word } };
}

function matchOf(params: Params, defaultMatch: WordMatch): WordMatch {
  const match = params["match"] ?? params["match_mode"];
  return match === undefined ? defaultMatch : match === "substring" ? "substring" : "word";
}
