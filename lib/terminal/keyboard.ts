// What is typed, for the two clients at a terminal: keys come in until stdin ends.

import { type Key, Keys } from "./keys.ts";

/** Calls a function with each key, and once with what has come in together; ends with stdin. */
export async function readKeys(
  { press, changed }: { press: (key: Key) => void; changed: () => void },
): Promise<void> {
  const keys = new Keys(), decoder = new TextDecoder();
  try {
    for await (const chunk of Deno.stdin.readable) {
      for (const key of keys.decode(decoder.decode(chunk, { stream: true }))) press(key);
      changed();
    }
  } catch (error) {
    // The terminal is gone, and with it the user.
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
