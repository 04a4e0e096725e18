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
  type TextFormatter,
} from "@logtape/logtape";
import { isOpenToOthers, openPrivately } from "./private_file.ts";

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
export async function openLog({ level, format: as, file }: LogOptions): Promise<void> {
  const text = getTextFormatter({
    timestamp: "date-time-timezone",
    level: "full",
    value: (value, inspect) => typeof value === "string" ? quote(value) : inspect(value),
    format: ({ timestamp, level, message }) => `${timestamp} ${level} ${message}`,
  });
  const format = as === "json" ? jsonLinesFormatter : text;
  const formatter: TextFormatter = (record) => format(record).replace(UNSEEN, escape);
  const sink: Sink = file === undefined
    ? stderrSink(formatter)
    : privateSink(file, () =>
      getRotatingFileSink(file, { formatter, maxSize: ROTATE_AT, maxFiles: ROTATED_KEPT }));
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

/** A file that was not there is its owner's alone, and so is each that a rotation makes in its place. */
function privateSink(path: string, open: () => Sink & Disposable): Sink & Disposable {
  openPrivately(path).close();
  const isPrivate = !isOpenToOthers(path);
  const sink = open();
  const write = (record: Parameters<Sink>[0]) => {
    sink(record);
    if (isPrivate && isOpenToOthers(path)) Deno.chmodSync(path, 0o600);
  };
  return Object.assign(write, { [Symbol.dispose]: () => sink[Symbol.dispose]() });
}

/** What may wait for whoever reads the log, in characters; and how long the end waits, in ms. */
const LOG_PENDING = 1024 * 1024, LOG_FLUSH = 1000;

/** To stderr, with one write in flight: whoever reads it may stop (a pager, Ctrl-S), and the room goes on. */
function stderrSink(format: TextFormatter): Sink & AsyncDisposable {
  const encoder = new TextEncoder();
  let waiting = "";
  let lost = 0;
  let writing: Promise<void> | undefined;
  const writeOut = async () => {
    try {
      while (waiting !== "") {
        const bytes = encoder.encode(waiting);
        waiting = "";
        for (let sent = 0; sent < bytes.length;) {
          sent += await Deno.stderr.write(bytes.subarray(sent));
        }
        if (lost > 0) {
          waiting = `${lost} lines of the log were lost: it was not read in time\n${waiting}`;
        }
        lost = 0;
      }
    } catch (error) {
      // Whoever read the log has gone; the room has not.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
    writing = undefined;
  };
  const sink = (record: Parameters<Sink>[0]) => {
    if (waiting.length > LOG_PENDING) return void lost++;
    waiting += format(record);
    writing ??= writeOut();
  };
  const flush = async () => {
    if (writing === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, LOG_FLUSH));
    await Promise.race([writing, late]);
    clearTimeout(timer);
  };
  return Object.assign(sink, { [Symbol.asyncDispose]: flush });
}

/** A word as it is; anything with blanks or control characters in quotes, on one line. */
function quote(text: string): string {
  return /^[^\s\p{C}"]+$/u.test(text) ? text : JSON.stringify(text);
}

/** What a terminal may obey, or not show, and JSON does not escape; but for the end of the line itself. */
const UNSEEN = /[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]/gu;

/** As JSON would have it, `\u009b`. */
function escape(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
