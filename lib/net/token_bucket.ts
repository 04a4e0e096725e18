// The rate limit of a person, or of a connection that has not joined: a token bucket. Nobody is refused: the reader waits for the token.

/** `rate` tokens a second, `burst` at most. */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #last: number;

  /** `now` is in milliseconds, from any clock that never goes back. */
  constructor(options: { rate: number; burst: number }, now: number) {
    this.#rate = options.rate;
    this.#burst = options.burst;
    this.#tokens = options.burst;
    this.#last = now;
  }

  /** Takes tokens; returns how many milliseconds to wait before they may be used, usually 0. */
  take(now: number, count = 1): number {
    const earned = (now - this.#last) / 1000 * this.#rate;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned) - count;
    this.#last = now;
    return this.#tokens >= 0 ? 0 : -this.#tokens / this.#rate * 1000;
  }
}
