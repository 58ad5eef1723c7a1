/** For tests: packs to start from, and the runner of language-neutral vectors. */
export { buildPack, buildPackData, type PackChanges } from "./build-pack.ts";
export { runVector, type Vector, type VectorImplementation, type VectorOutcome } from "./run-vector.ts";
