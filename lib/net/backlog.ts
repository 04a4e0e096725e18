// How far the outboxes are behind, taken together. While more of them are behind than keep up, readers
// wait: so a flood goes at the pace of the median reader and nothing is lost, while one slow reader
// slows nobody else down.

/** How an open outbox fares; a stalled one has made no progress for a while and counts for nothing. */
export type Standing = "keeping up" | "behind" | "stalled";

/** The standings of all open outboxes. */
export class Backlog {
  readonly #counts = { "keeping up": 0, behind: 0, stalled: 0 };
  #relief: PromiseWithResolvers<void> | undefined;

  /** Whether readers have to wait. */
  get isFull(): boolean {
    return this.#counts.behind > this.#counts["keeping up"];
  }

  /** Resolves when it is not full any more. */
  relief(): Promise<void> {
    this.#relief ??= Promise.withResolvers();
    return this.#relief.promise;
  }

  /** Notes that an outbox fares differently; undefined stands for not open. */
  change(from: Standing | undefined, to: Standing | undefined): void {
    if (from !== undefined) this.#counts[from]--;
    if (to !== undefined) this.#counts[to]++;
    if (this.#relief === undefined || this.isFull) return;
    this.#relief.resolve();
    this.#relief = undefined;
  }
}
