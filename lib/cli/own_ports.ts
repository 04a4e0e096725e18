// Finds options that would have two of our own listeners at the same port of the same address, which can only be a
// mistake.

import ipaddr from "ipaddr.js";
import { plainAddress } from "../chat/address.ts";
import { UsageError } from "../errors.ts";

/** Where an option would have a listener. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** All addresses of the machine, IPv4 and IPv6, or IPv4 alone. */
const EVERYWHERE = "::", EVERYWHERE_4 = "0.0.0.0";

/** Throws a `UsageError` if two listeners would be at the same port of the same address. */
export function checkPorts(
  { host, port }: { readonly host: readonly string[]; readonly port: readonly number[] },
): void {
  const places = host.flatMap((host) => port.map((port) => ({ host, port })));
  places.forEach((one, i) => {
    const other = places.slice(i + 1).find((place) =>
      one.host !== place.host && isSame(one, place)
    );
    if (other === undefined) return;
    throw new UsageError(
      `--host ${one.host} and --host ${other.host} are both at port ${one.port} of the same ` +
        "address: leave one of them out",
    );
  });
}

function isSame(one: Place, other: Place): boolean {
  // 0 takes any free port.
  if (one.port !== other.port || one.port === 0) return false;
  const hosts = [canonical(one.host), canonical(other.host)];
  if (hosts[0] === hosts[1] || hosts.includes(EVERYWHERE)) return true;
  return hosts.includes(EVERYWHERE_4) && hosts.every((host) => !host.includes(":"));
}

function canonical(host: string): string {
  if (host.toLowerCase() === "localhost") return "127.0.0.1";
  // IPv4 addresses in the forms that the system accepts: 127.1, 0.
  if (ipaddr.IPv4.isValid(host)) return ipaddr.IPv4.parse(host).toString();
  // The same link-local address on another interface is another address.
  return host.includes("%") ? host : plainAddress(host);
}
