/** A plugin for Vite, Rollup, Rolldown, esbuild and what else unplugin knows: packs are checked when they are imported. */
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { type PluginOptions, promptpackPlugin } from "./plugin.ts";

export type { PluginOptions } from "./plugin.ts";

const unplugin: UnpluginInstance<PluginOptions | undefined> = createUnplugin(promptpackPlugin);

export default unplugin;
export const vite: typeof unplugin.vite = unplugin.vite;
export const rollup: typeof unplugin.rollup = unplugin.rollup;
export const rolldown: typeof unplugin.rolldown = unplugin.rolldown;
export const esbuild: typeof unplugin.esbuild = unplugin.esbuild;
