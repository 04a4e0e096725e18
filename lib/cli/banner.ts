// The banner: lines that tell a host what to type to join.

import { formatAddress, isLoopback } from "../chat/address.ts";
import type { Listeners } from "./open_listeners.ts";

/** An IPv4 or IPv6 address and a port. */
export type Address = Pick<Deno.NetAddr, "hostname" | "port">;

/** Where the listeners are. */
export type Open =
  & Pick<Listeners, "isWebSecure">
  & {
    readonly [K in "lines" | "tls" | "web"]: readonly Address[];
  };

type Machine = readonly Pick<Deno.NetworkInterfaceInfo, "address" | "family">[];

const EVERYWHERE = ["::", "0.0.0.0"];
const ADDRESSES_SHOWN = 2;

/** A line for each listener, then how to join, from other machines if they can reach it. */
export function banner(
  version: string,
  { lines, tls, web, isWebSecure }: Open,
  machine: Machine,
): string[] {
  const shown = ({ hostname, port }: Address) => formatAddress(hostname, port);
  return [
    ...lines.map((at) => `bobchat ${version} listening on ${shown(at)}`),
    ...tls.map((at) => `bobchat ${version} listening for TLS on ${shown(at)}`),
    ...web.map((at) => `bobchat ${version} listening for browsers on ${shown(at)}`),
    ...ways(lines[0], machine, {
      way: (host, port) => `nc ${host} ${port}`,
      note: "   (or telnet)",
    }),
    ...ways(tls[0], machine, { way: (host, port) => `ncat --ssl ${host} ${port}`, note: "" }),
    ...ways(web[0], machine, {
      way: (host, port) => `${isWebSecure ? "https" : "http"}://${formatAddress(host, port)}`,
      note: "   (a browser)",
    }),
  ];
}

/** How to join over a listener: from other machines, and from this one. */
function ways(
  listener: Address | undefined,
  machine: Machine,
  { way, note }: { way: (host: string, port: number) => string; note: string },
): string[] {
  if (listener === undefined) return [];
  const { hostname, port } = listener;
  const lines = outside(hostname, machine).map((address) =>
    `  others join with   ${way(address, port)}${note}`
  );
  if (EVERYWHERE.includes(hostname)) lines.push(`  on this machine    ${way("127.0.0.1", port)}`);
  else if (isLoopback(hostname)) lines.push(`  on this machine only: ${way(hostname, port)}`);
  return lines;
}

/** Addresses at which other machines reach a listener. */
function outside(hostname: string, machine: Machine): string[] {
  if (!EVERYWHERE.includes(hostname)) return isLoopback(hostname) ? [] : [hostname];
  return machine.filter(({ address, family }) => family === "IPv4" && !address.startsWith("127."))
    .map(({ address }) => address).slice(0, ADDRESSES_SHOWN);
}
