/** Tests texts against one pattern. */
export interface AsciiPattern {
  test(text: string): boolean;
}

interface Step {
  /** 1 for each character that fits. */
  readonly fits: Uint8Array;
  readonly min: number;
  readonly max: number;
}

const MAX_LENGTH = 200;
const ATOM = /(?:([\w:@/ -])|\[([\w:.@/ -]+)\])(?:\{(\d{1,3})(,(\d{0,3}))?\}|([*+]))?/y;

/**
 * Returns a matcher for an anchored sequence of ASCII characters and classes such as `^[a-z]{2}-[0-9]+$`, else undefined.
 * Only the last part may vary in length, so one look at each character decides, and any dialect of patterns agrees.
 */
export function compileAsciiPattern(source: string): AsciiPattern | undefined {
  // hostile: each part takes memory
  if (source.length > MAX_LENGTH || !source.startsWith("^") || !source.endsWith("$")) return undefined;
  const steps: Step[] = [];
  const end = source.length - 1;
  let at = 1;
  while (at < end) {
    ATOM.lastIndex = at;
    const match = ATOM.exec(source);
    const step = match === null || steps.some(({ min, max }) => min !== max) ? undefined : readStep(match);
    if (step === undefined) return undefined;
    steps.push(step);
    at = ATOM.lastIndex;
  }
  return { test: (text) => fitsSteps(text, steps) };
}

function readStep([, character, members, least, upTo, most, sign]: RegExpExecArray): Step | undefined {
  const fits = new Uint8Array(128);
  if (!addMembers(fits, character ?? members ?? "")) return undefined;
  const min = least === undefined ? (sign === "*" ? 0 : 1) : Number(least);
  const isOpen = sign !== undefined || (upTo !== undefined && most === "");
  const max = isOpen ? Infinity : most === undefined ? min : Number(most);
  return max < min ? undefined : { fits, min, max };
}

/** Returns false for a range that runs backwards or from a dash, on which dialects disagree. */
function addMembers(fits: Uint8Array, members: string): boolean {
  for (let index = 0; index < members.length; index++) {
    const first = members.charCodeAt(index);
    const isRange = members[index + 1] === "-" && index + 2 < members.length;
    const last = isRange ? members.charCodeAt(index + 2) : first;
    if (last < first || (isRange && members[index] === "-")) return false;
    fits.fill(1, first, last + 1);
    if (isRange) index += 2;
  }
  return true;
}

function fitsSteps(text: string, steps: readonly Step[]): boolean {
  let at = 0;
  for (let index = 0; index < steps.length; index++) {
    const { fits, min, max } = steps[index] as Step;
    const start = at;
    while (at - start < max && at < text.length && fits[text.charCodeAt(at)] === 1) at++;
    if (at - start < min) return false;
  }
  return at === text.length;
}
