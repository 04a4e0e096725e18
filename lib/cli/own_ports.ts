// Finds options that would have two of our own listeners at the same port, which can only be a mistake.

import ipaddr from "ipaddr.js";
import { plainAddress } from "../chat/address.ts";
import { UsageError } from "../errors.ts";

/** The address and port at which a flag would listen. */
interface Place {
  /** The flag that names the port, and the one that names the host, if any. */
  readonly flag: string;
  readonly hostFlag: string;
  readonly host: string;
  readonly port: number;
}

/** All addresses of the machine, IPv4 and IPv6, or IPv4 alone. */
const EVERYWHERE = "::", EVERYWHERE_4 = "0.0.0.0";

/** The options that say where to listen. */
interface Where {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly tlsPort: readonly number[];
  readonly webHost: readonly string[];
  readonly webPort: readonly number[];
}

/** Throws a `UsageError` if two listeners would be at the same port of the same address. */
export function checkPorts({ host, port, tlsPort, webHost, webPort }: Where): void {
  const web = webHost.length > 0
    ? { hosts: webHost, hostFlag: "--web-host" }
    : { hosts: host, hostFlag: "--host" };
  const lines = { hosts: host, hostFlag: "--host" };
  const places = [
    ...placesOf("--port", port, lines),
    ...placesOf("--tls-port", tlsPort, lines),
    ...placesOf("--web-port", webPort, web),
  ];
  places.forEach((one, i) => {
    const other = places.slice(i + 1).find((place) => isSame(one, place));
    if (other === undefined) return;
    throw new UsageError(
      one.flag === other.flag
        ? `${one.hostFlag} ${one.host} and ${one.hostFlag} ${other.host} are both at port ${one.port} ` +
          "of the same address: leave one of them out"
        : `${one.flag} and ${other.flag} are both at port ${one.port}: give one of them another port`,
    );
  });
}

function placesOf(
  flag: string,
  ports: readonly number[],
  { hosts, hostFlag }: { hosts: readonly string[]; hostFlag: string },
): Place[] {
  const named = hosts.length > 0 ? hosts : [EVERYWHERE];
  return named.flatMap((host) => ports.map((port) => ({ flag, hostFlag, host, port })));
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
