/**
 * Returns whether an IPv4 or IPv6 address is one of the public internet. False for private, loopback, link-local,
 * shared, documentation, multicast, reserved, mapped, NAT64, 6to4 and Teredo addresses, and for anything that is no address.
 * Source: the IANA special-purpose registries (RFC 6890), RULINGS 25.
 */
export function isPublicAddress(address: string): boolean {
  // hostile: whatever is not plainly a public address is refused
  if (!address.includes(":")) {
    const value = parseIpv4(address);
    return value !== undefined && !SPECIAL_IPV4.some((range) => isInside(value, range));
  }
  const groups = parseIpv6(address);
  if (groups === undefined) return false;
  const [first = 0, second = 0] = groups;
  // Only 2000::/3 is routed; inside it these are not hosts, or hide an IPv4 address.
  if (first >>> 13 !== 1) return false;
  if (first === 0x2001) return second >= 0x0200 && second !== 0x0db8;
  return first !== 0x2002 && !(first === 0x3fff && second < 0x1000);
}

/** Returns the 32 bits of four decimal numbers with dots, or undefined. No other spelling is an address. */
function parseIpv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.reduce((value, part) => value * 256 + Number(part), 0);
}

/** Returns the eight groups of an IPv6 address, or undefined. */
function parseIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? "", halves.length === 1);
  const tail = parseGroups(halves[1] ?? "", true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** `isLast`: the last group of an address may be four decimal numbers. */
function parseGroups(text: string, isLast: boolean): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const embedded = isLast && index === parts.length - 1 && part.includes(".") ? parseIpv4(part) : undefined;
    if (embedded !== undefined) groups.push(embedded >>> 16, embedded & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

const SPECIAL_IPV4: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];

function isInside(address: number, range: string): boolean {
  const [network = "", bits] = range.split("/");
  const shift = 32 - Number(bits);
  return address >>> shift === (parseIpv4(network) ?? 0) >>> shift;
}
