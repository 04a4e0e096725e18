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

/** What a word of these kinds may be. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "message kind": ["message", "action", "private"],
  presence: ["here", "away", "lost", "absent", "unknown"],
};
/** Most characters of a text: --max-line is at most 64 KiB. */
const LONGEST = 64 * 1024;
/** Most objects of a list. */
const MOST = 4000;

/** Reads a line; undefined if it is no frame, or none that is known. */
export function readServerFrame(line: string): ServerFrame | undefined {
  let sent: unknown;
  try {
    sent = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(sent) || typeof sent.type !== "string" || !Object.hasOwn(FRAMES, sent.type)) {
    return undefined;
  }
  const { type } = sent, kept = take(sent, FRAMES[type]!.fields);
  // Checked by the table, which the compiler cannot see.
  return kept && { type, ...kept } as unknown as ServerFrame;
}

/** The fields of an object, and nothing else: who knows how deep that is. Undefined if one is not of its kind. */
function take(
  sent: Readonly<Record<string, unknown>>,
  fields: Fields,
): Record<string, unknown> | undefined {
  const kept: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(fields)) {
    if (sent[name] === undefined && kind.endsWith("?")) continue;
    kept[name] = valueOf(sent[name], kind.replace("?", ""));
    if (kept[name] === undefined) return undefined;
  }
  return kept;
}

/** A value of this kind; undefined if it is of another. */
function valueOf(value: unknown, kind: string): unknown {
  const list = LISTS[kind];
  if (list !== undefined) {
    if (!Array.isArray(value)) return undefined;
    const taken = value.slice(0, MOST).map((each) => isObject(each) ? take(each, list) : undefined);
    return taken.includes(undefined) ? undefined : taken;
  }
  if (kind === "count" || kind === "total") return Number.isSafeInteger(value) ? value : undefined;
  if (kind === "flag") return typeof value === "boolean" ? value : undefined;
  if (typeof value !== "string") return undefined;
  if (kind === "time" && Number.isNaN(Date.parse(value))) return undefined;
  if (WORDS[kind]?.includes(value) === false) return undefined;
  return sanitize(value.slice(0, LONGEST));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
