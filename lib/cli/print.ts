// What a command has to say, on stdout.

import { StartError } from "../errors.ts";

/** Writes a text and a line's end; quietly where nobody reads (`| head`). Throws a `StartError` where it cannot be written. */
export function print(text: string): void {
  try {
    console.log(text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw unwritable(error);
  }
}

/** The error of a write to stdout as a sentence; one that says that nobody reads any more stays what it is. */
export function unwritable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Deno.errors.BrokenPipe) return error;
  return new StartError(`stdout cannot be written: ${error.message}`, { cause: error });
}
