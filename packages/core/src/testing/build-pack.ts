import type { Pack } from "../pack/pack.ts";
import { type PackOptions, parsePack } from "../pack/parse-pack.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { Prompt } from "../schema/sections/prompt.ts";

/** What a test wants to be different about the smallest pack there is. */
export type PackChanges = Partial<Omit<PackData, "prompts">> & {
  /** What differs about the prompt "main". */
  readonly prompt?: Partial<Prompt>;
  /** Further prompts, or "main" as a whole. */
  readonly prompts?: { readonly [promptId: string]: Partial<Prompt> };
};

/** Returns the data of the smallest valid pack, one prompt "main" that says hello, with the changes applied. */
export function buildPackData({ prompt, prompts = {}, ...root }: PackChanges = {}): PackData {
  const all = { main: prompt ?? {}, ...prompts };
  return {
    id: "test-pack",
    name: "Test Pack",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    ...root,
    prompts: Object.fromEntries(
      Object.entries(all).map(([id, changes]) => [
        id,
        { id, name: id, version: "1.0.0", system_template: "Say hello.", ...changes },
      ]),
    ),
  };
}

/**
 * Returns the smallest valid pack with the changes applied, parsed and checked like any other.
 * @throws {PackError} when the changes break it
 */
export function buildPack(changes: PackChanges = {}, options: PackOptions = {}): Pack {
  return parsePack(JSON.stringify(buildPackData(changes)), options);
}
