import { canonicalJson, type Pack } from "promptpack";
import { demandPack } from "promptpack/adapters";
import { canonicalDigest, hexDigest } from "../sign/digest.ts";

/** A CycloneDX 1.6 document; the members that are not here are those of the specification. */
export interface Sbom {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: { readonly component: SbomComponent };
  readonly components: readonly SbomComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

export interface SbomComponent {
  readonly type: "data" | "machine-learning-model" | "library" | "application";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly publisher?: string;
  readonly hashes?: readonly { readonly alg: "SHA-256"; readonly content: string }[];
  readonly data?: readonly { readonly type: "definition" | "other"; readonly name: string }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Returns what a pack is made of and refers to: prompts, tools, fragments and skills with digests, models and skill
 * packages by name. The same pack gives the same document; there is no time in it.
 *
 * @param bytes the pack's file, for the SHA-256 of the whole; without it the canonical digest stands there
 * @throws {TypeError} for the data of a pack
 */
export async function createSbom(pack: Pack, bytes?: Uint8Array): Promise<Sbom> {
  const sha256 = await hexDigest("sha256", bytes ?? canonicalJson(demandPack(pack).data));
  const root = await packComponent(pack, sha256);
  const { components, dependencies } = await collectParts(pack, root["bom-ref"]);
  const sorted = [...components.values()].sort((left, right) => (left["bom-ref"] < right["bom-ref"] ? -1 : 1));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(sha256)}`,
    version: 1,
    metadata: { component: root },
    components: sorted,
    dependencies: [root, ...sorted].map(({ "bom-ref": ref }) => ({
      ref,
      dependsOn: [...(dependencies.get(ref) ?? [])].sort(),
    })),
  };
}

async function packComponent({ data, id, version }: Pack, sha256: string): Promise<SbomComponent> {
  return {
    type: "data",
    "bom-ref": `pack:${id}@${version}`,
    name: id,
    version,
    ...(data.description === undefined ? {} : { description: data.description }),
    hashes: [{ alg: "SHA-256", content: sha256 }],
    data: [{ type: "definition", name: data.name }],
    properties: [{ name: "promptpack:canonical", value: await canonicalDigest(data) }],
  };
}

/** What a pack is made of and refers to, and which part refers to which; the first of a reference stays. */
class Parts {
  readonly components: Map<string, SbomComponent> = new Map();
  readonly dependencies: Map<string, Set<string>> = new Map();

  add(component: SbomComponent, from: string): void {
    const ref = component["bom-ref"];
    if (!this.components.has(ref)) this.components.set(ref, component);
    this.dependencies.set(from, (this.dependencies.get(from) ?? new Set()).add(ref));
  }
}

async function collectParts({ data }: Pack, root: string): Promise<Parts> {
  const parts = new Parts();
  for (const [name, text] of Object.entries(data.fragments ?? {}))
    parts.add(await definition("fragment", name, text), root);
  for (const [key, tool] of Object.entries(data.tools ?? {}))
    parts.add(await definition("tool", key, tool, { description: tool.description }), root);
  for (const [key, prompt] of Object.entries(data.prompts)) {
    const { version, description } = prompt;
    const more = { version, ...(description === undefined ? {} : { description }) };
    parts.add(await definition("prompt", key, prompt, more), root);
    addReferences(parts, prompt, `prompt:${key}`);
  }
  for (const skill of data.skills ?? []) parts.add(await skillComponent(skill), root);
  return parts;
}

/** Adds the tools and the models that a prompt names. */
function addReferences(parts: Parts, prompt: Pack["data"]["prompts"][string], ref: string): void {
  for (const name of prompt.tools ?? []) {
    const tool = parts.components.get(`tool:${name}`);
    if (tool !== undefined) parts.add(tool, ref);
  }
  for (const { provider, model } of prompt.tested_models ?? []) parts.add(modelComponent(model, provider), ref);
  for (const model of Object.keys(prompt.model_overrides ?? {})) parts.add(modelOf(parts.components, model), ref);
}

type Kind = "prompt" | "tool" | "fragment" | "skill";

async function definition(
  kind: Kind,
  name: string,
  value: unknown,
  more: Pick<SbomComponent, "version" | "description"> = {},
): Promise<SbomComponent> {
  const digest = await canonicalDigest(value);
  return {
    type: "data",
    "bom-ref": `${kind}:${name}`,
    name,
    ...more,
    hashes: [{ alg: "SHA-256", content: digest.slice("sha256:".length) }],
    data: [{ type: "definition", name: kind }],
  };
}

function modelComponent(model: string, provider: string): SbomComponent {
  return { type: "machine-learning-model", "bom-ref": `model:${provider}/${model}`, name: model, publisher: provider };
}

/** An override names a model without its provider: it is the tested model of that name, when there is one. */
function modelOf(components: ReadonlyMap<string, SbomComponent>, model: string): SbomComponent {
  const tested = [...components.values()].find(({ type, name }) => type === "machine-learning-model" && name === model);
  return tested ?? { type: "machine-learning-model", "bom-ref": `model:${model}`, name: model };
}

/** A skill is written out, a path inside the pack's folder, or a package: "@scope/name" with or without a version. */
async function skillComponent(skill: NonNullable<Pack["data"]["skills"]>[number]): Promise<SbomComponent> {
  if (typeof skill !== "string" && "instructions" in skill)
    return definition("skill", skill.name, skill, { description: skill.description });
  const path = typeof skill === "string" ? skill : skill.path;
  const { name, version } = /^(?<name>@[^/@]+\/[^/@]+)(?:@(?<version>[^/]+))?$/.exec(path)?.groups ?? {};
  if (name === undefined)
    return { type: "data", "bom-ref": `skill:${path}`, name: path, data: [{ type: "other", name: "skill" }] };
  return { type: "library", "bom-ref": `package:${path}`, name, ...(version === undefined ? {} : { version }) };
}

/** Returns a UUID of version 8 made of a digest. Source: RFC 9562, section 5.8. */
function uuidOf(sha256: string): string {
  const variant = ((Number.parseInt(sha256[16] as string, 16) & 0x3) | 0x8).toString(16);
  return [
    sha256.slice(0, 8),
    sha256.slice(8, 12),
    `8${sha256.slice(13, 16)}`,
    `${variant}${sha256.slice(17, 20)}`,
    sha256.slice(20, 32),
  ].join("-");
}
