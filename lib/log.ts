// The log: one logger for the server, set up once, to stderr or to a file that rotates.

import { getRotatingFileSink } from "@logtape/file";
import {
  configure,
  dispose,
  getLogger,
  getTextFormatter,
  jsonLinesFormatter,
  type LogLevel,
  type Sink,
} from "@logtape/logtape";

/** What the log is given. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** A path; without one the log goes to stderr. */
  readonly file?: string;
}

const ROTATE_AT = 10 * 1024 * 1024; // bytes
const ROTATED_KEPT = 5;

/** The server's logger. */
export const log = getLogger("bobchat");

/** Sets the log up. Throws where the file cannot be opened. */
export async function openLog({ level, format, file }: LogOptions): Promise<void> {
  const formatter = format === "json" ? jsonLinesFormatter : getTextFormatter({
    timestamp: "date-time-timezone",
    level: "full",
    value: (value, inspect) => typeof value === "string" ? quote(value) : inspect(value),
    format: ({ timestamp, level, message }) => `${timestamp} ${level} ${message}`,
  });
  const sink: Sink = file === undefined
    ? stderrSink(formatter)
    : getRotatingFileSink(file, { formatter, maxSize: ROTATE_AT, maxFiles: ROTATED_KEPT });
  await configure({
    sinks: { sink },
    loggers: [
      { category: "bobchat", lowestLevel: level, sinks: ["sink"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["sink"] },
    ],
    reset: true,
  });
}

/** Writes out what the log still holds. */
export const closeLog = dispose;

/** Straight to stderr: nothing is held that a crash could lose, and no list grows behind a slow pipe. */
function stderrSink(formatter: (record: Parameters<Sink>[0]) => string): Sink {
  const encoder = new TextEncoder();
  return (record) => {
    const line = encoder.encode(formatter(record));
    try {
      for (let sent = 0; sent < line.length;) sent += Deno.stderr.writeSync(line.subarray(sent));
    } catch (error) {
      // Whoever read the log has gone; the room has not.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  };
}

/** A word as it is; anything with blanks or control characters in quotes, on one line. */
function quote(text: string): string {
  return /^[^\s\p{C}"]+$/u.test(text) ? text : JSON.stringify(text);
}
