// A cable between a browser and bobchat that a test can pull out, and put back in.

/** The cable; a page reaches bobchat at its port. */
export class Cable implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #to: number;
  readonly #ends = new Set<Deno.Conn>();
  #isIn = true;
  /** How many connections were made through it. */
  connections = 0;

  /** Leads to a port of this machine. */
  constructor(to: number) {
    this.#to = to;
    void this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** All that goes through it ends, and nothing gets through any more. */
  pull(): void {
    this.#isIn = false;
    for (const end of this.#ends) close(end);
  }

  plug(): void {
    this.#isIn = true;
  }

  [Symbol.dispose](): void {
    this.pull();
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      if (this.#isIn) void this.#join(near);
      else close(near);
    }
  }

  async #join(near: Deno.Conn): Promise<void> {
    this.connections++;
    const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#to });
    const ends = [near, far];
    for (const end of ends) this.#ends.add(end);
    // Either end may be pulled out while something is on its way.
    await Promise.allSettled([
      near.readable.pipeTo(far.writable),
      far.readable.pipeTo(near.writable),
    ]);
    for (const end of ends) {
      this.#ends.delete(end);
      close(end);
    }
  }
}

/** Closes a connection, which may be closed already. */
export function close(end: Deno.Conn): void {
  try {
    end.close();
  } catch (error) {
    // Closed already, with its stream.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
