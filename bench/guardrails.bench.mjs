// Guards a stream of 20-character pieces against 1000 banned words, beside a bare charCodeAt loop over the same pieces
// (the least that any scan in JavaScript can cost) and beside checking all text so far again at every piece.
// Re-checking is quadratic: it is measured on SHORT characters and extrapolated to the long text by the square.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { compare } from "./measure.mjs";

const dist = process.env.PROMPTPACK_BENCH_CORE ?? new URL("../packages/core/dist", import.meta.url).href;
const { createStreamGuard, guardResponse } = await import(`${dist}/index.js`);

const peers = process.env.PROMPTPACK_BENCH_PEERS ?? import.meta.dirname;
const PIECE = 20;
const SHORT = 10_000;
const LONG = 1 << 20;

let seed = 20_261_122;
const draw = (below) => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) % below;
const makeWord = (least, span) =>
  Array.from({ length: least + draw(span) }, () => String.fromCharCode(97 + draw(26))).join("");
const vocabulary = Array.from({ length: 5000 }, () => makeWord(2, 8));
// No word of the text is banned, so that every candidate reads to the end.
const words = Array.from({ length: 1000 }, () => `${makeWord(4, 7)}zq`);
const validators = Object.freeze([{ type: "banned_words", enabled: true, fail_on_violation: true, params: { words } }]);

const long = piecesOf(makeText(LONG));
const short = long.slice(0, SHORT / PIECE);
const latin = piecesOf(makeText(LONG).replaceAll("e", "é"));
const whole = long.join("");

await compare("1 MB in pieces of 20 characters, 1000 banned words", {
  "charCodeAt loop": () => readEach(long),
  "stream guard": () => guardEach(long),
});
await compare("the same with é for e", {
  "charCodeAt loop": () => readEach(latin),
  "stream guard": () => guardEach(latin),
});

const combined = new RegExp(`\\b(?:${words.join("|")})\\b`, "i");
await compare("1 MB at once, 1000 banned words", {
  "one native RegExp": () => combined.test(whole),
  guardResponse: () => guardResponse(validators, whole).ok,
});

const again = await peerRecheck();
const recheck = await compare(
  `${SHORT} characters in pieces of ${PIECE}, 1000 banned words`,
  { "stream guard": () => guardEach(short), "all text again at each piece": () => recheckEach(short), ...again },
  { rounds: 11 },
);
for (const { name, ratio } of recheck.candidates.slice(1)) {
  const extrapolated = Math.round(ratio * (LONG / SHORT));
  if (!process.argv.includes("--json"))
    console.log(`  extrapolated to 1 MB (quadratic against linear): ${name} takes ${extrapolated}x as long`);
}

function makeText(size) {
  const parts = [];
  for (let length = 0; length < size; length += parts.at(-1).length) {
    parts.push(vocabulary[draw(vocabulary.length)] + (draw(12) === 0 ? ". " : " "));
  }
  return parts.join("").slice(0, size);
}

function piecesOf(text) {
  return Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) =>
    text.slice(index * PIECE, (index + 1) * PIECE),
  );
}

function readEach(pieces) {
  let sum = 0;
  for (const piece of pieces)
    for (let index = 0; index < piece.length; index++) sum = (sum + piece.charCodeAt(index)) | 0;
  return sum;
}

function guardEach(pieces) {
  const guard = createStreamGuard(validators);
  let emitted = 0;
  for (const piece of pieces) emitted += guard.push(piece).text.length;
  const last = guard.end();
  if (!last.ok || emitted + last.text.length !== pieces.length * PIECE - (PIECE - pieces.at(-1).length))
    throw new Error("text was lost");
  return emitted;
}

function recheckEach(pieces) {
  let text = "";
  for (const piece of pieces) {
    text += piece;
    const lower = text.toLowerCase();
    if (words.some((word) => lower.includes(word))) throw new Error("found a word that is not there");
  }
  return text.length;
}

/** The peer's whole-text check at every piece, where it is installed. */
async function peerRecheck() {
  try {
    const path = createRequire(pathToFileURL(`${peers}/package.json`)).resolve("@promptpack/langchain");
    const { validateResponse } = await import(pathToFileURL(path).href);
    // A fifth of the text, because the peer takes seconds for all of it: the ratio shown is a 25th of the true one.
    return {
      "@promptpack/langchain at each piece, a fifth of the text": () => {
        let text = "";
        for (const piece of short.slice(0, short.length / 5)) validateResponse((text += piece), validators);
        return text.length;
      },
    };
  } catch {
    console.error("@promptpack/langchain is not installed: compared without it");
    return {};
  }
}
