// Opens listeners at the addresses that the options name, or says in a sentence why one cannot be opened.

import { formatAddress } from "../chat/address.ts";
import type { Metrics } from "../metrics.ts";
import type { Intake } from "../net/intake.ts";
import type { Where } from "../net/socket_listener.ts";
import { StartError } from "../errors.ts";
import type { Options } from "./options.ts";

/** What every listener needs. */
export interface ListenersOptions {
  readonly options: Options;
  readonly intake: Intake;
  readonly metrics: Metrics;
  /** Once aborted, no more connections are accepted. */
  readonly stop: AbortSignal;
}

/** Every port at every host; at all addresses of the machine if no host is named. */
export function eachAddress(hosts: readonly string[], ports: readonly number[]): Where[] {
  const named = hosts.length > 0 ? hosts : [everywhere()];
  return named.flatMap((hostname) => ports.map((port) => ({ hostname, port })));
}

/** Listens at each address. Throws a `StartError` that names the flag to change. */
export async function listenAtEach<T>(
  flag: string,
  addresses: readonly Where[],
  listen: (where: Where) => T | Promise<T>,
): Promise<T[]> {
  const listening: T[] = [];
  for (const where of addresses) {
    try {
      listening.push(await listen(where));
    } catch (error) {
      const { hostname, port } = where;
      throw new StartError(
        `cannot listen on ${formatAddress(hostname, port)}: ${advice(error, flag)}`,
        { cause: error },
      );
    }
  }
  return listening;
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

function advice(error: unknown, flag: string): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (error instanceof Deno.errors.AddrInUse || code === "EADDRINUSE") {
    return `another program has that port, so stop it or choose another with ${flag}`;
  }
  if (error instanceof Deno.errors.PermissionDenied || code === "EACCES") {
    return `the system does not allow it, so choose a port above 1023 with ${flag}`;
  }
  const host = flag === "--web-port" ? "--web-host" : "--host";
  return `it is not an address of this machine, so leave ${host} out or give one that is`;
}
