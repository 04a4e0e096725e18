// Where the log goes: stderr or a file, a write at a time, while records wait in a bounded text. Whoever
// reads it may stop, and the disk may be full: lines are lost then, and counted, and the server goes on.

import type { LogRecord, Sink, TextFormatter } from "@logtape/logtape";

/** What takes the log's bytes: maybe a part of them. Rejects where it cannot. */
export interface LogOutput {
  write(bytes: Uint8Array): Promise<number>;
}

/** What a sink is given. */
export interface LogSinkOptions {
  readonly format: TextFormatter;
  readonly output: LogOutput;
  /** Counts lines that are lost. */
  readonly onLost: (count: number) => void;
}

/** What may wait, in characters; and how long the end waits for it, in ms. */
const PENDING = 1024 * 1024, FLUSH = 1000;
const LF = 10;

/** A sink of LogTape's, which neither throws nor waits. */
export function logSink(options: LogSinkOptions): Sink & AsyncDisposable {
  const { format, output, onLost } = options;
  const encoder = new TextEncoder();
  let waiting = "";
  /** Lines that were lost since the last that was not, and why. */
  let lost = 0, why = "";
  let isCut = false;
  let writing: Promise<void> | undefined;
  const lose = (count: number, because: string) => {
    lost += count;
    why = because;
    onLost(count);
  };
  const writeOut = async () => {
    while (waiting !== "") {
      const bytes = encoder.encode(waiting), losses = lost;
      waiting = "";
      let sent = 0;
      try {
        // Where a line was cut, the next begins one.
        if (isCut) await output.write(Uint8Array.of(LF));
        isCut = false;
        while (sent < bytes.length) sent += await output.write(bytes.subarray(sent));
        if (losses > 0) {
          waiting = format(notice(losses, why)) + waiting;
          lost -= losses;
        }
      } catch (error) {
        isCut ||= sent > 0 && bytes[sent - 1] !== LF;
        const because = error instanceof Error ? error.message : String(error);
        lose(countLines(bytes.subarray(sent)), because);
      }
    }
    writing = undefined;
  };
  const sink = (record: LogRecord) => {
    if (waiting.length > PENDING) return lose(1, "it was not read in time");
    waiting += format(record);
    writing ??= writeOut();
  };
  const flush = async () => {
    if (writing === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, FLUSH));
    await Promise.race([writing, late]);
    clearTimeout(timer);
  };
  return Object.assign(sink, { [Symbol.asyncDispose]: flush });
}

/** What the log says of itself. */
function notice(count: number, why: string): LogRecord {
  return {
    category: ["bobchat"],
    level: "warning",
    message: ["", count, " lines of the log were lost: ", why, ""],
    rawMessage: "{count} lines of the log were lost: {why}",
    timestamp: Date.now(),
    properties: { count, why },
  };
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === LF) count++;
  return count;
}
