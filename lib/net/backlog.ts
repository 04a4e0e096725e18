// How many outboxes are behind though they read well: while there is one, nobody's lines are read. So a
// flood goes at the pace of its slowest good reader and nothing is lost; whoever reads worse than that
// slows nobody down.

/** How an open outbox fares; one that is stalled is behind, but takes too little to be waited for. */
export type Standing = "keeping up" | "behind" | "stalled";

/** The outboxes that are waited for. */
export class Backlog {
  #behind = 0;
  #relief: PromiseWithResolvers<void> | undefined;

  /** Whether readers have to wait. */
  get isFull(): boolean {
    return this.#behind > 0;
  }

  /** Resolves when it is not full any more. */
  relief(): Promise<void> {
    this.#relief ??= Promise.withResolvers();
    return this.#relief.promise;
  }

  /** Notes that an outbox fares differently; undefined stands for not open. */
  change(from: Standing | undefined, to: Standing | undefined): void {
    if (from === "behind") this.#behind--;
    if (to === "behind") this.#behind++;
    if (this.#relief === undefined || this.isFull) return;
    this.#relief.resolve();
    this.#relief = undefined;
  }
}
