// Node's servers listen by events; this has them listen by a promise.

import type { Server } from "node:net";

/** Listens, on a free port for 0; rejects where it cannot. Returns the address that it got. */
export async function listenOn(
  server: Server,
  { port, hostname }: { port: number; hostname: string },
): Promise<Deno.NetAddr> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: hostname }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address, port: got } = server.address() as { address: string; port: number };
  return { transport: "tcp", hostname: address, port: got };
}
