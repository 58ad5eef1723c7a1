import type { PackData } from "../src/schema/sections/pack.ts";
import { buildPackData } from "../src/testing/build-pack.ts";

/** Returns the smallest pack with members set in its root and in its prompt "main", right or wrong ones. */
export const packData = (root: object = {}, prompt: object = {}): PackData => ({
  ...buildPackData({ prompt }),
  ...root,
});
