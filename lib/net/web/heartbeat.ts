// Pings an app, and finds out by its answers what has arrived and whether the link works. Each ping carries the
// count of bytes before it, and browsers and libraries answer by themselves with the same.

/** Bytes after which a ping is due. */
const PING_AFTER = 64 * 1024;
/** Beats that a link may be silent while an answer is due; and after which a ping is due if nothing was sent. */
const BEATS = 4;
/** In a ping: nothing has been counted yet. */
const UNCOUNTED = -1;

/** What an app was sent. */
interface Sent {
  /** Bytes that may not have arrived; and that were kept so far. */
  readonly size: number;
  readonly kept: number;
  /** What to write in a ping. */
  readonly count: number | undefined;
}

/** A link over which the app can be pinged. */
interface PingedLink {
  /** Undefined where there are no pings. */
  ping?(count: number, after?: Uint8Array, done?: () => void): void;
}

/** The pings of one session, over any number of links. */
export class Heartbeat {
  readonly #sent: Sent;
  /** Undefined while the app has none, or one without pings. */
  #link: PingedLink | undefined;
  /** How much was kept before the last ping, and whether it was answered. */
  #pinged = 0;
  #isAnswered = true;
  /** Beats since the last ping, or since anything came after it. */
  #beats = 0;

  constructor(sent: Sent) {
    this.#sent = sent;
  }

  /** The app has a new link, or none. */
  use(link: PingedLink | undefined): void {
    this.#link = link?.ping && link;
    this.#isAnswered = true;
    this.#beats = 0;
  }

  /** Something came, or was not read before: an answer may be behind it. */
  heard(): void {
    this.#beats = 0;
  }

  /** A ping was answered; false if none was due. */
  answered(): boolean {
    const wasDue = !this.#isAnswered;
    this.#isAnswered = true;
    return wasDue;
  }

  /** Whether so much was sent since the last ping that one is due. */
  get isDue(): boolean {
    return this.#link !== undefined && this.#sent.kept - this.#pinged > PING_AFTER;
  }

  /** Pings now, right after a chunk, if there is one; calls `done` when both have left. */
  ping(after?: Uint8Array, done?: () => void): void {
    if (this.#link === undefined) return;
    this.#pinged = this.#sent.kept;
    this.#isAnswered = false;
    this.#beats = 0;
    this.#link.ping?.(this.#sent.count ?? UNCOUNTED, after, done);
  }

  /** Called from time to time while the link is read; returns whether it is lost. */
  beat(): boolean {
    if (this.#link === undefined) return false;
    this.#beats++;
    if (!this.#isAnswered) return this.#beats >= BEATS;
    if (this.#sent.size > 0 || this.#beats >= BEATS) this.ping();
    return false;
  }
}
