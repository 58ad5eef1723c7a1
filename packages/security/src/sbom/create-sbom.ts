import { canonicalJson, type Pack } from "promptpack";
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
 */
export async function createSbom({ data, id, version }: Pack, bytes?: Uint8Array): Promise<Sbom> {
  const components = new Map<string, SbomComponent>();
  const edges = new Map<string, Set<string>>();
  const root = `pack:${id}@${version}`;
  const add = (component: SbomComponent, from = root): void => {
    if (!components.has(component["bom-ref"])) components.set(component["bom-ref"], component);
    edges.set(from, (edges.get(from) ?? new Set()).add(component["bom-ref"]));
  };
  for (const [name, text] of Object.entries(data.fragments ?? {})) add(await definition("fragment", name, text));
  for (const [key, tool] of Object.entries(data.tools ?? {}))
    add(await definition("tool", key, tool, { description: tool.description }));
  for (const [key, prompt] of Object.entries(data.prompts)) {
    const { description } = prompt;
    add(
      await definition("prompt", key, prompt, {
        version: prompt.version,
        ...(description === undefined ? {} : { description }),
      }),
    );
    const ref = `prompt:${key}`;
    for (const name of prompt.tools ?? [])
      if (components.has(`tool:${name}`)) add(components.get(`tool:${name}`) as SbomComponent, ref);
    for (const { provider, model } of prompt.tested_models ?? []) add(modelComponent(model, provider), ref);
    for (const model of Object.keys(prompt.model_overrides ?? {})) add(modelOf(components, model), ref);
  }
  for (const skill of data.skills ?? []) add(await skillComponent(skill));
  const sorted = [...components.values()].sort((left, right) => (left["bom-ref"] < right["bom-ref"] ? -1 : 1));
  const sha256 = await hexDigest("sha256", bytes ?? canonicalJson(data));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(sha256)}`,
    version: 1,
    metadata: {
      component: {
        type: "data",
        "bom-ref": root,
        name: id,
        version,
        ...(data.description === undefined ? {} : { description: data.description }),
        hashes: [{ alg: "SHA-256", content: sha256 }],
        data: [{ type: "definition", name: data.name }],
        properties: [{ name: "promptpack:canonical", value: await canonicalDigest(data) }],
      },
    },
    components: sorted,
    dependencies: [root, ...sorted.map((component) => component["bom-ref"])].map((ref) => ({
      ref,
      dependsOn: [...(edges.get(ref) ?? [])].sort(),
    })),
  };
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
