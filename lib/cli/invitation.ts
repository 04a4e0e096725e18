// The lines that tell a host what others type to join.

import { formatAddress, isLoopback } from "../net/tcp.ts";

/** An IPv4 or IPv6 address and a port. */
export type Address = Pick<Deno.NetAddr, "hostname" | "port">;

const EVERYWHERE = ["::", "0.0.0.0"];
const ADDRESSES_SHOWN = 2;

/** One line a listener, then how to join, from other machines where they can. */
export function invitation(
  version: string,
  listeners: readonly Address[],
  machine: readonly Pick<Deno.NetworkInterfaceInfo, "address" | "family">[],
): string[] {
  const lines = listeners.map(({ hostname, port }) =>
    `bobchat ${version} listening on ${formatAddress(hostname, port)}`
  );
  const { hostname, port } = listeners[0]!;
  const outside = EVERYWHERE.includes(hostname)
    ? machine.filter(({ address, family }) => family === "IPv4" && !address.startsWith("127."))
      .map(({ address }) => address).slice(0, ADDRESSES_SHOWN)
    : isLoopback(hostname)
    ? []
    : [hostname];
  for (const address of outside) {
    lines.push(`  others join with   nc ${address} ${port}   (or telnet)`);
  }
  if (EVERYWHERE.includes(hostname)) lines.push(`  on this machine    nc 127.0.0.1 ${port}`);
  else if (isLoopback(hostname)) lines.push(`  on this machine only: nc ${hostname} ${port}`);
  return lines;
}
