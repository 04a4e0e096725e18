// Connections that wait, each for the same time: so those who came first are due first, and one timer serves
// them all. Detection waits so for the first bytes.

/** Milliseconds that a timer is late at most, unless the machine or the event loop stood still. */
const LATE = 20;
/** Milliseconds in which what arrived meanwhile is read. */
const CATCH_UP = 50;

/** Those who wait. */
export class Waits<T> {
  readonly #milliseconds: number;
  readonly #over: (one: T) => void;
  /** When the wait of each is over, by `performance.now`; oldest first. */
  readonly #due = new Map<T, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `over` is called with each whose time is over. */
  constructor(milliseconds: number, over: (one: T) => void) {
    this.#milliseconds = milliseconds;
    this.#over = over;
  }

  /** Begins a wait; of one that waits no other may begin. */
  add(one: T): void {
    this.#due.set(one, performance.now() + this.#milliseconds);
    this.#timer ??= setTimeout(() => this.#tick(), this.#milliseconds);
  }

  /** Ends a wait early; returns whether there was one. */
  delete(one: T): boolean {
    return this.#due.delete(one);
  }

  /** Nobody waits any more. */
  clear(): void {
    this.#due.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** The time of the first is over. */
  #tick(): void {
    this.#timer = undefined;
    const now = performance.now(), due: T[] = [];
    let isLate = false;
    for (const [one, at] of this.#due) {
      if (at > now) {
        this.#timer = setTimeout(() => this.#tick(), at - now);
        break;
      }
      due.push(one);
      isLate ||= now - at > LATE;
    }
    const end = () => {
      for (const one of due) if (this.#due.delete(one)) this.#over(one);
    };
    // After a stop of the machine, or a long turn of the event loop, timers fire before what has arrived meanwhile
    // is read; and it takes some turns until it has come through TLS.
    if (isLate) setTimeout(end, CATCH_UP);
    else setImmediate(end);
  }
}
