import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Validator } from "../schema/sections/guardrails.ts";
import { type AnswerEnd, type AnswerGuard, type AnswerKind, createAnswerGuard } from "./answer-guard.ts";
import type { ContentPart } from "../messages/message.ts";
import type { GuardAction, GuardOptions } from "./guardrail.ts";
import { guardResponse } from "./guard-response.ts";

type Text = Extract<ContentPart, { readonly type: "text" }>;
type Said = readonly [place: string, kind: AnswerKind, text: string];

/** Pushes every text, and returns what was shown in each place before and after the end. */
function run(
  guardrails: readonly Validator[],
  said: readonly Said[],
  { unseen = [], ...options }: GuardOptions & { readonly unseen?: readonly string[] } = {},
): { readonly early: Map<string, string>; readonly all: Map<string, string>; readonly end: AnswerEnd<string> } {
  const guard = createAnswerGuard<string>(guardrails, options);
  const early = new Map<string, string>();
  for (const [place, kind, text] of said) collect(early, guard.push(place, kind, text));
  const end = guard.end({ unseen });
  const all = new Map(early);
  collect(all, end);
  return { early, all, end };
}

function collect(shown: Map<string, string>, { pieces }: ReturnType<AnswerGuard<string>["push"]>): void {
  for (const { place, text } of pieces) shown.set(place, (shown.get(place) ?? "") + text);
}

const zebra: Validator = { type: "banned_words", message: "No.", params: { words: ["zebra"] } };
const redact: GuardOptions = { actions: { banned_words: "redact", pii_detection: "redact", max_length: "truncate" } };

describe("createAnswerGuard", () => {
  it("reads the parts of one kind as one text, and gives every character back to its place", () => {
    const guard = createAnswerGuard<number>([zebra]);
    expect(guard.push(1, "text", "a ze")).toEqual({ ok: true, pieces: [{ place: 1, text: "a " }] });
    expect(guard.push(2, "text", "nith")).toEqual({
      ok: true,
      pieces: [
        { place: 1, text: "ze" },
        { place: 2, text: "nith" },
      ],
    });
    expect(guard.push(3, "text", " zeb")).toMatchObject({ pieces: [{ place: 3, text: " " }] });
    expect(guard.push(4, "text", "ra ")).toEqual({ ok: false, pieces: [], message: "No." });
    expect(guard.push(4, "text", "more")).toEqual({ ok: false, pieces: [] });
    expect(guard.end()).toMatchObject({ ok: false, pieces: [], message: "No.", guarded: { ok: false } });
  });

  it("stands a line break between two kinds, which is not part of the answer", () => {
    const { early, all, end } = run(
      [zebra],
      [
        ["think", "reasoning", "it is a zeb"],
        ["say", "text", "ra crossing"],
      ],
    );
    expect(end).toMatchObject({ ok: true, isRewritten: false });
    expect(early.get("think")).toBe("it is a zeb");
    expect([...all]).toEqual([
      ["think", "it is a zeb"],
      ["say", "ra crossing"],
    ]);
  });

  it("gives JSON checks the answer without the reasoning", () => {
    const said: Said[] = [
      ["think", "reasoning", "hm"],
      ["say", "text", '{"a":'],
      ["say", "text", "1}"],
    ];
    expect(run([{ type: "json_valid" }], said).end.ok).toBe(true);
    expect(run([{ type: "json_valid" }], said.slice(0, 1)).end.ok).toBe(false);
  });

  it("rewrites in each place while it streams", () => {
    const { early, all, end } = run(
      [zebra],
      [
        ["a", "text", "one zebra, "],
        ["b", "text", "a ze"],
        ["c", "text", "bra, one"],
      ],
      redact,
    );
    expect(early.get("a")).toBe("one [removed], ");
    expect([...all.values()]).toEqual(["one [removed], ", "a [removed]", ", one"]);
    expect(end).toMatchObject({ ok: true, isRewritten: true });
  });

  it("lets what is no text pass when all text before it has", () => {
    const guard = createAnswerGuard<string>([zebra]);
    expect(guard.pass("start").pieces).toEqual([{ place: "start", text: "" }]);
    guard.push("say", "text", "a ze");
    expect(guard.pass("call").pieces).toEqual([]);
    expect(guard.push("say", "text", "ro ").pieces).toEqual([
      { place: "say", text: "ze" },
      { place: "call", text: "" },
      { place: "say", text: "ro " },
    ]);
    expect(guard.pass("end").pieces).toEqual([{ place: "end", text: "" }]);
    expect(guard.end().pieces).toEqual([]);
  });

  it("reads texts that nobody sees as part of the answer, and never shows them", () => {
    const said: Said[] = [["say", "text", "done"]];
    expect(run([zebra], said, { unseen: ['{"animal":"zebra"}'] }).end.ok).toBe(false);
    const { all, end } = run([zebra], said, { unseen: ["", '{"animal":"horse"}'] });
    expect([end.ok, ...all]).toEqual([true, ["say", "done"]]);
  });

  it.each([
    ["a whole answer", ["a"]],
    ["one that came back to a place", ["a", "b", "a"]],
  ])("takes nothing after the verdict of %s", (_, places) => {
    const guard = createAnswerGuard<string>([zebra]);
    for (const place of places) guard.push(place, "text", "horse");
    guard.end();
    expect(() => guard.push("a", "text", "zebra")).toThrow(TypeError);
  });

  it("does not let a model hide a word by coming back to a place", () => {
    const said: Said[] = [
      ["think", "reasoning", "my zeb"],
      ["say", "text", "hello "],
      ["think", "reasoning", "ra"],
      ["say", "text", "there"],
    ];
    const { early, end } = run([zebra], said, redact);
    expect([...early]).toEqual([
      ["think", "my zeb"],
      ["say", "hello "],
    ]);
    expect(end).toMatchObject({ ok: false, message: "No.", pieces: [] });
    expect([...run([zebra], said.with(2, ["think", "reasoning", " legs"])).all]).toEqual([
      ["think", "my zeb legs"],
      ["say", "hello there"],
    ]);
  });

  it("stays blocked when what blocked it is read otherwise later", () => {
    const said: Said[] = [
      ["a", "text", "zebra"],
      ["b", "reasoning", "x"],
      ["a", "text", "s"],
    ];
    expect(run([zebra], said).end).toMatchObject({ ok: false, guarded: { ok: false }, message: "No." });
  });

  it("keeps what passes in order also where a place comes back", () => {
    const guard = createAnswerGuard<string>([zebra]);
    guard.push("a", "text", "one");
    guard.pass("first");
    guard.push("b", "text", "two");
    guard.push("a", "text", "three");
    expect(guard.pass("second").pieces).toEqual([]);
    const { pieces } = guard.end({ unseen: ["unseen"] });
    expect(pieces).toEqual([
      { place: "a", text: "three" },
      { place: "second", text: "" },
    ]);
  });

  it("does not check an answer that only calls tools, unless a call is the answer", () => {
    const short: Validator = { type: "min_length", message: "Say more.", params: { min: 5 } };
    const guard = (): AnswerGuard<string> => createAnswerGuard<string>([short]);
    const silent = guard();
    silent.pass("call");
    expect(silent.end({ callsTools: true })).toMatchObject({ ok: true, guarded: { ok: true, verdicts: [] } });
    expect(guard().end().ok).toBe(false);
    expect(guard().end({ callsTools: true, unseen: ["{}"] }).ok).toBe(false);
    const brief = guard();
    brief.push("say", "text", "ok");
    expect(brief.end({ callsTools: true }).ok).toBe(false);
  });

  const word = fc.constantFrom(..."ab 1@.\n", "bad", "\u200b", "\ud83d", "\ude00", "a@b.co", "4111 1111 1111 1111");
  const text = fc.array(word, { maxLength: 8 }).map((parts) => parts.join(""));
  const kind = fc.constantFrom<AnswerKind>("text", "text", "reasoning", "refusal");
  const parts = fc.array(fc.record({ type: kind, text }), { maxLength: 5 });
  const guardrails = fc.array(
    fc.constantFrom<Validator>(
      { type: "banned_words", params: { words: ["bad", "ab a"] } },
      { type: "banned_words", params: { words: ["1@"], match: "substring" } },
      { type: "max_length", params: { max: 12 } },
      { type: "min_length", params: { min: 4 } },
      { type: "pii_detection", params: { types: ["email", "credit_card"] } },
      { type: "regex_match", params: { pattern: "b.d", must_match: false } },
      { type: "json_valid" },
    ),
    { maxLength: 3 },
  );
  const actions = fc.constantFrom<Record<string, GuardAction>>({}, {}, redact.actions ?? {});
  const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

  it("says of every answer, however it is cut into parts and pieces, what guardResponse says of the whole", () => {
    fc.assert(
      fc.property(
        guardrails,
        parts,
        cuts,
        actions,
        fc.array(text, { maxLength: 1 }),
        (list, said, sizes, how, unseen) => {
          const content = [...said, ...unseen.map((one) => ({ type: "text", text: one }))] as Text[];
          const whole = guardResponse(list, { content }, { actions: how });
          const { text: message, response, ...expected } = whole;
          const pushes = said.flatMap(({ type, text: one }, index) =>
            cut(one, sizes).map((piece): Said => [`${index}`, type, piece]),
          );
          const { early, all, end } = run(list, pushes, { actions: how, unseen });
          expect(end.guarded).toEqual(expected);
          expect(end.ok).toBe(expected.ok);
          if (expected.ok) {
            const seen = response?.content as Text[];
            said.forEach((_, index) => expect(all.get(`${index}`) ?? "").toBe(seen[index]?.text));
            expect(end.isRewritten).toBe(seen.some(({ text: one }, index) => one !== content[index]?.text));
            return;
          }
          expect([end.message, all]).toEqual([message, early]);
          if (Object.keys(how).length > 0) return;
          // what was shown is the beginning of the answer and breaks no rule that the whole breaks
          const shown = said.map(({ type }, index) => ({ type, text: early.get(`${index}`) ?? "" }) as Text);
          const last = shown.findLastIndex((part) => part.text !== "");
          shown.slice(0, Math.max(last, 0)).forEach((part, index) => expect(part.text).toBe(said[index]?.text));
          if (last >= 0) expect(said[last]?.text.startsWith(shown[last]?.text ?? "")).toBe(true);
          const faults = expected.violations.map(({ index }) => list[index] as Validator);
          const parted = faults.filter(({ type }) => !["min_length", "json_valid"].includes(type));
          if (last < 0) return;
          // The beginning of a longer word may look like a banned one; with a letter more it is a beginning again.
          const rest = content.slice(last).filter((part) => part.text !== "");
          const going = rest.slice(0, rest.findIndex(({ type }) => type !== said[last]?.type) >>> 0);
          const unshown = going
            .map((part) => part.text)
            .join("")
            .slice(shown[last]?.text.length);
          const goesOn = /^\u200b*[a-z\d]/.test(unshown);
          const aside = shown.map((part, index) =>
            goesOn && index === last ? { ...part, text: `${part.text}x` } : part,
          );
          const isWords = ({ type }: Validator): boolean => type === "banned_words";
          expect(guardResponse(parted.filter(isWords), { content: aside }, {}).violations).toEqual([]);
          const others = parted.filter((guardrail) => !isWords(guardrail));
          expect(guardResponse(others, { content: shown }, {}).violations).toEqual([]);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it("shows an answer whole or blocks it, whatever places it comes back to", () => {
    const kinds = { a: "text", b: "reasoning", c: "text" } as const;
    const place = fc.constantFrom<keyof typeof kinds>("a", "b", "c");
    fc.assert(
      fc.property(guardrails, fc.array(fc.tuple(place, text), { maxLength: 10 }), (list, said) => {
        const { all, end } = run(
          list,
          said.map(([at, one]) => [at, kinds[at], one]),
        );
        for (const at of ["a", "b", "c"] as const) {
          const whole = said.map(([where, one]) => (where === at ? one : "")).join("");
          const shown = all.get(at) ?? "";
          if (end.ok) expect(shown).toBe(whole);
          else expect(whole.startsWith(shown)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("stays linear when many parts wait", () => {
    const guard = createAnswerGuard<number>([{ type: "json_valid" }]);
    for (let place = 0; place < 50_000; place++) guard.push(place, place % 2 === 0 ? "text" : "reasoning", "1 ");
    expect(guard.end().pieces).toEqual([]);
  }, 10_000);
});

function cut(whole: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let start = 0, turn = 0; start < whole.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(whole.slice(start, start + size));
    start += size;
  }
  return pieces;
}

it("takes texts and nothing else, and no text after an end without one", () => {
  const list = [{ type: "banned_words", params: { words: ["wreck"] } }];
  const guard = createAnswerGuard<number>(list);
  expect(() => guard.push(1, "text", { a: "wreck" } as never)).toThrow("a piece of an answer is a text");
  guard.push(1, "text", "so ");
  expect(() => guard.end({ unseen: [{ a: "wreck" }] as never })).toThrow("a piece of an answer is a text");
  const calls = createAnswerGuard<number>(list);
  expect(calls.end({ callsTools: true }).ok).toBe(true);
  expect(() => calls.push(1, "text", "a wreck")).toThrow("the guard has ended");
});
