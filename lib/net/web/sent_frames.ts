// What an app was sent since its welcome: frames are counted and kept from there on, so that a new link can
// continue. An app that has lost its state is welcomed anew, and is sent nothing until then.

import type { Framing } from "../../wire/framing.ts";
import type { WelcomePlace } from "../connection.ts";
import { ReplayBuffer } from "./replay_buffer.ts";

const NOTHING = new Uint8Array(0);

/** The frames that one app was sent. */
export class SentFrames {
  /** Most bytes that are kept. */
  most = 0;
  readonly #replay: ReplayBuffer;
  /** Whether the welcome was sent; from there on frames are counted and kept. */
  #isWelcomed = false;
  /** Where the next welcome will be among the bytes written; and how many bytes were. */
  #welcome: WelcomePlace | undefined;
  #written = 0;
  /** Whether the app begins anew, and may not have the new welcome yet. */
  #isStale = false;

  constructor(framing: Framing) {
    this.#replay = new ReplayBuffer(framing);
  }

  /** Bytes that may not have arrived. */
  get size(): number {
    return this.#replay.size;
  }

  /** Bytes that were kept so far. */
  get kept(): number {
    return this.#replay.written;
  }

  /** What to write in a ping: how much was sent before it; undefined before the welcome. */
  get count(): number | undefined {
    return this.#isWelcomed ? this.#replay.written : undefined;
  }

  /** Says where the next welcome will be among all bytes; undefined: there will be none. */
  expectWelcome(place: WelcomePlace | undefined): void {
    this.#welcome = place;
  }

  /** Adds a chunk; returns what to send of it. */
  add(chunk: Uint8Array): Uint8Array {
    const before = this.#written;
    this.#written += chunk.length;
    const isUnheard = this.#isStale && !this.#isWelcomed;
    const welcome = this.#welcome;
    if (welcome === undefined || welcome.end > this.#written) {
      if (this.#isWelcomed) this.#replay.push(chunk, this.most);
      return isUnheard ? NOTHING : chunk;
    }
    this.#welcome = undefined;
    this.#isWelcomed = true;
    this.#replay.clear();
    this.#replay.push(chunk.subarray(welcome.end - before), this.most);
    return isUnheard ? chunk.subarray(welcome.start - before) : chunk;
  }

  /** The app has answered a ping with this count: what was sent before has arrived. */
  arrived(count: number): void {
    if (!this.#isWelcomed || !(count >= 0 && count <= this.#replay.written)) return;
    this.#isStale = false;
    this.#replay.arrived(count);
  }

  /** What follows the first `received` frames since the welcome; undefined if that is not known any more. */
  after(received: number): Uint8Array[] | undefined {
    return this.#isStale ? undefined : this.#replay.behind(received);
  }

  /** The app has lost its state: the next welcome is the first that it is sent. */
  restart(): void {
    this.#isStale ||= this.#isWelcomed;
    this.#isWelcomed = false;
    // A welcome that was on its way is not the new one.
    this.#welcome = undefined;
    this.#replay.clear();
  }
}
