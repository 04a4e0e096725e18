// Checks of serve's values that do not go together: each may be right by itself.

import ipaddr from "ipaddr.js";
import { plainAddress } from "../chat/address.ts";
import type { Options } from "./options.ts";

/** What does not go together, a sentence each; `nameOf` gives the flag, variable or line of an option. */
export function checkTogether(options: Options, nameOf: (key: keyof Options) => string): string[] {
  const { maxPending, maxLine, noWeb, webName, webOrigin, port, statusPort } = options;
  const conflicts = checkPorts(options, nameOf("host"));
  if (statusPort !== undefined && statusPort > 0 && port.includes(statusPort)) {
    const name = nameOf("statusPort");
    conflicts.push(`${name} must be another port than --port: people use that one`);
  }
  // A cleaned line can be three times as long (U+FFFD), and must fit together with a name and a time.
  if (maxPending < 4 * maxLine) {
    const name = nameOf("maxPending");
    conflicts.push(
      `${name} must be at least four times --max-line: ${4 * maxLine} bytes or more`,
    );
  }
  if (noWeb && webName.length + webOrigin.length > 0) {
    const name = nameOf(webName.length > 0 ? "webName" : "webOrigin");
    conflicts.push(`${name} does not go with --no-web: leave one of them out`);
  }
  return conflicts;
}

/** Where an option would have a listener. */
interface Place {
  readonly host: string;
  readonly port: number;
}

/** All addresses of the machine, IPv4 and IPv6, or IPv4 alone. */
const EVERYWHERE = "::", EVERYWHERE_4 = "0.0.0.0";

/** The first two listeners that would be at the same port of the same address: surely a mistake. */
function checkPorts({ host, port }: Pick<Options, "host" | "port">, name: string): string[] {
  const places = host.flatMap((host) => port.map((port) => ({ host, port })));
  for (const [i, one] of places.entries()) {
    const other = places.slice(i + 1).find((place) =>
      one.host !== place.host && isSame(one, place)
    );
    if (other === undefined) continue;
    return [
      `${name} ${one.host} and --host ${other.host} are both at port ${one.port} of the same ` +
      "address: leave one of them out",
    ];
  }
  return [];
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
