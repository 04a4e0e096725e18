// Work in slices: between two of them everybody else has a turn.

/** Lets the event loop turn (2 µs). */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
