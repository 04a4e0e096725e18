// The PROXY protocol's header, versions 1 and 2: where a proxy says that a connection comes from. Pure; see
// https://www.haproxy.org/download/3.1/doc/proxy-protocol.txt

import ipaddr from "ipaddr.js";

/** Where a connection comes from, as a header says. */
export interface ProxiedOrigin {
  readonly address: string;
  readonly port: number;
  /** Whether the client's connection to the proxy was encrypted (version 2 alone can say so). */
  readonly isSecure: boolean;
}

/** A whole header: its bytes, and the origin; undefined: the proxy speaks for itself, or does not know. */
export interface ProxyHeader {
  readonly length: number;
  readonly origin: ProxiedOrigin | undefined;
}

/** Most bytes of a header of version 1, and of version 2 with what follows its addresses. */
const MOST_LINE = 107, MOST = 4096;
const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const START = [..."PROXY "].map((character) => character.charCodeAt(0));
/** Bytes before the addresses of version 2; its commands and its kinds of addresses over TCP. */
const FIXED = 16, LOCAL = 0x20, PROXY = 0x21, TCP4 = 0x11, TCP6 = 0x21;
/** The extra field about TLS, and its flag of a client that used it. */
const TLS = 0x20, USED_TLS = 1;
const LF = 10;

const DECODER = new TextDecoder();

/** Parses a header at the beginning of bytes. Undefined: more must come; a text: why there is none. */
export function parseProxyHeader(bytes: Uint8Array): ProxyHeader | string | undefined {
  if (isBegun(bytes, SIGNATURE)) return bytes.length < FIXED ? undefined : parseBinary(bytes);
  if (isBegun(bytes, START)) return parseLine(bytes);
  return "it began with no PROXY header";
}

/** Whether bytes begin as these do, as far as they go. */
function isBegun(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, i) => i >= bytes.length || bytes[i] === byte);
}

function parseLine(bytes: Uint8Array): ProxyHeader | string | undefined {
  const end = bytes.subarray(0, MOST_LINE).indexOf(LF);
  if (end === -1) return bytes.length < MOST_LINE ? undefined : "its PROXY header has no end";
  const line = DECODER.decode(bytes.subarray(0, end + 1));
  const length = end + 1;
  if (/^PROXY UNKNOWN(?: .*)?\r\n$/.test(line)) return { length, origin: undefined };
  const [, family, address = "", to = "", port, toPort] =
    /^PROXY TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})\r\n$/.exec(line) ?? [];
  const isOf = (text: string) =>
    family === "4" ? ipaddr.IPv4.isValidFourPartDecimal(text) : ipaddr.IPv6.isValid(text);
  const ports = [Number(port), Number(toPort)];
  if (!isOf(address) || !isOf(to) || !ports.every((each) => each <= 65535)) {
    return "its PROXY header is malformed";
  }
  return { length, origin: { address, port: ports[0]!, isSecure: false } };
}

function parseBinary(bytes: Uint8Array): ProxyHeader | string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const command = bytes[12]!, kind = bytes[13]!, rest = view.getUint16(14);
  const length = FIXED + rest;
  if (command !== LOCAL && command !== PROXY) return "its PROXY header is malformed";
  if (length > MOST) return "its PROXY header is too long";
  if (bytes.length < length) return undefined;
  // A health check of the proxy's own, or a kind of connection that is not TCP's.
  if (command === LOCAL || kind !== TCP4 && kind !== TCP6) return { length, origin: undefined };
  const size = kind === TCP4 ? 4 : 16, addresses = 2 * size + 4;
  if (rest < addresses) return "its PROXY header is malformed";
  const address = ipaddr.fromByteArray([...bytes.subarray(FIXED, FIXED + size)]).toString();
  const port = view.getUint16(FIXED + 2 * size);
  const isSecure = usedTls(bytes.subarray(FIXED + addresses, length));
  if (isSecure === undefined) return "its PROXY header is malformed";
  return { length, origin: { address, port, isSecure } };
}

/** Whether the extra fields say that the client used TLS; undefined if they are malformed. */
function usedTls(fields: Uint8Array): boolean | undefined {
  let isSecure = false;
  for (let at = 0; at < fields.length;) {
    if (fields.length - at < 3) return undefined;
    const length = fields[at + 1]! << 8 | fields[at + 2]!;
    const end = at + 3 + length;
    if (end > fields.length) return undefined;
    if (fields[at] === TLS && length > 0) isSecure = (fields[at + 3]! & USED_TLS) !== 0;
    at = end;
  }
  return isSecure;
}
