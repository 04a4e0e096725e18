// Stdin as lines of UTF-8, read synchronously: import takes them one by one within a transaction, which
// cannot wait for anything else.

import { StartError, unreadable } from "../../errors.ts";

/** Bytes of the longest line; export writes none that is longer. */
const LONGEST = 1024 * 1024;
const CHUNK = 64 * 1024;
const LF = 10;

/** Where bytes come from: a file, or a test. Returns null at the end. */
export type ReadSync = (buffer: Uint8Array) => number | null;

/** Reads stdin. Throws a `StartError` if that fails: it is a folder, say. */
export function readStdin(buffer: Uint8Array): number | null {
  try {
    return Deno.stdin.readSync(buffer);
  } catch (error) {
    throw unreadable(error);
  }
}

/** Yields lines without their ends (LF or CR LF). Throws a `StartError` if one is too long. */
export function* readLines(read: ReadSync): Generator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(CHUNK);
  let parts: Uint8Array[] = [], length = 0;
  const add = (part: Uint8Array): void => {
    length += part.length;
    if (length > LONGEST) throw new StartError(`a line has at most ${LONGEST} bytes`);
    // A copy, since the buffer is reused.
    parts.push(part.slice());
  };
  const take = (): string => {
    const line = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      line.set(part, at);
      at += part.length;
    }
    parts = [];
    length = 0;
    return decoder.decode(line).replace(/\r$/, "");
  };
  for (let count = read(buffer); count !== null; count = read(buffer)) {
    let rest = buffer.subarray(0, count);
    for (let end = rest.indexOf(LF); end !== -1; end = rest.indexOf(LF)) {
      add(rest.subarray(0, end));
      yield take();
      rest = rest.subarray(end + 1);
    }
    add(rest);
  }
  if (length > 0) yield take();
}
