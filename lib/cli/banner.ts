// The banner: the addresses that the server listens on, and what to tell those who are to join.

import { formatAddress } from "../chat/address.ts";
import type { Options } from "./options.ts";

/** An IPv4 or IPv6 address and a port. */
export type Address = Pick<Deno.NetAddr, "hostname" | "port">;

/** What the banner depends on. */
export type Told = Pick<Options, "classic" | "noWeb" | "quiet" | "tlsCert" | "tlsOnly">;

type Machine = readonly Pick<Deno.NetworkInterfaceInfo, "address" | "family">[];

const EVERYWHERE = ["::", "0.0.0.0"], HERE = "127.0.0.1";

/** A line for each listener, then the ways in at the first of them. */
export function banner(
  version: string,
  { listeners, machine, told }: {
    listeners: readonly Address[];
    machine: Machine;
    told: Told;
  },
): string[] {
  const lines = listeners.map(({ hostname, port }) =>
    `bobchat ${version} listening on ${formatAddress(hostname, port)}`
  );
  const [first] = listeners;
  if (told.quiet || first === undefined) return lines;
  return [...lines, ...ways({ ...first, hostname: reachable(first.hostname, machine) }, told)];
}

/** How to join at an address. */
function ways({ hostname, port }: Address, { classic, noWeb, tlsCert, tlsOnly }: Told): string[] {
  const isSecure = tlsCert !== undefined;
  const browser = `${isSecure ? "https" : "http"}://${formatAddress(hostname, port)}`;
  const plain = classic ? "(or telnet)" : "(or telnet, PuTTY, bobchat connect)";
  const terminals = [
    ...tlsOnly ? [] : [`nc ${hostname} ${port}     ${plain}`],
    ...isSecure ? [`ncat --ssl ${hostname} ${port}     (or bobchat connect --tls)`] : [],
  ];
  return [
    ...classic || noWeb ? [] : [`  in a browser    ${browser}`],
    ...terminals.map((way, i) => `  ${i === 0 ? "in a terminal " : "              "}  ${way}`),
  ];
}

/** An address of a listener that others can type: the machine's first, if it listens on all. */
function reachable(hostname: string, machine: Machine): string {
  if (!EVERYWHERE.includes(hostname)) return hostname;
  const own = machine.find(({ address, family }) =>
    family === "IPv4" && !address.startsWith("127.")
  );
  return own?.address ?? HERE;
}
