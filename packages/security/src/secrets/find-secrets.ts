import { type Pack, parseDocument, renderTemplate } from "promptpack";
import type { Finding } from "../ground/finding.ts";
import { pointTo } from "../ground/pointer.ts";
import { sha256 } from "../ground/sha256.ts";
import { collectTexts, type PackText } from "../ground/texts.ts";
import { type RenderRoom, renderRoom, renderWithin } from "../ground/rendered.ts";
import { maskPointer } from "./redact-secrets.ts";
import { scanText, type SecretLayer, type SecretMatch } from "./scan-text.ts";

/** A credential that was found. What it is stays unsaid: only its kind, its place and a digest. */
export interface SecretFinding extends Finding<"secret"> {
  /** Such as "openai-key" or "url-password". */
  readonly kind: string;
  /** "sha256:" and the hex digest of the credential, by which it is known again. */
  readonly digest: string;
  /** What hides it, from the outside in. */
  readonly layers: readonly SecretLayer[];
}

/** A credential that may stay, such as a published test key. */
export interface SecretAllowance {
  readonly digest: string;
  /** Why; never empty. */
  readonly reason: string;
}

export interface FindSecretsOptions {
  readonly allow?: readonly SecretAllowance[];
}

/**
 * Finds credentials in a pack, any JSON value, or a text, which is read as JSON when it is JSON: in decoded strings,
 * names of members, joined strings and rendered templates, below invisible characters, base64, hex and escapes.
 * @throws {TypeError} for an allowance without a digest or a reason
 */
export function findSecrets(
  source: Pack | object | string,
  options: FindSecretsOptions = {},
): readonly SecretFinding[] {
  const { allow = [] } = options;
  if (allow.some(({ digest, reason }) => !/^sha256:[0-9a-f]{64}$/.test(digest) || reason.trim() === "")) {
    throw new TypeError("an allowed secret needs its sha256 digest and a reason");
  }
  const document = typeof source === "string" ? parseDocument(source) : undefined;
  const value = typeof source === "string" ? document?.data : isPack(source) ? source.data : source;
  const isText = typeof value !== "object" || value === null;
  const texts = isText ? [plainText(source)] : collectTexts(value);
  const findings = isText ? scanTexts(texts) : findIn(value, texts);
  const allowed = new Set(allow.map(({ digest }) => digest));
  const lineSpan = isText ? lineSpans(texts[0]?.text ?? "") : undefined;
  return findings
    .filter(({ digest }) => !allowed.has(digest))
    .map((finding) => {
      const span = lineSpan
        ? lineSpan(finding.range)
        : document?.locate(finding.pointer, finding.range && { range: finding.range });
      return span === undefined ? finding : { ...finding, span };
    })
    .map(maskPointer);
}

/** Finds credentials in the texts of a JSON value; for those who have collected them already. */
export function findIn(value: unknown, texts: readonly PackText[], memo?: SecretMemo): SecretFinding[] {
  const room = renderRoom();
  const findings = scanTexts([...texts, ...joinedTexts(value), ...renderedTexts(value, room)], memo);
  return room.left < 0 ? [...findings, UNSEARCHED] : findings;
}

const TOO_MUCH = "the templates come to too many characters with their fragments; the rest was searched only in parts";

/** hostile: what is too large to be searched is no clean pack. */
const UNSEARCHED: SecretFinding = {
  rule: "secret",
  severity: "medium",
  message: TOO_MUCH,
  pointer: "/prompts",
  kind: "unsearched",
  digest: sha256(TOO_MUCH),
  layers: [],
};

/** What was found in texts that were scanned before, by label and text. */
export type SecretMemo = Map<string, readonly SecretMatch[]>;

interface ScannedText extends PackText {
  readonly layer?: SecretLayer;
}

function scanTexts(texts: readonly ScannedText[], memo: SecretMemo = new Map()): SecretFinding[] {
  const findings: SecretFinding[] = [];
  const known = new Set<string>();
  for (const { text, label, pointer, atKey, layer } of texts) {
    const here = new Set<string>();
    const memoKey = atKey ? text : `${text}\n${label}`;
    const matches = memo.get(memoKey) ?? scanText(text, atKey ? "" : label);
    memo.set(memoKey, matches);
    for (const match of matches) {
      const digest = sha256(match.secret);
      // A rendered template repeats what its fragments hold; the fragment is the place.
      if (here.has(digest) || (layer !== undefined && known.has(digest))) continue;
      here.add(digest);
      known.add(digest);
      findings.push(describe(match, digest, pointer, layer, atKey));
    }
  }
  return findings;
}

function describe(
  match: SecretMatch,
  digest: string,
  pointer: string,
  layer: SecretLayer | undefined,
  atKey: boolean,
): SecretFinding {
  const layers = layer === undefined ? match.layers : [layer, ...match.layers];
  const hidden = layers.length === 0 ? "" : `, hidden by ${layers.join(" and ")}`;
  const article = /^[aeio]/.test(match.kind) ? "an" : "a";
  return {
    rule: "secret",
    severity: match.severity,
    message: `holds what looks like ${article} ${match.kind}${hidden} (${digest.slice(0, 19)}…): revoke it, and let the host pass credentials`,
    pointer,
    kind: match.kind,
    digest,
    layers,
    ...(layer === undefined && !atKey ? { range: match.range } : {}),
  };
}

/** Strings of one list, joined: a key cut in two is whole again. */
function joinedTexts(value: unknown, pointer = ""): ScannedText[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, member]) => joinedTexts(member, pointTo(pointer, key)));
  if (!Array.isArray(value) || value.length < 2 || !value.every((item) => typeof item === "string")) return inside;
  return [{ text: value.join(""), pointer, atKey: false, label: "", place: "data", layer: "joined texts" }, ...inside];
}

/** Templates as a model would get them, with fragments and the defaults of variables put in. */
function renderedTexts(value: unknown, room: RenderRoom): ScannedText[] {
  const { prompts, fragments = {}, template_engine: engine } = value as Partial<Pack["data"]>;
  if (typeof prompts !== "object" || prompts === null) return [];
  const rendered: ScannedText[] = [];
  for (const [id, prompt] of Object.entries(prompts)) {
    const variables = Array.isArray(prompt?.variables) ? prompt.variables : [];
    const values = Object.fromEntries(
      variables
        .filter((variable) => typeof variable?.default === "string")
        .map((variable) => [variable.name, variable.default]),
    );
    for (const [place, template] of templatesOf(prompt, pointTo("/prompts", id))) {
      if (room.left < 0) return rendered;
      const text = renderWithin(room, () =>
        renderTemplate(template, {
          ...(engine?.syntax === undefined ? {} : { syntax: engine.syntax }),
          fragments,
          values,
          missing: "keep",
          extra: "ignore",
        }),
      );
      // hostile: a template that does not render is somebody else's finding; its parts were scanned above
      if (text !== undefined && text !== template)
        rendered.push({
          text,
          pointer: place,
          atKey: false,
          label: "",
          place: "template",
          layer: "rendered template",
        });
    }
  }
  return rendered;
}

function templatesOf(prompt: Pack["data"]["prompts"][string], pointer: string): [pointer: string, template: string][] {
  const base = prompt?.system_template;
  if (typeof base !== "string") return [];
  const templates: [string, string][] = [[pointTo(pointer, "system_template"), base]];
  for (const [model, override] of Object.entries(prompt.model_overrides ?? {})) {
    const {
      system_template_prefix: prefix = "",
      system_template: own = base,
      system_template_suffix: suffix = "",
    } = override;
    templates.push([pointTo(pointer, "model_overrides", model), prefix + own + suffix]);
  }
  return templates;
}

const isPack = (source: object): source is Pack => "data" in source && "findPrompt" in source;

const plainText = (source: unknown): PackText => ({
  text: String(source),
  pointer: "",
  atKey: false,
  label: "",
  place: "data",
});

/** Returns what tells the lines of a text; each is found once, and by halves. */
function lineSpans(text: string): (range: Finding["range"]) => Finding["span"] {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  const position = (offset: number): NonNullable<Finding["span"]>["start"] => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return { offset, line: low + 1, column: offset - (starts[low] as number) + 1 };
  };
  return (range) => range && { start: position(range.start), end: position(range.end) };
}
