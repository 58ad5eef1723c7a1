/** What the fields of the schema mean, for people who write packs in an editor. Keys are `Definition` and `Definition.field`. */
export const descriptions: { readonly [name: string]: { readonly description: string; readonly examples?: readonly unknown[] } } = {
  Pack: { description: "A prompt pack: prompts with everything that they need, in one versioned file." },
};
