// A peer in memory: the test feeds its reads and lets its writes through.

import type { Connection, WelcomePlace } from "../../../lib/net/connection.ts";

/** A write that has not been taken yet. */
interface Write {
  readonly chunk: Uint8Array;
  readonly resolve: (count: number) => void;
  readonly reject: (error: Error) => void;
}

/** One connection whose other end is the test. */
export class FakeConnection implements Connection {
  readonly remote: string;
  readonly isPrivate: boolean = false;
  readonly isSecure: boolean = false;
  /** Bytes that were taken. */
  readonly taken: number[] = [];
  readonly address: string;
  writes: Write[] = [];
  readonly welcomes: (WelcomePlace | undefined)[] = [];
  writesEnded = false;
  isClosed = false;
  /** Whether it was closed as one that was evicted. */
  wasEvicted = false;
  readonly #closed = Promise.withResolvers<void>();
  readonly #arrived: (Uint8Array | null | Error)[] = [];
  #readsEnded = false;
  #wake = () => {};

  constructor(address = "192.0.2.1") {
    this.address = address;
    this.remote = `${address}:1`;
  }

  /** What the peer sends: bytes, its end (null), or its failure. */
  feed(...items: (string | Uint8Array | null | Error)[]): void {
    const encoder = new TextEncoder();
    for (const item of items) {
      this.#arrived.push(typeof item === "string" ? encoder.encode(item) : item);
    }
    this.#wake();
  }

  /** What was taken, as text. */
  get text(): string {
    return new TextDecoder().decode(Uint8Array.from(this.taken));
  }

  /** Whether everything that was fed has been read. */
  get isIdle(): boolean {
    return this.#arrived.length === 0;
  }

  expectWelcome(place: WelcomePlace | undefined): void {
    this.welcomes.push(place);
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#arrived.length === 0 && !this.isClosed) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    if (this.isClosed) throw new Deno.errors.BadResource("closed");
    const item = this.#arrived[0]!;
    if (item instanceof Error) throw item;
    if (item === null) return null;
    const count = Math.min(item.length, buffer.length);
    buffer.set(item.subarray(0, count));
    if (count < item.length) this.#arrived[0] = item.subarray(count);
    else this.#arrived.shift();
    return count;
  }

  closed(): Promise<void> {
    return this.#closed.promise;
  }

  write(chunk: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => this.writes.push({ chunk, resolve, reject }));
  }

  /** Lets the oldest write through, or so many bytes of it, and whatever follows from that. */
  async take(count = Infinity): Promise<void> {
    const { chunk, resolve } = this.writes.shift()!;
    const part = chunk.subarray(0, count);
    this.taken.push(...part);
    resolve(part.length);
    await settle();
  }

  /** Lets every write through until there is none. */
  async takeAll(): Promise<void> {
    await settle();
    while (this.writes.length > 0) await this.take();
  }

  /** Fails the oldest write. */
  async fail(error: Error): Promise<void> {
    this.writes.shift()!.reject(error);
    await settle();
  }

  endWrites(): void {
    this.writesEnded = true;
    if (this.#readsEnded) this.close();
  }

  endReads(): void {
    this.#readsEnded = true;
    if (this.writesEnded) this.close();
  }

  close(isEvicted = false): void {
    if (this.isClosed) return;
    this.wasEvicted = isEvicted;
    this.isClosed = true;
    for (const { reject } of this.writes) reject(new Deno.errors.BadResource("closed"));
    this.#closed.resolve();
    this.#wake();
  }
}

/** Lets everything that is ready to run, run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
