import type { DiagnosticCode } from "../../diagnostics/codes.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { createDiagnostic } from "../../diagnostics/report.ts";
import type { JsonValue } from "../../json/json.ts";
import { appendPointer } from "../../json/pointer.ts";
import type { TextNode } from "../document.ts";
import { isExactInteger } from "../exact-integer.ts";
import { keyFault, type Limits, Stop } from "../limits.ts";
import type { LineMap } from "../text/line-map.ts";
import type { ScalarStyle } from "./scalar-offsets.ts";
import type { YamlNode, YamlPair, YamlParser } from "./yaml-parser.ts";

/** A scalar that can be looked into: where it is written, and how. */
export interface ScalarPlace {
  readonly start: number;
  readonly end: number;
  readonly style: ScalarStyle;
  readonly value: string;
}

/** A JSON value that a YAML node stands for, and what an alias of it adds to the whole. */
interface Reading {
  readonly value: JsonValue;
  readonly node: TextNode;
  readonly nodes: number;
  readonly height: number;
}

/** Where a value stands: its pointer, its depth, and its key. */
interface Place {
  readonly pointer: string;
  readonly depth: number;
  readonly keyStart: number;
  readonly keyEnd: number;
}

const AMBIGUOUS = /^(?:y|yes|n|no|on|off)$/i;

/**
 * Turns a tree of YAML nodes into JSON and refuses what JSON does not have: tags, keys that are no text, merge keys,
 * numbers without digits. An alias is replaced by the value that it names, within the same limits. Source: R400, R401.
 */
export class YamlReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly scalars: Map<TextNode, ScalarPlace> = new Map();
  readonly #anchors = new Map<string, Reading | undefined>();
  #nodes = 0;
  readonly #yaml: YamlParser;
  readonly #limits: Limits;
  readonly #lines: LineMap;

  constructor(yaml: YamlParser, limits: Limits, lines: LineMap) {
    this.#yaml = yaml;
    this.#limits = limits;
    this.#lines = lines;
  }

  /** @throws {Stop} at a limit, after reporting it */
  read(node: YamlNode | null, place: Place): Reading {
    const start = node?.range?.[0] ?? place.keyEnd;
    const end = node?.range?.[1] ?? start;
    if (++this.#nodes > this.#limits.maxNodes)
      this.#exceed(place.pointer, `the text holds more than ${this.#limits.maxNodes} values`, start, end);
    if (node === null) return leaf(null, start, end, place);
    if (this.#yaml.isAlias(node)) return this.#readAlias(String(node.source), place, start, end);
    // hostile: a tag names a type, and some parsers build whatever it names
    if (node.tag !== undefined)
      this.report("UNSUPPORTED_YAML", place.pointer, "a tag names a type that JSON does not have", start, end);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, undefined);
    const reading = this.#readNode(node, place, start, end);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, reading);
    return reading;
  }

  #readNode(node: YamlNode, place: Place, start: number, end: number): Reading {
    if (this.#yaml.isScalar(node)) return this.#readScalar(node, place, start, end);
    if (place.depth > this.#limits.maxDepth) this.#exceedDepth(place.pointer, start, end);
    return this.#yaml.isMap(node) ? this.#readMap(node, place, start, end) : this.#readList(node, place, start, end);
  }

  #readAlias(name: string, place: Place, start: number, end: number): Reading {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.report(
        "UNSUPPORTED_YAML",
        place.pointer,
        "the alias names no anchor before it, or one that holds the alias itself",
        start,
        end,
      );
      return leaf(null, start, end, place);
    }
    // hostile: a few aliases of aliases stand for billions of values, so each counts as much as what it stands for
    this.#nodes += target.nodes - 1;
    if (this.#nodes > this.#limits.maxNodes)
      this.#exceed(
        place.pointer,
        `with its aliases the text holds more than ${this.#limits.maxNodes} values`,
        start,
        end,
      );
    if (target.height > 0 && place.depth + target.height - 1 > this.#limits.maxDepth)
      this.#exceedDepth(place.pointer, start, end);
    const node: TextNode = { ...target.node, start, end, keyStart: place.keyStart, keyEnd: place.keyEnd };
    const scalar = this.scalars.get(target.node);
    if (scalar !== undefined) this.scalars.set(node, scalar);
    return { ...target, node };
  }

  #readScalar(node: YamlNode, place: Place, start: number, end: number): Reading {
    const { value } = node;
    const reading = leaf(
      typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value : null,
      start,
      end,
      place,
    );
    if (typeof value === "string") {
      if (!value.isWellFormed())
        this.report("LONE_SURROGATE", place.pointer, "the text holds half of a surrogate pair", start, end);
      if (node.type === "PLAIN" && AMBIGUOUS.test(value)) {
        this.report(
          "AMBIGUOUS_YAML",
          place.pointer,
          `${value} is text here, and true or false to parsers of YAML 1.1; put it in quotes`,
          start,
          end,
        );
      }
      this.scalars.set(reading.node, { start, end, style: node.type as ScalarStyle, value });
    } else if (typeof value === "number") this.#checkNumber(node.source ?? "", value, place.pointer, start, end);
    return reading;
  }

  #checkNumber(literal: string, value: number, pointer: string, start: number, end: number): void {
    if (literal.length > this.#limits.maxNumberLength) {
      this.#exceed(
        pointer,
        `a number has ${literal.length} characters, the limit is ${this.#limits.maxNumberLength}`,
        start,
        end,
      );
    }
    if (!Number.isFinite(value))
      this.report("INEXACT_NUMBER", pointer, "the number is not one that JSON can write", start, end);
    else if (!isExactInteger(/^0[ox]/.test(literal) ? `${BigInt(literal)}` : literal, value)) {
      this.report(
        "INEXACT_NUMBER",
        pointer,
        "the integer has more digits than a JSON number holds exactly; write it as a string",
        start,
        end,
      );
    }
  }

  #readMap(map: YamlNode, place: Place, start: number, end: number): Reading {
    const before = this.#nodes;
    const value: { [key: string]: JsonValue } = {};
    const members = new Map<string, TextNode>();
    let height = 0;
    for (const { key, value: member } of (map.items ?? []) as readonly YamlPair[]) {
      const keyStart = key?.range?.[0] ?? start;
      const keyEnd = key?.range?.[1] ?? keyStart;
      const name = this.#readKey(key, place.pointer, keyStart, keyEnd);
      if (name === undefined) continue;
      const pointer = appendPointer(place.pointer, name);
      const first = members.get(name);
      if (first !== undefined)
        this.report(
          "DUPLICATE_KEY",
          pointer,
          "the key stands twice in one object, and parsers disagree on which one counts",
          keyStart,
          keyEnd,
          first,
        );
      const reading = this.read(member, { pointer, depth: place.depth + 1, keyStart, keyEnd });
      height = Math.max(height, reading.height);
      if (first === undefined) members.set(name, reading.node);
      value[name] = reading.value;
    }
    const node: TextNode = { start, end, keyStart: place.keyStart, keyEnd: place.keyEnd, members, items: undefined };
    return { value: Object.freeze(value), node, nodes: this.#nodes - before + 1, height: height + 1 };
  }

  /** Returns the text of a key, or undefined when it cannot be one of a JSON object. */
  #readKey(key: YamlNode | null, pointer: string, start: number, end: number): string | undefined {
    const name = key?.value;
    if (key === null || !this.#yaml.isScalar(key) || typeof name !== "string" || key.tag !== undefined) {
      this.report("UNSUPPORTED_YAML", pointer, "a key of a JSON object is text; put it in quotes", start, end);
      return undefined;
    }
    const fault = keyFault(name, pointer, this.#limits);
    if (fault !== undefined) this.#exceed(pointer, fault, start, end);
    if (!name.isWellFormed())
      this.report("LONE_SURROGATE", pointer, "the text holds half of a surrogate pair", start, end);
    if (key.anchor !== undefined)
      this.#anchors.set(key.anchor, leaf(name, start, end, { pointer, depth: 0, keyStart: start, keyEnd: end }));
    if (name === "__proto__") {
      this.report("FORBIDDEN_KEY", pointer, 'the key "__proto__" is not allowed', start, end);
      return undefined;
    }
    if (key.type !== "PLAIN") return name;
    if (name === "<<")
      this.report(
        "UNSUPPORTED_YAML",
        pointer,
        "a merge key brings in members that nobody sees at this place",
        start,
        end,
      );
    if (AMBIGUOUS.test(name)) {
      this.report(
        "AMBIGUOUS_YAML",
        appendPointer(pointer, name),
        `${name} is a key here, and true or false to parsers of YAML 1.1; put it in quotes`,
        start,
        end,
      );
    }
    return name;
  }

  #readList(list: YamlNode, place: Place, start: number, end: number): Reading {
    const before = this.#nodes;
    const items = ((list.items ?? []) as readonly (YamlNode | null)[]).map((item, index) => {
      const at = item?.range?.[0] ?? start;
      return this.read(item, {
        pointer: appendPointer(place.pointer, index),
        depth: place.depth + 1,
        keyStart: at,
        keyEnd: at,
      });
    });
    const node: TextNode = {
      start,
      end,
      keyStart: place.keyStart,
      keyEnd: place.keyEnd,
      members: undefined,
      items: items.map((item) => item.node),
    };
    const height = items.reduce((highest, item) => Math.max(highest, item.height), 0) + 1;
    return { value: Object.freeze(items.map((item) => item.value)), node, nodes: this.#nodes - before + 1, height };
  }

  /** Adds a diagnostic at a place of the text. */
  report(code: DiagnosticCode, pointer: string, message: string, start: number, end: number, first?: TextNode): void {
    const related = first && [
      { pointer, span: this.#lines.span(first.keyStart, first.keyEnd), message: "the first one is here" },
    ];
    const diagnostic = createDiagnostic(code, pointer, message, related === undefined ? {} : { related });
    this.diagnostics.push({ ...diagnostic, span: this.#lines.span(start, end) });
  }

  #exceedDepth(pointer: string, start: number, end: number): never {
    this.#exceed(pointer, `the value is nested more than ${this.#limits.maxDepth} levels deep`, start, end);
  }

  #exceed(pointer: string, message: string, start: number, end: number): never {
    this.report("LIMIT_EXCEEDED", pointer, message, start, end);
    throw new Stop();
  }
}

function leaf(value: JsonValue, start: number, end: number, { keyStart, keyEnd }: Place): Reading {
  return { value, node: { start, end, keyStart, keyEnd, members: undefined, items: undefined }, nodes: 1, height: 0 };
}
