import { findAll } from "../../ground/find-all.ts";
import type { PackText } from "../../ground/texts.ts";
import { decodeBase64, decodeHex, readableText } from "../../secrets/decode.ts";
import { type Note, rangeOf } from "./note.ts";

const SENSITIVE_PATH =
  /~\/\.[\w.-]{1,60}(?:\/[\w.-]{1,80}){0,6}|\/(?:etc\/(?:passwd|shadow|hosts|ssh)|proc\/self)[\w/.-]{0,200}|\b(?:id_rsa|id_ed25519)\b|\.(?:ssh|aws|kube|gnupg|docker)\/[\w.-]{1,80}|(?<![\w/])\.(?:env|npmrc|netrc|pypirc|git-credentials)\b(?![\w-])/g;
const LOCAL_PATH =
  /file:\/\/[^\s"'<>`]{1,500}|(?<![\w./~{}])\/(?:etc|proc|root|home|var|Users|dev|sys|tmp|opt|mnt|private)\/[\w./-]{1,200}|(?<![\w/])~\/[\w.][\w./-]{0,200}|\b[A-Za-z]:\\[\w.\\ -]{1,200}|\\\\[\w.-]{1,60}\\[\w.$\\-]{1,200}|(?:\.\.\/){1,20}[\w./-]{0,200}/g;

const CODE: readonly (readonly [pattern: RegExp, severity: "medium" | "high", about: string])[] = [
  [
    /\b(?:curl|wget)\b[^\n|]{1,500}\|\s{0,4}(?:sudo\s{1,4})?(?:sh|bash|zsh|python3?|node|perl)\b/g,
    "high",
    "a program that is downloaded and run",
  ],
  [
    /\b(?:curl|wget|Invoke-WebRequest|iwr)\s{1,4}(?:-[\w-]{1,30}\s{1,4}){0,8}["']?https?:\/\//g,
    "medium",
    "a command that downloads",
  ],
  [/\brm\s{1,4}-[a-zA-Z]{0,6}[rf][a-zA-Z]{0,6}\s{1,4}[/~*.$\w]/g, "high", "a command that deletes files"],
  [
    /\b(?:bash|sh|zsh|cmd|powershell|pwsh)(?:\.exe)?\s{1,4}(?:-c|\/c|-enc|-EncodedCommand|-ExecutionPolicy)\b/gi,
    "medium",
    "a command for a shell",
  ],
  [/\b(?:eval|exec|execSync|spawn|system|popen)\s{0,4}\(/g, "medium", "a call that runs code"],
  [
    /\b(?:os\.system|subprocess\.\w{1,20}|child_process|__import__|importlib\.import_module|Runtime\.getRuntime)\b/g,
    "medium",
    "a call that starts a program",
  ],
  [
    /\brequire\(\s{0,4}["'][\w:@./-]{1,100}["']\s{0,4}\)|\bdocument\.cookie\b|\blocalStorage\.\w{1,20}/g,
    "medium",
    "JavaScript",
  ],
  [/<script\b|\bon(?:error|load|click|mouseover|focus)\s{0,4}=\s{0,4}["'\w]/gi, "medium", "HTML that runs a script"],
  [
    /\b(?:DROP\s{1,4}(?:TABLE|DATABASE)|TRUNCATE\s{1,4}TABLE|DELETE\s{1,4}FROM\s{1,4}\w{1,60}\s{0,4};)/gi,
    "medium",
    "SQL that deletes data",
  ],
  [
    /\bnc\s{1,4}(?:-[a-z]{1,6}\s{1,4}){0,4}-e\b|\/dev\/tcp\/|\bbase64\s{1,4}(?:-d|--decode)\b/g,
    "high",
    "a command that opens a way in or unpacks a program",
  ],
];

const ENCODED = /(?<![\w+/=-])[A-Za-z0-9+/_-]{64,}={0,2}/g;
const ESCAPES = /(?:(?:\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}|&#x?[0-9a-fA-F]{2,5};)){12,}/g;

/** file-path, code-like and encoded-blob. */
export function checkContents(packText: PackText, note: Note): void {
  const { text, place, label } = packText;
  if (text.length < 4) return;
  let sensitive = false;
  for (const match of findAll(text, SENSITIVE_PATH)) {
    sensitive = true;
    note("file-path", place === "tool" ? "high" : "medium", "a path of credentials or of the system", rangeOf(match));
  }
  const [local] = sensitive ? [] : findAll(text, LOCAL_PATH);
  if (local !== undefined)
    note("file-path", place === "tool" ? "medium" : "low", "a path of a file outside the pack", rangeOf(local));
  for (const [pattern, severity, about] of CODE) {
    const [match] = findAll(text, pattern);
    if (match !== undefined) note("code-like", severity, `the text holds ${about}`, rangeOf(match));
  }
  if (text.length >= 24 && label !== "base64") checkEncoded(packText, note);
}

function checkEncoded({ text, place }: PackText, note: Note): void {
  for (const match of findAll(text, ENCODED)) {
    const [run] = match;
    if (/^(?:sha(?:256|384|512)-|[0-9a-f]{64}$|[0-9a-f]{128}$|iVBORw0KGgo|\/9j\/)/.test(run) || isName(run)) continue;
    const isHex = /^(?:[0-9a-fA-F]{2})+$/.test(run);
    const isReadable = readableText(isHex ? decodeHex(run) : decodeBase64(run)) !== undefined;
    const severity = isReadable ? (place === "tool" ? "high" : "medium") : "low";
    const what = isReadable ? "that decodes to readable text" : "of unknown content";
    note("encoded-blob", severity, `${run.length} characters of ${isHex ? "hex" : "base64"} ${what}`, rangeOf(match));
  }
  const [escapes] = findAll(text, ESCAPES);
  if (escapes !== undefined)
    note("encoded-blob", "medium", "a run of escapes that a reader cannot judge", rangeOf(escapes));
}

/** Long names, paths and rulers are words, not encodings. */
const isName = (run: string): boolean =>
  !/[A-Z]/.test(run) || !/[a-z]/.test(run) || !/\d/.test(run) || run.split(/[-_/]/).every((part) => part.length < 20);
