// Parses the address of a server: the word after `bobchat connect`.

import { formatAddress } from "../chat/address.ts";
import { UsageError } from "../errors.ts";

/** A host's name or address, and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The address of a server on this machine, by default. */
const HERE = "127.0.0.1";
const PORT = 7777;

/** `HOST`, `HOST:PORT`, `[::1]:PORT` or nothing at all. Throws a `UsageError`. */
export function parseAddress(text: string | undefined): Address {
  if (text === undefined) return { host: HERE, port: PORT };
  // Two colons without brackets are an IPv6 address without a port.
  const form = /:.*:/.test(text) && !text.startsWith("[")
    ? /^(?<host>[\da-f:.]+(?:%[\w.@-]+)?)$/i
    : /^(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^\s:/[\]@]+))(?::(?<port>\d{1,5}))?$/;
  const { host, ipv6, port } = form.exec(text)?.groups ?? {};
  const where = { host: ipv6 ?? host ?? "", port: port === undefined ? PORT : Number(port) };
  if (/^\d+$/.test(text)) {
    throw new UsageError(`connect takes HOST[:PORT]: did you mean ${HERE}:${text}?`);
  }
  if (where.host !== "" && where.port > 0 && where.port <= 65535) return where;
  throw new UsageError(
    `connect takes HOST[:PORT], such as chat.example.org:${PORT} or [::1]:${PORT}, not ${
      JSON.stringify(text)
    }`,
  );
}

/** An address as it is typed. */
export function nameOf({ host, port }: Address): string {
  return formatAddress(host, port);
}
