// A map with a limited number of entries; beyond it, those that were set longest ago are dropped.

/** A map in the order in which its entries were last set, oldest first. Reading one does not move it. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key. */
  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** All values, oldest first. */
  values(): Iterable<V> {
    return this.#entries.values();
  }

  /** Sets a value as the newest; drops the oldest if there are too many. */
  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#most) this.#entries.delete(this.#entries.keys().next().value!);
  }

  /** Removes an entry. */
  delete(key: K): void {
    this.#entries.delete(key);
  }

  /** Drops the oldest entries while this is true of them. */
  dropWhile(isDue: (value: V) => boolean): void {
    for (const [key, value] of this.#entries) {
      if (!isDue(value)) return;
      this.#entries.delete(key);
    }
  }
}
