import { describe, expect, it } from "vitest";
import { recordTerminal } from "../../test/record-terminal.ts";
import { wantsColor } from "./paint.ts";
import { harmlessJson, printableLines } from "./terminal.ts";

describe("terminal", () => {
  it("keeps data and messages apart", () => {
    const { terminal, output, errors } = recordTerminal();
    terminal.print("table");
    terminal.write("{}\n");
    terminal.say("error", "wrong");
    expect(output()).toBe("table\n{}\n");
    expect(errors()).toBe("error: wrong\n");
  });

  it("lets no line be a command of a CI runner", () => {
    const { terminal, output } = recordTerminal();
    terminal.print("::add-mask::x\n  ::error::y\n\t::z\na ::b\n##[command]rm\nx ##[group] ##vso[task.setvariable]");
    expect(output()).not.toMatch(/^\s*::/m);
    expect(output()).not.toMatch(/##\w*\[/);
    expect(output()).toContain("a ::b");
  });

  it("makes messages one harmless line", () => {
    const { terminal, errors } = recordTerminal();
    terminal.say("note", "a\nb\x1b[2J");
    expect(errors()).toBe("note: a\\nb\\u{1B}[2J\n");
  });

  it("shows progress on a terminal only", () => {
    const silent = recordTerminal();
    silent.terminal.progress("1 of 2");
    expect(silent.errors()).toBe("");
    const loud = recordTerminal({ isTerminal: true });
    loud.terminal.progress("1 of 2");
    expect(loud.errors()).toContain("1 of 2");
  });

  it.each([
    [{}, [], true, true],
    [{}, [], false, false],
    [{ NO_COLOR: "1" }, [], true, false],
    [{ NO_COLOR: "" }, [], true, true],
    [{ FORCE_COLOR: "1" }, [], false, true],
    [{ FORCE_COLOR: "0" }, [], true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, [], false, true],
    [{ TERM: "dumb" }, [], true, false],
    [{}, ["--no-color"], true, false],
    [{ NO_COLOR: "1" }, ["--color"], false, true],
  ])("decides colours for %j %j (terminal: %j)", (environment, argv, isTerminal, expected) => {
    expect(wantsColor(environment, argv, isTerminal)).toBe(expected);
  });

  it("writes JSON that is exact and yet harmless", () => {
    const value = { "\x1b[31m": "a\u202Eb\u009B\u{E0041}\uD800 ##[x] é 日本 👍🏽", lines: "x\n::y" };
    const text = harmlessJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]|\u{E0041}|##\[|^\s*::/mu);
    expect(text).toContain("é 日本 👍🏽");
  });

  it("keeps line feeds and tabs of a text, and nothing else that acts", () => {
    expect(printableLines("a\n\tb\r\n\x07é")).toBe("a\n\tb\\r\n\\u{7}é");
  });
});
