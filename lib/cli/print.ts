// Prints a command's result on stdout.

import { unwritable } from "../errors.ts";

/** Prints a text and a line end; if nobody reads (`| head`), does nothing. Throws a `StartError`. */
export function print(text: string): void {
  try {
    console.log(text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw unwritable(error);
  }
}
