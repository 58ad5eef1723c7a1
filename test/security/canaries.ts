import { inspect } from "node:util";
import { formatDiagnostics } from "promptpack";
import { conformanceDir, readConformance } from "../conformance/conformance-dir.ts";

// Made up here, each with a ~ inside, so that no scanner takes this file for a leak. None may be seen where it was not sent.
const body = "q7Wn2Xc9Vb4Mz6Lk1Jh8Gf3Ds5Ap0RtYuIoE";
const broken: Readonly<Record<string, string>> = {
  "openai-key": `sk-~proj-${body}T3${body}`,
  "openai-old-key": `sk-${body}${body.slice(0, 12)}`,
  "anthropic-key": `sk-~ant-api03-${body}${body}`,
  "aws-access-key": `AK~IAX5QW7RZ2LT9BNV4M`,
  "github-token": `gh~p_${body}`,
  "github-fine-token": `github_~pat_${body.slice(0, 22)}_${body}${body.slice(0, 23)}`,
  "huggingface-token": `h~f_${body.slice(0, 34)}`,
  "google-key": `AI~za${body.slice(0, 35)}`,
  "slack-token": `xo~xb-410927365518-220918374655-${body.slice(0, 24)}`,
  "groq-key": `gs~k_${body}${body.slice(0, 16)}`,
  "xai-key": `xa~i-${body}${body}`,
  "npm-token": `np~m_${body}`,
  "private-key": `-----BEGIN ~PRIVATE KEY-----\n${body}${body.slice(0, 28)}\n-----END PRIVATE KEY-----`,
  "database-password": `postgres://admin:${body.slice(0, 16)}@db.internal:5432/prod`,
  "url-password": `https://user:${body.slice(4, 18)}@api.example.com/v1`,
  jwt: `~eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MjQyIn0.${body}`,
  "stripe-key": `sk_~live_${body.slice(0, 24)}`,
  "replicate-token": `r~8_${body}`,
  "azure-key": "c81d4e2e9b6f47a3d05e7f19a2b8c364",
};
const own = Object.fromEntries(Object.entries(broken).map(([name, text]) => [name, text.replace("~", "")]));

/** 19 credentials: of the outside corpus where there is one, else our own of the same forms. */
export const credentials: Readonly<Record<string, string>> =
  conformanceDir === undefined
    ? own
    : readConformance<{ positive: Record<string, string> }>("secrets-corpus.json").positive;

/** Personal data that has a form by which it is known wherever it stands. */
const formal: Readonly<Record<string, string>> = {
  "e-mail": "ysolde.quark@mailbox.example",
  phone: "+44 7700 900 773",
  iban: "GB33 BUKB 2020 1555 5555 55",
  card: "4539 1488 0343 6467",
  "social-security-number": "536-22-8731",
};
/** Personal data that any other text could be: as a value it is never shown, as a name it is a name. */
const formless: Readonly<Record<string, string>> = { address: "192.168.77.203", name: "Ysolde Quarkenbush" };

type Canary = readonly [kind: string, text: string];
/** What may not be seen even where somebody wrote it for a name. */
export const formed: readonly Canary[] = Object.entries({ ...credentials, ...formal });
/** What may not be seen where it is a value. */
export const canaries: readonly Canary[] = [...formed, ...Object.entries(formless)];

/** Throws when the text holds a telling part of the canary: a leak of a half is a leak. */
export function expectNone(canary: string, ...values: readonly unknown[]): void {
  const text = values.map(seen).join("\n");
  for (const part of partsOf(canary))
    if (text.includes(part))
      throw new Error(
        `the canary is seen: ${JSON.stringify(text.slice(Math.max(0, text.indexOf(part) - 60)).slice(0, 90))}`,
      );
}

/** Everything of a value that a log could hold: own text, inspected, as JSON, and what errors hide. */
function seen(value: unknown): string {
  if (typeof value === "string") return value;
  return [
    inspect(value, { depth: 12, showHidden: true, maxStringLength: null }),
    JSON.stringify(value) ?? "",
    ...(value instanceof Error ? [value.message, value.stack ?? "", formatted(value)] : []),
  ].join("\n");
}

function formatted(error: Error): string {
  return "diagnostics" in error && Array.isArray(error.diagnostics) ? formatDiagnostics(error.diagnostics) : "";
}

function partsOf(canary: string): string[] {
  const [longest = ""] = canary.split("\n").sort((left, right) => right.length - left.length);
  const middle = longest.slice(Math.floor(longest.length / 4), Math.ceil((longest.length * 3) / 4));
  return [canary, longest, longest.length > 24 ? middle : longest];
}

/** What a step throws; a step that throws nothing tests nothing. */
export function thrownBy(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Everything but the places: those are exact, for programs. */
export function exceptPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member: unknown) => (key === "pointer" || key === "span" ? undefined : member)),
  );
}
