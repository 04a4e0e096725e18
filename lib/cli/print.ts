// Prints a command's result on stdout.

import { StartError } from "../errors.ts";

/** Prints a text and a line end; if nobody reads (`| head`), does nothing. Throws a `StartError`. */
export function print(text: string): void {
  try {
    console.log(text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw unwritable(error);
  }
}

/** A failed write to stdout as a `StartError`; the error of a closed pipe is returned unchanged. */
export function unwritable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Deno.errors.BrokenPipe) return error;
  return new StartError(`stdout cannot be written: ${error.message}`, { cause: error });
}
