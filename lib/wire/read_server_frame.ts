// Parses a frame from a server, for clients that read lines: whatever the server is, each field is of its kind by
// the table in frames.ts, and no text has anything in it that could change a terminal.

import { LISTED, MARK, MESSAGE, PRESENT, SERVER_FRAMES, type ServerFrame } from "./frames.ts";
import { sanitize } from "./sanitize.ts";

type Fields = Readonly<Record<string, string>>;

/** The fields of the objects in lists. */
const LISTS: Readonly<Record<string, Fields>> = {
  ...{ messages: MESSAGE, members: PRESENT, rooms: LISTED, marks: MARK },
};
const FRAMES: Readonly<Record<string, { readonly fields: Fields }>> = SERVER_FRAMES;

/** Reads a line; undefined if it is no frame, or none that is known. */
export function readServerFrame(line: string): ServerFrame | undefined {
  let sent: unknown;
  try {
    sent = JSON.parse(line, (_key, value) => typeof value === "string" ? sanitize(value) : value);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(sent) || typeof sent.type !== "string" || !Object.hasOwn(FRAMES, sent.type)) {
    return undefined;
  }
  // Checked by the table, which the compiler cannot see.
  return fits(sent, FRAMES[sent.type]!.fields) ? sent as unknown as ServerFrame : undefined;
}

function fits(sent: Readonly<Record<string, unknown>>, fields: Fields): boolean {
  return Object.entries(fields).every(([name, kind]) => {
    const value = sent[name];
    if (value === undefined) return kind.endsWith("?");
    const base = kind.replace("?", ""), list = LISTS[base];
    if (list !== undefined) {
      return Array.isArray(value) && value.every((each) => isObject(each) && fits(each, list));
    }
    if (base === "count" || base === "total") return Number.isSafeInteger(value);
    if (base === "flag") return typeof value === "boolean";
    if (base === "time") return typeof value === "string" && !Number.isNaN(Date.parse(value));
    return typeof value === "string";
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
