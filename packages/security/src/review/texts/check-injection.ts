import { findAll } from "../../ground/find-all.ts";
import type { Severity, TextRange } from "../../ground/finding.ts";
import type { PackText } from "../../ground/texts.ts";
import { type Note, rangeOf } from "./note.ts";
import { scrambleKey, type Word, wordsOf } from "./words.ts";

/** Groups of words that follow each other with at most `gap` others between them. */
interface Phrase {
  readonly groups: readonly ReadonlySet<string>[];
  readonly gap: number;
  readonly about: string;
  /** Severity in a tool's text, which speaks to a model unasked, and elsewhere; absent is no finding. */
  readonly inTool: Severity;
  readonly elsewhere?: Severity;
  /** The opposite of it is a defence: "never reveal the system prompt". */
  readonly excusedByNot?: boolean;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));
const NOT = set("not never no dont wont cannot cant without refuse refuses avoid");
const RULES =
  "instruction instructions rule rules prompt prompts guideline guidelines guidance directive directives direction directions command commands policy policies restriction restrictions constraint constraints safeguards guardrails programming training";

const PHRASES: readonly Phrase[] = [
  {
    groups: [
      set("ignore ignoring disregard disregarding forget override overriding bypass neglect discard"),
      set(
        "previous prior above earlier preceding former existing original all any every other system safety your those these initial",
      ),
      set(`${RULES} context everything`),
    ],
    gap: 3,
    about: "tells the model to set its instructions aside",
    inTool: "high",
    elsewhere: "medium",
    excusedByNot: true,
  },
  {
    groups: [
      set("not never dont without"),
      set(
        "tell telling inform informing mention mentioning notify notifying alert alerting reveal revealing disclose disclosing",
      ),
      set("user users human humans customer operator anyone anybody person"),
    ],
    gap: 2,
    about: "keeps something from the user",
    inTool: "high",
    elsewhere: "low",
  },
  {
    groups: [
      set("reveal print repeat output show leak expose dump disclose display recite"),
      set("system hidden initial original confidential developer"),
      set("prompt prompts instruction instructions message messages rules"),
    ],
    gap: 3,
    about: "asks for the instructions themselves",
    inTool: "high",
    elsewhere: "medium",
    excusedByNot: true,
  },
  {
    groups: [set("developer dan god jailbreak unrestricted unfiltered"), set("mode")],
    gap: 0,
    about: "speaks of a mode without rules",
    inTool: "high",
    elsewhere: "medium",
    excusedByNot: true,
  },
  {
    groups: [set("do"), set("anything"), set("now")],
    gap: 0,
    about: "is a known jailbreak",
    inTool: "high",
    elsewhere: "medium",
  },
  {
    groups: [
      set("no without"),
      set("restrictions limitations filters guardrails"),
      set("apply exist anymore whatsoever"),
    ],
    gap: 2,
    about: "says that no rules hold",
    inTool: "high",
    elsewhere: "medium",
  },
  {
    groups: [
      set("before"),
      set("using calling invoking use call running this"),
      set("read send pass include open fetch forward append call"),
    ],
    gap: 6,
    about: "makes the model act before the tool is used",
    inTool: "medium",
  },
  {
    groups: [set("always must secretly silently"), set("bcc forward exfiltrate upload")],
    gap: 4,
    about: "makes the model send something along",
    inTool: "high",
    elsewhere: "medium",
  },
  {
    groups: [
      set("send forward upload post exfiltrate transmit append include pass"),
      set("conversation history credentials passwords secrets keys"),
    ],
    gap: 4,
    about: "asks for the conversation or for credentials",
    inTool: "high",
    elsewhere: "low",
    excusedByNot: true,
  },
];

/** Words after an instruction to ignore that make it a defence against the text of others. */
const FOREIGN = set("inside within contained embedded found appearing from in");

const TOKENS =
  /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id)\|>|\[\/?INST\]|<<\/?SYS>>/g;
const TOOL_TAGS = /<\/?(?:important|system|instructions?|admin|secret|hidden|override|critical)>/gi;

const VOCABULARY: ReadonlyMap<string, string> = new Map(
  PHRASES.flatMap(({ groups }) => groups.flatMap((group) => [...group])).map((word) => [scrambleKey(word), word]),
);
const KNOWN: ReadonlySet<string> = new Set(VOCABULARY.values());

/** prompt-injection-text. A heuristic for reviewers, never a control. */
export function checkInjection({ text, place }: PackText, note: Note): void {
  if (text.length < 8) return;
  for (const match of findAll(text, TOKENS)) {
    note(
      "prompt-injection-text",
      "high",
      "a token of a chat format, which may end the instructions and start others",
      rangeOf(match),
    );
  }
  if (place === "tool") {
    const [tag] = findAll(text, TOOL_TAGS);
    if (tag !== undefined)
      note("prompt-injection-text", "high", "a tag that makes a tool's text look like instructions", rangeOf(tag));
  }
  const words = wordsOf(text).map(unscramble);
  for (const phrase of PHRASES) {
    const severity = place === "tool" ? phrase.inTool : phrase.elsewhere;
    if (severity === undefined) continue;
    for (let at = 0; at < words.length; at++) {
      const end = follow(words, at, phrase);
      if (end === undefined) continue;
      const isDefence = phrase.excusedByNot === true && isNegated(words, at);
      const isAboutOthers =
        phrase.groups[0]?.has("ignore") === true && words.slice(end + 1, end + 4).some(({ word }) => FOREIGN.has(word));
      if (!isDefence)
        note(
          "prompt-injection-text",
          isAboutOthers ? "low" : severity,
          `the text ${phrase.about}`,
          span(words, at, end),
        );
      break;
    }
  }
}

function follow(words: readonly Word[], start: number, { groups, gap }: Phrase): number | undefined {
  if (!groups[0]?.has(words[start]?.word ?? "")) return undefined;
  let at = start;
  for (const group of groups.slice(1)) {
    const next = words.slice(at + 1, at + 2 + gap).findIndex(({ word }) => group.has(word));
    if (next < 0) return undefined;
    at += 1 + next;
  }
  return at;
}

const isNegated = (words: readonly Word[], at: number): boolean =>
  words.slice(Math.max(0, at - 4), at).some(({ word }) => NOT.has(word));

function unscramble(word: Word): Word {
  if (word.word.length < 5 || KNOWN.has(word.word)) return word;
  const known = VOCABULARY.get(scrambleKey(word.word));
  return known === undefined ? word : { ...word, word: known };
}

function span(words: readonly Word[], first: number, last: number): TextRange | undefined {
  const [from, to] = [words[first]?.range, words[last]?.range];
  return from && to && { start: from.start, end: to.end };
}
