// The log: one logger for the server, set up once, to stderr or to a file that rotates.

import {
  configureSync,
  getLogger,
  getTextFormatter,
  jsonLinesFormatter,
  type LogLevel,
  resetSync,
  type Sink,
  type TextFormatter,
} from "@logtape/logtape";
import { LogFile } from "./log/file.ts";
import { logSink } from "./log/sink.ts";

/** Options of the log. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  /** The path of a file; without it, the log goes to stderr. */
  readonly file?: string;
  /** Counts lines that are lost. */
  readonly onLost: (count: number) => void;
}

const ROTATE_AT = 10 * 1024 * 1024; // bytes
const ROTATED_KEPT = 5;

/** The server's logger. */
export const log = getLogger("bobchat");

/** Where the log goes while it is open, and how to write out what waits. */
let open: { readonly sink: Sink; readonly flush: () => PromiseLike<void> } | undefined;

/** Sets the log up. Throws if the file cannot be opened. */
export function openLog({ level, format: as, file, onLost }: LogOptions): void {
  const text = getTextFormatter({
    timestamp: "date-time-timezone",
    level: "full",
    value: (value, inspect) => typeof value === "string" ? quote(value) : inspect(value),
    format: ({ timestamp, level, message }) => `${timestamp} ${level} ${message}`,
  });
  const format = as === "json" ? jsonLinesFormatter : text;
  const formatter: TextFormatter = (record) => format(record).replace(UNSEEN, escape);
  const output = file === undefined
    ? Deno.stderr
    : new LogFile(file, { maxSize: ROTATE_AT, kept: ROTATED_KEPT });
  const sink = logSink({ format: formatter, output, onLost });
  // LogTape would take it for one to be disposed of whenever the level changes.
  open = { sink: (record) => sink(record), flush: () => sink[Symbol.asyncDispose]() };
  setLogLevel(level);
}

/** Changes the lowest level of what is logged, while the log is open. */
export function setLogLevel(level: LogLevel): void {
  if (open === undefined) return;
  configureSync({
    sinks: { sink: open.sink },
    loggers: [
      { category: "bobchat", lowestLevel: level, sinks: ["sink"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["sink"] },
    ],
    reset: true,
  });
}

/** Writes out what the log still holds, and closes it. */
export async function closeLog(): Promise<void> {
  await open?.flush();
  open = undefined;
  resetSync();
}

/** A single word unchanged; any text with spaces or control characters in quotes, on one line. */
function quote(text: string): string {
  return /^[^\s\p{C}"]+$/u.test(text) ? text : JSON.stringify(text);
}

/** Characters that a terminal may obey or hide and JSON does not escape; but not the final line end. */
const UNSEEN = /[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]/gu;

/** A character as JSON escapes it, `\u009b`. */
function escape(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
