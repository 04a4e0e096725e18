// A connection whose first bytes were looked at before its protocol reads it: they come first from its reads,
// and after them nothing of this is left.

import type { Connection, Origin } from "./connection.ts";

/** A read that is under way. */
export interface PendingRead {
  readonly buffer: Uint8Array;
  readonly count: Promise<number | null>;
}

/** What was read and not used: bytes, then a read that is still under way, then what was given back before. */
interface Early {
  bytes: Uint8Array;
  readonly pending: PendingRead | undefined;
  readonly rest: Early | undefined;
}

/** A connection to which bytes that were read can be given back. */
export abstract class PeekedConnection implements Connection {
  remote: string;
  address: string;
  isPrivate: boolean;
  isSecure: boolean;
  #early: Early | undefined;

  constructor(origin: Origin) {
    this.remote = origin.remote;
    this.address = origin.address;
    this.isPrivate = origin.isPrivate;
    this.isSecure = origin.isSecure;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    return this.#early === undefined ? this.receive(buffer) : this.#readEarly(this.#early, buffer);
  }

  /** Gives back what was read from it last: bytes, and a read that is under way. */
  unread(bytes: Uint8Array, pending?: PendingRead): void {
    if (bytes.length === 0 && pending === undefined) return;
    this.#early = { bytes, pending, rest: this.#early };
  }

  /** It comes from elsewhere, as a proxy says. */
  comesFrom(origin: Origin): void {
    this.remote = origin.remote;
    this.address = origin.address;
    this.isPrivate = origin.isPrivate;
    this.isSecure = origin.isSecure;
  }

  /** Reads as `read` does, and knows nothing of what was given back. */
  protected abstract receive(buffer: Uint8Array): Promise<number | null>;
  abstract write(chunk: Uint8Array): Promise<number>;
  abstract endWrites(isEvicted?: boolean): void;
  abstract endReads(): void;
  abstract close(isEvicted?: boolean): void;
  abstract closed(): Promise<void>;

  #readEarly(early: Early, buffer: Uint8Array): Promise<number | null> {
    const { bytes, pending } = early;
    if (bytes.length > 0) {
      const part = bytes.subarray(0, buffer.length);
      buffer.set(part);
      early.bytes = bytes.subarray(part.length);
      if (early.bytes.length === 0 && pending === undefined) this.#early = early.rest;
      return Promise.resolve(part.length);
    }
    // Whatever has no bytes has a read under way.
    this.#early = early.rest;
    if (pending === undefined) return this.read(buffer);
    return pending.count.then((count) => {
      if (count === null) return null;
      const part = pending.buffer.subarray(0, Math.min(count, buffer.length));
      buffer.set(part);
      if (part.length < count) this.unread(pending.buffer.subarray(part.length, count));
      return part.length;
    });
  }
}
