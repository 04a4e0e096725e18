// Opens listeners at the addresses that the options name, or says in a sentence why one cannot be opened.

import { formatAddress } from "../chat/address.ts";
import { StartError } from "../errors.ts";
import type { Options } from "./options.ts";

/**
 * Listens at every port of every host; at all addresses of the machine if no host is named. `flags` is how the
 * names of the options for host and port begin.
 */
export function listen(
  { host, port }: Pick<Options, "host" | "port">,
  flags = "--",
): Deno.TcpListener[] {
  const hosts = host.length > 0 ? host : [everywhere()];
  return hosts.flatMap((hostname) => port.map((port) => listenAt({ hostname, port }, flags)));
}

/** Throws a `StartError` that names the option to change. */
function listenAt(
  where: { readonly hostname: string; readonly port: number },
  flags: string,
): Deno.TcpListener {
  try {
    return Deno.listen(where);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const at = formatAddress(where.hostname, where.port);
    throw new StartError(`cannot listen on ${at}: ${advice(error, flags)}`, { cause: error });
  }
}

/** `::`, which takes IPv4 too, if the machine has IPv6 at all. */
function everywhere(): string {
  try {
    Deno.listen({ hostname: "::", port: 0 }).close();
    return "::";
  } catch {
    return "0.0.0.0";
  }
}

function advice(error: unknown, flags: string): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `another program has that port, so stop it or choose another with ${flags}port`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `the system does not allow it, so choose a port above 1023 with ${flags}port`;
  }
  return `it is not an address of this machine, so leave ${flags}host out or give one that is`;
}
