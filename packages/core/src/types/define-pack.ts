import { PackError } from "../diagnostics/errors.ts";
import type { Pack } from "../pack/pack.ts";
import { type PackOptions, validatePack } from "../pack/parse-pack.ts";
import type { PackData } from "../schema/sections/pack.ts";
import type { ShapeOf } from "./shape-of.ts";

/**
 * Checks a pack that is written inline, as validatePack does, and returns it typed by its own literals.
 *
 * @throws {PackError} any code of validatePack; carries every diagnostic
 * @throws {TypeError} for options that make no sense
 */
export function definePack<const Data extends PackData>(data: Data, options?: PackOptions): Pack<ShapeOf<Data>> {
  const { pack, diagnostics } = validatePack(data, options);
  if (pack === undefined) throw new PackError(diagnostics);
  return pack as Pack<ShapeOf<Data>>;
}
