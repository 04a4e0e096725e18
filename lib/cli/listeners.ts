// The TCP listeners that the options ask for, or the sentence why they cannot be had.

import { formatAddress } from "../net/tcp.ts";
import { StartError } from "./errors.ts";
import type { Options } from "./options.ts";

/** A listener for every host and port, or none at all. Throws a `StartError`. */
export function listen({ host, port }: Options): Deno.TcpListener[] {
  const listeners: Deno.TcpListener[] = [];
  try {
    for (const hostname of host.length > 0 ? host : [everywhere()]) {
      for (const each of port) listeners.push(open(hostname, each));
    }
    return listeners;
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw error;
  }
}

/** `::` takes IPv4 too, where the machine has IPv6 at all. */
function everywhere(): string {
  try {
    Deno.listen({ hostname: "::", port: 0 }).close();
    return "::";
  } catch {
    return "0.0.0.0";
  }
}

function open(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    throw new StartError(`cannot listen on ${formatAddress(hostname, port)}: ${advice(error)}`, {
      cause: error,
    });
  }
}

function advice(error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return "another program has that port, so stop it or choose another with --port";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system does not allow it, so choose a port above 1023 with --port";
  }
  return "it is not an address of this machine, so leave --host out or give one that is";
}
