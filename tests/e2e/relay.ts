// A way to a server on which what a client sends is cut into pieces, and comes after a header of a proxy.

import { Between } from "./between.ts";

/** How a relay passes on what comes. */
export interface Passing {
  /** Bytes that come before everything, in one piece with what is first if that is not cut. */
  readonly header: Uint8Array;
  /** Whether the first bytes come one by one. */
  readonly isCut: boolean;
}

/** How many of the first bytes are cut: a request, or the hello of TLS and more. */
const CUT = 700;

/** Sends pieces one after the other; others may run in between, the server among them. */
export async function sendPieces(conn: Deno.Conn, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    for (let rest = piece; rest.length > 0;) rest = rest.subarray(await conn.write(rest));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Cuts bytes into pieces of these sizes, over and over. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const end = start + sizes[i % sizes.length]!;
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

/** The relay. */
export class Relay extends Between {
  readonly #passing: Passing;

  /** Leads to a port of this machine. */
  constructor(to: number, passing: Passing) {
    super(to);
    this.#passing = passing;
  }

  protected async serve(near: Deno.Conn): Promise<void> {
    const far = await this.connect();
    await this.join(near, far, this.#pass(near, far));
  }

  async #pass(near: Deno.Conn, far: Deno.Conn): Promise<void> {
    const { header, isCut } = this.#passing;
    const buffer = new Uint8Array(16_384);
    for (let passed = 0;;) {
      const count = await near.read(buffer);
      if (count === null) return await far.closeWrite();
      const bytes = Uint8Array.of(...passed === 0 ? header : [], ...buffer.subarray(0, count));
      const cutUp = isCut ? Math.max(0, CUT - passed) : 0;
      await sendPieces(far, [...cut(bytes.subarray(0, cutUp), [1]), bytes.subarray(cutUp)]);
      passed += bytes.length;
    }
  }
}
