import type { DiagnosticCode } from "../diagnostics/codes.ts";
import { createDiagnostic } from "../diagnostics/report.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nameCodePoint } from "../json/code-points.ts";
import type { JsonValue } from "../json/json.ts";
import { appendPointer } from "../json/pointer.ts";
import type { TextNode } from "./document.ts";
import { isExactInteger } from "./exact-integer.ts";
import { keyFault, type Limits, Stop } from "./limits.ts";
import type { LineMap } from "./text/line-map.ts";
import { readString } from "./text/read-string.ts";

/** What the strict parser found. */
export interface StrictResult {
  /** What the text says, even where it breaks a rule; undefined after a syntax error or a limit. */
  readonly value: JsonValue | undefined;
  readonly root: TextNode | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses JSON text (RFC 8259) in one pass with the place of every value, and refuses what other parsers disagree on:
 * duplicate keys, `__proto__`, lone surrogates, numbers that a double cannot hold. Never throws on data. Source: RULINGS 2.
 */
export function parseStrict(text: string, limits: Limits, lines: LineMap): StrictResult {
  const parser = new StrictParser(text, limits, lines);
  try {
    const { value, node } = parser.parseText();
    return { value, root: node, diagnostics: parser.diagnostics };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { value: undefined, root: undefined, diagnostics: parser.diagnostics };
  }
}

interface Parsed {
  readonly value: JsonValue;
  readonly node: TextNode;
}

/** A value without its place; what stands inside it has one. */
interface Bare {
  readonly value: JsonValue;
  readonly members?: Map<string, TextNode>;
  readonly items?: TextNode[];
}

class StrictParser {
  readonly diagnostics: Diagnostic[] = [];
  #position = 0;
  #nodes = 0;
  #depth = 0;
  readonly #text: string;
  readonly #limits: Limits;
  readonly #lines: LineMap;

  constructor(text: string, limits: Limits, lines: LineMap) {
    this.#text = text;
    this.#limits = limits;
    this.#lines = lines;
  }

  parseText(): Parsed {
    this.#skipSpace();
    const parsed = this.#parseValue("", 0, 0);
    this.#skipSpace();
    if (this.#position < this.#text.length) this.#stop(`found ${this.#found()} after the end of the JSON value`);
    return parsed;
  }

  #parseValue(pointer: string, keyStart: number, keyEnd: number): Parsed {
    if (++this.#nodes > this.#limits.maxNodes) {
      this.#exceed(pointer, `the text holds more than ${this.#limits.maxNodes} values`);
    }
    const start = this.#position;
    const { value, members, items } = this.#parseBare(pointer);
    return { value, node: { start, end: this.#position, keyStart, keyEnd, members, items } };
  }

  #parseBare(pointer: string): Bare {
    switch (this.#text[this.#position]) {
      case "{":
        return this.#parseObject(pointer);
      case "[":
        return this.#parseArray(pointer);
      case '"':
        return { value: this.#parseString(pointer) };
      case "t":
        return this.#parseWord("true", true);
      case "f":
        return this.#parseWord("false", false);
      case "n":
        return this.#parseWord("null", null);
      default:
        return { value: this.#parseNumber(pointer) };
    }
  }

  #parseObject(pointer: string): Bare {
    this.#enter(pointer);
    const value: { [key: string]: JsonValue } = {};
    const members = new Map<string, TextNode>();
    this.#skipSpace();
    if (this.#text[this.#position] === "}") this.#position++;
    else {
      for (;;) {
        this.#parseMember(pointer, value, members);
        this.#skipSpace();
        const next = this.#text[this.#position];
        if (next !== "," && next !== "}")
          this.#stop(`found ${this.#found()}, expected "," or "}" after a member of an object`);
        this.#position++;
        if (next === "}") break;
        this.#skipSpace();
        if (this.#text[this.#position] === "}")
          this.#stop("found a comma before the end of an object, which JSON does not allow");
      }
    }
    this.#depth--;
    return { value: Object.freeze(value), members };
  }

  #parseMember(pointer: string, value: { [key: string]: JsonValue }, members: Map<string, TextNode>): void {
    const keyStart = this.#position;
    if (this.#text[keyStart] !== '"') this.#stop(`found ${this.#found()}, expected a key in double quotes`);
    const key = this.#parseString(pointer);
    const keyEnd = this.#position;
    const fault = keyFault(key, pointer, this.#limits);
    if (fault !== undefined) this.#exceed(pointer, fault);
    const place = appendPointer(pointer, key);
    // hostile: "__proto__" is a key for one parser and a prototype for the next
    if (key === "__proto__")
      this.#report("FORBIDDEN_KEY", pointer, 'the key "__proto__" is not allowed', keyStart, keyEnd);
    const first = members.get(key);
    if (first !== undefined) {
      this.#report(
        "DUPLICATE_KEY",
        place,
        "the key stands twice in one object, and parsers disagree on which one counts",
        keyStart,
        keyEnd,
        first,
      );
    }
    this.#skipSpace();
    if (this.#text[this.#position] !== ":") this.#stop(`found ${this.#found()}, expected ":" after a key`);
    this.#position++;
    this.#skipSpace();
    const parsed = this.#parseValue(place, keyStart, keyEnd);
    if (first === undefined) members.set(key, parsed.node);
    // defined, not assigned: the key "__proto__" would set the prototype
    Object.defineProperty(value, key, { value: parsed.value, enumerable: true, configurable: true, writable: true });
  }

  #parseArray(pointer: string): Bare {
    this.#enter(pointer);
    const value: JsonValue[] = [];
    const items: TextNode[] = [];
    this.#skipSpace();
    if (this.#text[this.#position] === "]") this.#position++;
    else {
      for (;;) {
        const parsed = this.#parseValue(appendPointer(pointer, value.length), this.#position, this.#position);
        value.push(parsed.value);
        items.push(parsed.node);
        this.#skipSpace();
        const next = this.#text[this.#position];
        if (next !== "," && next !== "]")
          this.#stop(`found ${this.#found()}, expected "," or "]" after an item of an array`);
        this.#position++;
        if (next === "]") break;
        this.#skipSpace();
        if (this.#text[this.#position] === "]")
          this.#stop("found a comma before the end of an array, which JSON does not allow");
      }
    }
    this.#depth--;
    return { value: Object.freeze(value), items };
  }

  #enter(pointer: string): void {
    if (++this.#depth > this.#limits.maxDepth)
      this.#exceed(pointer, `the value is nested more than ${this.#limits.maxDepth} levels deep`);
    this.#position++;
  }

  #parseString(pointer: string): string {
    const start = this.#position;
    const read = readString(this.#text, start);
    if ("fault" in read) {
      this.#position = read.position;
      this.#stop(read.fault);
    }
    this.#position = read.end;
    if (!read.value.isWellFormed()) {
      this.#report("LONE_SURROGATE", pointer, "the text holds half of a surrogate pair", start, read.end);
    }
    return read.value;
  }

  #parseNumber(pointer: string): number {
    const start = this.#position;
    NUMBER.lastIndex = start;
    const literal = NUMBER.exec(this.#text)?.[0];
    if (literal === undefined) this.#stop(`found ${this.#found()}, expected a JSON value`);
    this.#position += literal.length;
    if (literal.length > this.#limits.maxNumberLength) {
      this.#exceed(pointer, `a number has ${literal.length} characters, the limit is ${this.#limits.maxNumberLength}`);
    }
    if (/[0-9A-Za-z.+-]/.test(this.#text[this.#position] ?? ""))
      this.#stop(`found ${this.#found()} inside a number that JSON does not allow`);
    const value = Number(literal);
    if (!Number.isFinite(value))
      this.#report("INEXACT_NUMBER", pointer, "the number is too large for a JSON number", start, this.#position);
    else if (!isExactInteger(literal, value)) {
      this.#report(
        "INEXACT_NUMBER",
        pointer,
        "the integer has more digits than a JSON number holds exactly; write it as a string",
        start,
        this.#position,
      );
    }
    return value;
  }

  #parseWord(word: string, value: JsonValue): Bare {
    if (!this.#text.startsWith(word, this.#position)) this.#stop(`found ${this.#found()}, expected a JSON value`);
    this.#position += word.length;
    if (/[0-9A-Za-z_]/.test(this.#text[this.#position] ?? "")) this.#stop(`found ${this.#found()} after ${word}`);
    return { value };
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#position);
      if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) return;
      this.#position++;
    }
  }

  /** Names what stands at the position without quoting it: the text may be a file of secrets that is no pack. */
  #found(): string {
    const character = this.#text[this.#position];
    if (character === undefined) return "the end of the text";
    if (/[A-Za-z]/.test(character)) return "a letter";
    if (/[0-9]/.test(character)) return "a digit";
    if (character === '"') return "a double quote";
    if (character === "'") return "a single quote; JSON uses double quotes";
    if (character === "/" && /[/*]/.test(this.#text[this.#position + 1] ?? ""))
      return "a comment, which JSON does not have";
    if (/[!-~]/.test(character)) return `"${character}"`;
    return nameCodePoint(this.#text, this.#position);
  }

  #report(code: DiagnosticCode, pointer: string, message: string, start: number, end: number, first?: TextNode): void {
    const related = first && [
      { pointer, span: this.#lines.span(first.keyStart, first.keyEnd), message: "the first one is here" },
    ];
    this.diagnostics.push({
      ...createDiagnostic(code, pointer, message, { related }),
      span: this.#lines.span(start, end),
    });
  }

  #stop(message: string): never {
    const end = Math.min(this.#position + 1, this.#text.length);
    this.#report("INVALID_JSON", "", message, this.#position, end);
    throw new Stop();
  }

  #exceed(pointer: string, message: string): never {
    this.#report("LIMIT_EXCEEDED", pointer, message, this.#position, Math.min(this.#position + 1, this.#text.length));
    throw new Stop();
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
