/** What a definition or field means, and examples of it. */
export type Entry = string | readonly [meaning: string, ...examples: readonly unknown[]];
/** Entries by `Definition` and `Definition.field`; fields of nested objects have more dots. */
export type Entries = { readonly [name: string]: Entry };

export const EXTENSIONS = "Annotations of vendors, by namespace; carried along and never interpreted.";
