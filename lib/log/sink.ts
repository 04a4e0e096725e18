// Writes the log to stderr or a file, one write at a time, while records wait in bounded memory. If its
// reader stops or the disk is full, lines are lost and counted, and the server goes on.

import type { LogRecord, Sink, TextFormatter } from "@logtape/logtape";

/** Takes the log's bytes, maybe only a part of them. Rejects if it cannot. */
export interface LogOutput {
  write(bytes: Uint8Array): Promise<number>;
}

/** Options of the sink. */
export interface LogSinkOptions {
  readonly format: TextFormatter;
  readonly output: LogOutput;
  /** Counts lines that are lost. */
  readonly onLost: (count: number) => void;
}

/** Most characters that may wait; and milliseconds that shutdown waits for them. */
const PENDING = 1024 * 1024, FLUSH = 1000;
const LF = 10;

/** A sink of LogTape's, which neither throws nor waits. */
export function logSink(options: LogSinkOptions): Sink & AsyncDisposable {
  const { format, output, onLost } = options;
  const encoder = new TextEncoder();
  let waiting = "";
  /** How many lines were lost since the last one that was written, and why. */
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
        // After a line that was cut off, begin a new one.
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

/** The log's own record about lost lines. */
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
