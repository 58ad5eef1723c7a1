// Who writes a key or an address where a name belongs must not find it in a log. Forms are all that can tell: what has
// none, such as a person's name, stays. Every pattern is bounded or starts at a fixed mark, so time is linear.

/** A digest, which is public, or what begins like a provider's key or is long enough to be one; `looksRandom` decides. */
const KEY =
  /[Ss][Hh][Aa]\d{3}[-:][\w+/=-]*|(?<![A-Za-z0-9])((?:sk|pk|rk|gsk|xai|pplx|hf|r8|npm|pypi|gh[a-z]|github_pat|gl[a-z]{2,4}|xox[a-z]|xapp|lsv2|pcsk|do[a-z]_v1|shp[a-z]{2}|hvs|ntn|lin_api|SG|GOCSPX)[-_.]|A[KS]IA|AIza|eyJ|dapi)[\w.-]{12,}|[A-Za-z0-9+]{20,}={0,2}/g;

const FORMS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[^]*?(?:-----END[A-Z0-9 -]{0,60}|$)/g,
  // user:password of an address, also in an RFC 6901 pointer, where a slash is ~1
  /(?<=:(?:\/\/|~1~1))[^\s:/@"'<>]{0,100}:[^\s/@"'<>]{1,200}(?=@)/g,
  // an e-mail address; not git@github.com, not support@1.2.0
  /(?<![\w.+%-])(?!git@)[\w.+%-]{1,64}@(?!\d+\.\d)(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}(?![\w-])/g,
  // card, social security, phone and account numbers
  /(?<![A-Za-z0-9]|\d[.-])(?:[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}|\d{3}-\d\d-\d{4}|\+(?!\d{4}-)\d[\d ().-]{7,16}\d|[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)(?![A-Za-z0-9]|[.-]\d)/g,
];

/**
 * Returns text with what looks like a credential or personal data replaced, by its length unless `shown` says otherwise.
 * Names stay as they are, long ones too. Masking twice is masking once.
 */
export function maskSecrets(text: string, shown: (secret: string) => string = showLength): string {
  let rest = text;
  // A mask begins a new word, so what stood against a key can be an address only now.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!/[\d@_-]/.test(rest)) return rest; // none of the forms
    const masked = FORMS.reduce((one, form) => one.replace(form, shown), rest).replace(KEY, (found, prefix?: string) =>
      looksRandom(found, prefix !== undefined) ? shown(found) : found,
    );
    if (masked === rest) return rest;
    rest = masked;
  }
  return shown(text);
}

/** hostile: in a chain, each mask lets one more be seen; nobody writes a long one by chance, and nothing of it is shown. */
const MAX_ROUNDS = 8;

const showLength = (secret: string): string => `[masked: ${secret.length} characters]`;

/** Random text changes between capitals, small letters and digits all the time; words and numbers do not. */
function looksRandom(text: string, hasPrefix: boolean): boolean {
  // In hex there are more digests than keys, but for the length of MD5, which is that of several clouds' keys.
  if (/^sha\d/i.test(text) || (/^[\da-f]+$/i.test(text) && text.length !== 32)) return false;
  let digits = 0;
  let changes = 0;
  let before = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // 1 digit, 2 capital, 3 small letter, 0 between words
    const kind = code < 48 ? 0 : code < 58 ? 1 : code < 65 ? 0 : code < 91 ? 2 : code === 95 ? 0 : 3;
    if (kind === 1) digits++;
    if (kind !== before && kind !== 0 && before !== 0) changes++;
    before = kind;
  }
  return changes > text.length * (hasPrefix ? (digits > 1 ? 0.15 : 0.35) : digits > 1 ? 0.4 : 1);
}
