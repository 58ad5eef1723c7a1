const DPV = "https://w3id.org/dpv";
const OWN = "https://promptpack.org/vocab";

/** The prefixes that need no declaration, and their IRIs. Source: R325, SPEC 4.14. */
export const wellKnownPrefixes: { readonly [prefix: string]: string } = {
  dpv: `${DPV}#`,
  "eu-aiact": `${DPV}/legal/eu/aiact#`,
  ai: `${DPV}/ai#`,
  pd: `${DPV}/pd#`,
  risk: `${DPV}/risk#`,
  tech: `${DPV}/tech#`,
  "legal-eu-gdpr": `${DPV}/legal/eu/gdpr#`,
  "legal-us": `${DPV}/legal/us#`,
  "sector-health": `${DPV}/sector/health#`,
  "sector-finance": `${DPV}/sector/finance#`,
  "sector-education": `${DPV}/sector/education#`,
  "sector-law": `${DPV}/sector/law#`,
  "sector-publicservices": `${DPV}/sector/publicservices#`,
  "sector-infra": `${DPV}/sector/infra#`,
  hipaa: `${OWN}/hipaa#`,
  pp: `${OWN}/pp#`,
};

/** Returns whether a text may stand before the colon of a CURIE. Source: R322. */
export function isPrefix(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(text);
}

/**
 * Returns the prefix of a CURIE; undefined for a free text, which is as good: an IRI (`//` after the colon, or urn:),
 * no name before the colon, or a space after it, as in a sentence. Source: R323, R324.
 */
export function curiePrefix(value: string): string | undefined {
  const colon = value.indexOf(":");
  if (colon < 1 || value.startsWith("//", colon + 1) || /\s/.test(value.charAt(colon + 1))) return undefined;
  const prefix = value.slice(0, colon);
  return prefix.toLowerCase() !== "urn" && isPrefix(prefix) ? prefix : undefined;
}

/** Returns the prefix of a value when it is neither well known nor among the vocabularies. */
export function undeclaredPrefix(
  value: string,
  vocabularies: { readonly [prefix: string]: string } = {},
): string | undefined {
  const prefix = curiePrefix(value);
  const known = prefix === undefined || Object.hasOwn(wellKnownPrefixes, prefix) || Object.hasOwn(vocabularies, prefix);
  return known ? undefined : prefix;
}
