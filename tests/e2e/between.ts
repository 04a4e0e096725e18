// What stands between a client and bobchat, as a cable or a proxy does: it takes connections at a port of its own,
// and joins them to others.

/** The part that all of them share. */
export abstract class Between implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #to: number;
  readonly #ends = new Set<Deno.Conn>();

  /** Leads to a port of this machine. */
  constructor(to: number) {
    this.#to = to;
    void this.#accept();
  }

  /** Where clients come in. */
  get port(): number {
    return this.#listener.addr.port;
  }

  [Symbol.dispose](): void {
    this.cut();
    this.#listener.close();
  }

  /** Takes a client; it closes with the rest, at the latest. */
  protected abstract serve(near: Deno.Conn): Promise<void> | void;

  /** Connects to where it leads. */
  protected async connect(): Promise<Deno.Conn> {
    const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#to });
    far.setNoDelay(true);
    this.#ends.add(far);
    return far;
  }

  /** Passes on what comes both ways, by default as it is, until both have ended; then closes them. */
  protected async join(
    near: Deno.Conn,
    far: Deno.Conn,
    there: Promise<void> = near.readable.pipeTo(far.writable),
  ): Promise<void> {
    // Either end may go first, while something is on its way.
    await Promise.allSettled([there, far.readable.pipeTo(near.writable)]);
    this.close(near);
    this.close(far);
  }

  /** Closes all that goes through it. */
  protected cut(): void {
    for (const end of this.#ends) this.close(end);
  }

  /** Closes a connection, which may be closed already. */
  protected close(end: Deno.Conn): void {
    this.#ends.delete(end);
    try {
      end.close();
    } catch (error) {
      // Closed already, with its stream.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      this.#ends.add(near);
      void this.serve(near);
    }
  }
}
