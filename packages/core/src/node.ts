/** Reads packs, media and skills from disk. This subpath is the only part of the library that needs Node. */
export { loadPack, loadPacks, type LoadPackOptions, type LoadPacksOptions } from "./node/load-pack.ts";
export { readMedia } from "./node/read-media.ts";
export { readSkills } from "./node/read-skills.ts";
