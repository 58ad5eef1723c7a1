import { decodeHex } from "../../secrets/decode.ts";
import { html } from "../encode.ts";
import { sha256 } from "../sha256.ts";

const STYLE = `:root{color-scheme:light dark;--ink:#1c2128;--dim:#59636e;--paper:#fff;--card:#f6f8fa;--line:#d1d9e0;--critical:#a40e26;--high:#bc4c00;--medium:#7d5700;--low:#0550ae;--info:#59636e;--good:#1a7f37}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9198a1;--paper:#0d1117;--card:#161b22;--line:#30363d;--critical:#ff7b72;--high:#ffa657;--medium:#e3b341;--low:#79c0ff;--info:#9198a1;--good:#56d364}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.25rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
p,ul,dl{margin:.4rem 0}ul{padding-left:1.25rem}.dim{color:var(--dim);font-size:.875rem}
code,pre{font:.85em/1.5 ui-monospace,monospace}code{background:var(--card);border-radius:4px;padding:.1em .35em}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;white-space:pre-wrap;margin:.5rem 0 0}
.tally{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0;padding:0;list-style:none}.tally li,.badge{border:1px solid currentColor;border-radius:999px;padding:.05rem .65rem;font-size:.8rem;font-weight:600;white-space:nowrap}
.card{border:1px solid var(--line);border-left:4px solid currentColor;border-radius:6px;padding:.7rem .9rem;margin:.6rem 0}.card>*{color:var(--ink)}.card .dim{color:var(--dim)}.card .badge{color:inherit}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.info{color:var(--info)}.good{color:var(--good)}
table{border-collapse:collapse;width:100%;font-size:.9rem}.wide{overflow-x:auto}th,td{text-align:left;vertical-align:top;padding:.45rem .7rem .45rem 0;border-bottom:1px solid var(--line)}th{color:var(--dim);font-weight:600}
.added{color:var(--good)}.removed{color:var(--critical)}`;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Returns a whole page that loads nothing, runs nothing and links nowhere. The body is HTML already. */
export function htmlPage(title: string, body: string): string {
  const policy = `default-src 'none'; style-src 'sha256-${base64(decodeHex(sha256(STYLE).slice(7)))}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const group = (first << 16) | (second << 8) | third;
    const characters = [18, 12, 6, 0].map((shift) => ALPHABET[(group >> shift) & 63]).join("");
    text += characters.slice(0, Math.min(4, bytes.length - at + 1)).padEnd(4, "=");
  }
  return text;
}
