import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, listNames, namesOf, suggest, thereAre } from "./suggest.ts";

describe("suggest", () => {
  it.each([
    ["templte", ["template", "version"], "template"],
    ["tepmlate", ["template"], "template"],
    ["systemTemplate", ["system_template"], "system_template"],
    ["max-rounds", ["max_rounds", "max_rows"], "max_rounds"],
    ["Tools", ["tools"], "tools"],
    ["xyz", ["tools", "fragments"], undefined],
    ["ab", ["cd"], undefined],
    ["", ["a"], "a"],
    ["q", ["p", "qs"], undefined],
    ["Q", ["p", "q"], "q"],
    ["constructor", [], undefined],
  ])("of %j from %j is %j", (name, candidates, expected) => {
    expect(suggest(name, candidates)).toBe(expected);
  });

  it("prefers the closest, and the first of two that are as close", () => {
    expect(suggest("color", ["colour", "colors"])).toBe("colour");
    expect(suggest("hello", ["hallo", "hello1", "hello"])).toBe("hello");
  });

  it("always finds a name that is there", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z_]{1,20}$/), { minLength: 1 }), fc.nat(), (names, at) => {
        const name = names[at % names.length] as string;
        expect(suggest(name, names)?.replaceAll("-", "_")).toBe(name);
      }),
    );
  });

  it("does not compare names that are too long to be meant", () => {
    expect(suggest("a".repeat(65), ["a".repeat(64)])).toBeUndefined();
  });
});

describe("messages", () => {
  it("ask what was meant only when a name is close", () => {
    expect(didYouMean("versoin", ["version"])).toEqual({ hint: 'did you mean "version"?' });
    expect(didYouMean("nothing", ["version"])).toEqual({});
  });

  it("say how many names there are in good grammar", () => {
    expect([thereAre([]), thereAre(["a"]), thereAre(["a", "b"]), thereAre(["a", "b"], 1)]).toEqual([
      "there is none",
      'there is "a"',
      'there are "a", "b"',
      'there are "a" and 1 more',
    ]);
  });

  it("list the first names and count the rest", () => {
    expect([listNames([]), listNames(["a"]), listNames(["a", "b", "c"], 2)]).toEqual([
      "none",
      '"a"',
      '"a", "b" and 1 more',
    ]);
  });
});

describe("namesOf", () => {
  it("lists the names of a frozen record once, and those of another each time", () => {
    const frozen = Object.freeze({ a: 1, b: 2 });
    expect(namesOf(frozen)).toEqual(["a", "b"]);
    expect(namesOf(frozen)).toBe(namesOf(frozen));
    const open: { [name: string]: number } = { a: 1 };
    namesOf(open);
    open["b"] = 2;
    expect(namesOf(open)).toEqual(["a", "b"]);
    expect(namesOf()).toEqual([]);
  });
});
