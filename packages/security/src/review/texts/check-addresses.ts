import { findAll } from "../../ground/find-all.ts";
import type { Severity } from "../../ground/finding.ts";
import { raise } from "../../ground/finding.ts";
import type { PackText } from "../../ground/texts.ts";
import { type Note, rangeOf } from "./note.ts";

const ADDRESS = /[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>`\\]{1,2000}/gi;
const SCRIPT_ADDRESS = /\b(?:javascript|vbscript|data):[^\s]{1,200}/gi;
const LINK = /!?\[[^\]\n]{0,200}\]\(\s{0,8}<?(https?:\/\/[^\s)>]{1,2000})/gi;
const ELEMENT = /<(img|a|iframe|script)\b[^>]{0,300}?(?:src|href)\s{0,4}=\s{0,4}["']?(https?:\/\/[^\s"'>]{1,2000})/gi;
const PLACEHOLDER = /\{\{|\$\{|\{[a-z_]\w{0,60}\}|<[A-Z_]{3,40}>|\[[A-Z_]{3,40}\]/;
const COLLECTORS =
  /(?:^|\.)(?:webhook\.site|requestbin\.\w+|pipedream\.net|ngrok(?:-free)?\.(?:io|app|dev)|burpcollaborator\.net|oastify\.com|interact\.sh|pastebin\.com|transfer\.sh|bit\.ly|tinyurl\.com|t\.ly|hookdeck\.com)$/i;

/** An address in a text. */
export interface Address {
  readonly scheme: string;
  readonly host: string;
  readonly start: number;
  readonly end: number;
}

/** Returns the addresses with a host in a text. */
export function addressesIn(text: string): Address[] {
  if (!text.includes("://")) return [];
  return Array.from(findAll(text, ADDRESS), (match) => {
    const url = match[0].slice(0, endOfAddress(match[0]));
    const [scheme = "", rest = ""] = url.split("://", 2);
    const host = (/^[^/?#]*/.exec(rest)?.[0] ?? "").replace(/^.*@/, "").replace(/:\d*$/, "");
    return {
      scheme: scheme.toLowerCase(),
      host: host.toLowerCase(),
      start: match.index,
      end: match.index + url.length,
    };
  });
}

/** url and exfiltration-pattern. */
export function checkAddresses({ text, place, label }: PackText, note: Note): void {
  if (label === "$schema" || label === "$id") return;
  const hosts = new Set<string>();
  for (const address of addressesIn(text)) {
    const { scheme, host, start, end } = address;
    if (scheme === "file" || hosts.has(host)) continue; // file-path speaks of files
    hosts.add(host);
    const { severity, about } = judge(address);
    note("url", place === "tool" ? raise(severity) : severity, about, { start, end });
  }
  for (const match of findAll(text, SCRIPT_ADDRESS)) {
    if (/^data:image\//i.test(match[0])) continue;
    note("url", "medium", "an address that holds a program or a document", rangeOf(match));
  }
  checkExfiltration(text, note);
}

function judge({ scheme, host }: Address): { severity: Severity; about: string } {
  if (COLLECTORS.test(host)) return { severity: "high", about: `${host} collects or relays what is sent to it` };
  if (/^[\d.]+$|^\[|^0x/i.test(host))
    return { severity: "medium", about: "an address without a name, of a single machine" };
  if (host.startsWith("xn--") || host.includes(".xn--") || /[^\u0000-\u007F]/.test(host)) {
    return { severity: "medium", about: "a host name in other letters, which may look like another host" };
  }
  if (scheme === "http" && !/^localhost$|\{/.test(host))
    return { severity: "low", about: "an address without encryption" };
  return { severity: "info", about: "an address of another host" };
}

function checkExfiltration(text: string, note: Note): void {
  if (!text.includes("](") && !text.includes("<")) return;
  const judgeLink = (match: RegExpMatchArray, url: string, isImage: boolean): void => {
    const path = url.replace(/^https?:\/\/[^/?#]*/i, "");
    const isOpen = isImage && /[?&][\w-]{1,60}=$/.test(url);
    if (PLACEHOLDER.test(path) || isOpen) {
      const what = isImage ? "an image, which is fetched without a click," : "a link";
      note(
        "exfiltration-pattern",
        isImage ? "high" : "medium",
        `${what} whose address carries a value to another host`,
        rangeOf(match),
      );
    } else if (PLACEHOLDER.test(url)) {
      note("exfiltration-pattern", "medium", "a link whose host is a value", rangeOf(match));
    }
  };
  for (const match of findAll(text, LINK)) judgeLink(match, match[1] ?? "", match[0].startsWith("!"));
  for (const match of findAll(text, ELEMENT)) judgeLink(match, match[2] ?? "", match[1]?.toLowerCase() !== "a");
}

/** Punctuation after an address belongs to the sentence, but for the braces of a placeholder. */
function endOfAddress(address: string): number {
  let end = address.length;
  while (end > 0 && ".,;:!?)]}*_".includes(address[end - 1] ?? "") && !address.endsWith("}}", end)) end--;
  return end;
}
