import { getOwn } from "../../json/json.ts";
import { fragmentOf } from "../expand-template.ts";
import { parseTemplate, type Tag } from "../parse-template.ts";
import type { TemplateSyntax } from "../syntax.ts";

/** Characters after inlining everything, tags included, and levels of nesting, itself included. */
export interface FragmentExtent {
  readonly size: number;
  readonly depth: number;
}

/** A tag of one fragment that includes a missing fragment, or one that is being included already. */
export interface BrokenInclude {
  /** The fragment that holds the tag. */
  readonly fragment: string;
  readonly tag: Tag;
  /** From a fragment back to itself; absent when the fragment is missing. */
  readonly cycle?: readonly string[];
}

type IsVariable = (name: string) => boolean;

interface Frame {
  readonly name: string;
  readonly tags: readonly Tag[];
  next: number;
  size: number;
  depth: number;
}

/** Cycles that are told of one pack. */
export const MAX_CYCLES = 1000;

/** The fragments of a pack and what they include, each parsed once. */
export class FragmentGraph {
  readonly fragments: { readonly [name: string]: string };
  readonly names: readonly string[];
  readonly #syntax: TemplateSyntax;
  readonly #tags: Map<string, readonly Tag[]> = new Map();
  /** How often a fragment leads back to one that includes it, told or not. */
  cycles = 0;

  constructor(fragments: { readonly [name: string]: string }, syntax: TemplateSyntax) {
    this.fragments = fragments;
    this.names = Object.keys(fragments);
    this.#syntax = syntax;
  }

  tagsOf(name: string): readonly Tag[] {
    const known = this.#tags.get(name);
    if (known !== undefined) return known;
    const tags = parseTemplate(getOwn(this.fragments, name) ?? "", this.#syntax);
    this.#tags.set(name, tags);
    return tags;
  }

  includeOf(tag: Tag, isVariable: IsVariable): string | undefined {
    return fragmentOf(tag, this.fragments, isVariable);
  }

  /**
   * Measures a fragment and all that it includes; what is known in `extents` is not visited again.
   * hostile: an own stack, because a chain of fragments may be longer than the call stack
   */
  measure(
    root: string,
    isVariable: IsVariable,
    extents: Map<string, FragmentExtent>,
    onBroken: (include: BrokenInclude) => void,
  ): void {
    if (extents.has(root) || !Object.hasOwn(this.fragments, root)) return;
    const path: Frame[] = [];
    const onPath = new Set<string>();
    const enter = (name: string): void => {
      onPath.add(name);
      const size = getOwn(this.fragments, name)?.length ?? 0;
      path.push({ name, tags: this.tagsOf(name), next: 0, size, depth: 1 });
    };
    enter(root);
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const tag = frame.tags[frame.next];
      if (tag === undefined) {
        extents.set(frame.name, { size: frame.size, depth: frame.depth });
        onPath.delete(frame.name);
        path.pop();
        continue;
      }
      const child = this.includeOf(tag, isVariable);
      const known = child === undefined ? undefined : extents.get(child);
      if (child !== undefined && known === undefined && Object.hasOwn(this.fragments, child) && !onPath.has(child)) {
        enter(child);
        continue;
      }
      frame.next++;
      if (child === undefined) continue;
      if (known !== undefined) {
        frame.size += known.size;
        frame.depth = Math.max(frame.depth, known.depth + 1);
      } else if (onPath.has(child)) {
        // hostile: thousands of fragments of which each leads back to the first
        if (++this.cycles > MAX_CYCLES) continue;
        const names = path.map(({ name }) => name);
        onBroken({ fragment: frame.name, tag, cycle: [...names.slice(names.indexOf(child)), child] });
      } else {
        onBroken({ fragment: frame.name, tag });
      }
    }
  }
}
