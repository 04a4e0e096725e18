// What an app sends, field by field: each checked, or a sentence for whoever wrote the app.

import type { Range } from "../chat/event.ts";
import { sanitize } from "./sanitize.ts";

/** What is wrong with an object: a sentence. */
export class Malformed extends Error {
  override name = "Malformed";
}

/** An object as it came. */
export type Fields = Readonly<Record<string, unknown>>;

/** Most earlier messages that are asked for at once, and as many as come unasked. */
const MOST_RECALLED = 200, RECALLED = 50;
const LINE_ENDS = /\r\n?|\n/g;

/** The object that a text is in JSON. */
export function parseObject(json: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Malformed("That is no JSON.");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Malformed('That is no object: send one, such as {"type":"say","text":"hello"}.');
}

/** A field's text, cleaned; what stands for it where there is none. */
export function text(fields: Fields, name: string, otherwise?: string): string {
  const value = fields[name] ?? otherwise;
  if (typeof value === "string") return sanitize(value.toWellFormed().replace(LINE_ENDS, " "));
  throw new Malformed(`${JSON.stringify(fields.type)} needs a text as its "${name}".`);
}

/** A room's name, without its `#`; undefined where there is none. */
export function room(fields: Fields): string | undefined {
  return text(fields, "room", "").replace(/^#/, "") || undefined;
}

/** A whole number from 1; undefined where there is none. */
export function count(fields: Fields, name: string): number | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw new Malformed(`"${name}" is a whole number from 1.`);
}

/** Which earlier messages are asked for. */
export function range(fields: Fields): Range {
  const most = count(fields, "count") ?? RECALLED;
  // Before the first there is nothing, behind it everything.
  const after = fields.after === 0 ? 0 : count(fields, "after");
  return { before: count(fields, "before"), after, count: Math.min(most, MOST_RECALLED) };
}
