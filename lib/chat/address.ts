// IP addresses, ranges of them, and the networks that they belong to, each in one form however it was
// written, so that bans, limits and logs use the same text for the same address.

import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [address: Address, bits: number];

/** Bits of an IPv6 network that belongs to one customer as a whole. */
const IPV6_NETWORK = 64;
/** Bits before the IPv4 address in an IPv4-mapped IPv6 address. */
const MAPPED = 96;

/** An address in its one form, without a zone; any other text is returned unchanged. */
export function plainAddress(text: string): string {
  return parseAddress(text)?.toString() ?? text;
}

/** Whether a text is an address of this family: 4, 6, or either. */
export function isAddress(text: string, family?: 4 | 6): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  return family === undefined || (address.kind() === "ipv4") === (family === 4);
}

/** The network of an address that one customer likely has: an IPv4 address itself, an IPv6 address's /64. */
export function networkOf(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return text;
  return address.kind() === "ipv4" ? address.toString() : formatRange([address, IPV6_NETWORK]);
}

/**
 * An address or a range in its one form: `10.1.2.3/24` is `10.1.2.0/24`, `::ffff:1.2.3.4` is `1.2.3.4`, and
 * a range of one address is that address. Undefined for a text that is neither.
 */
export function parseNetwork(text: string): string | undefined {
  const range = parseRange(text);
  return range && formatRange(range);
}

/** Whether an address is this machine's own (loopback). */
export function isLoopback(text: string): boolean {
  return parseAddress(text)?.range() === "loopback";
}

/** `ADDRESS:PORT`, with brackets around IPv6. */
export function formatAddress(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A list of addresses and ranges. */
export class Networks {
  readonly #ranges: readonly Range[];

  /** Texts that are no addresses or ranges are ignored. */
  constructor(networks: readonly string[]) {
    this.#ranges = networks.flatMap((network) => {
      const range = parseRange(network);
      return range === undefined ? [] : [range];
    });
  }

  /** Whether an address is in one of the networks. */
  has(text: string): boolean {
    if (this.#ranges.length === 0) return false;
    const address = parseAddress(text);
    return address !== undefined &&
      this.#ranges.some(([base, bits]) =>
        base.kind() === address.kind() && address.match(base, bits)
      );
  }
}

function parseAddress(text: string): Address | undefined {
  // The zone names an interface of this machine; it is no part of the address.
  const bare = text.replace(/%.*$/s, "");
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  if (!bare.includes(":") || !ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function parseRange(text: string): Range | undefined {
  const [, base = "", bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(base);
  if (address === undefined) return undefined;
  const isIpv4 = address.kind() === "ipv4";
  const most = isIpv4 ? 32 : 128;
  if (bits === undefined) return [address, most];
  const count = Number(bits) - (isIpv4 && base.includes(":") ? MAPPED : 0);
  return count >= 0 && count <= most ? [address, count] : undefined;
}

function formatRange([address, bits]: Range): string {
  const bytes = address.toByteArray().map((byte, index) =>
    byte & 0xff << 8 - Math.min(8, Math.max(0, bits - 8 * index))
  );
  const base = ipaddr.fromByteArray(bytes).toString();
  return bits === 8 * bytes.length ? base : `${base}/${bits}`;
}
