// The fields of a message, and how each is kept: in the messages table, in the journal as JSON, and in
// exports. To keep another field, add it to `FIELDS`.

import type { Message } from "../chat/message.ts";
import { isName } from "../chat/names.ts";
import { sanitize } from "../wire/sanitize.ts";
import { DamageError } from "./faults.ts";
import { type Columns, parseJson } from "./rows.ts";

/** The value of a message's column. */
type Value = number | string | null;

type Check = (value: unknown) => boolean;

/** How a field of a message is kept. */
interface Field<T> {
  /** Its columns, and the check of each value. */
  readonly columns: Readonly<Record<string, Check>>;
  /** Adds the values of its columns to a row. */
  readonly write: (field: T, row: Value[]) => void;
  /** The field from the values of its columns; undefined if the message has none. */
  readonly read: (...values: Value[]) => T | undefined;
  /** The check on import, if the field is exported as its one column has it. */
  readonly isExported?: Check;
}

/** Most characters of an imported text: the longest that a room can have. */
const LONGEST = 64 * 1024;
/** The latest time that a date can have (epoch ms). */
const END_OF_TIME = 8.64e15;

const isNumber: Check = (value) => Number.isSafeInteger(value);
const isString: Check = (value) => typeof value === "string";
const orNull = (check: Check): Check => (value) => value === null || check(value);
const isSaidToAll: Check = (value) => value === "message" || value === "action";
const isKind: Check = (value) => isSaidToAll(value) || value === "private";

/**
 * The fields of a message, in the order of their columns in the journal. A new field goes to the end, with a
 * column that may be null, and is added to the messages table by a new step in migrations.ts.
 */
const FIELDS: { readonly [Name in keyof Required<Message>]: Field<Message[Name]> } = {
  id: { columns: { id: isNumber }, write: (id, row) => void row.push(id), read: Number },
  at: {
    columns: { at: (value) => isNumber(value) && Math.abs(Number(value)) <= END_OF_TIME },
    write: (at, row) => void row.push(at),
    read: Number,
  },
  room: {
    columns: { room: orNull(isNumber) },
    write: (room, row) => void row.push(room?.id ?? null),
    read: (id) => typeof id === "number" ? { id, name: "" } : undefined,
  },
  kind: {
    columns: { kind: isKind },
    write: (kind, row) => void row.push(kind),
    read: (kind) => kind === "action" || kind === "private" ? kind : "message",
    isExported: isSaidToAll,
  },
  from: {
    columns: { sender: isString },
    write: (from, row) => void row.push(from),
    read: String,
    isExported: (value) => typeof value === "string" && isName(value, 20),
  },
  text: {
    columns: { text: isString },
    write: (text, row) => void row.push(text),
    read: String,
    isExported: (value) => isText(value, LONGEST),
  },
  by: {
    columns: { account: orNull(isNumber) },
    write: ({ account }, row) => void row.push(account ?? null),
    read: author,
  },
  to: {
    columns: { to_name: orNull(isString), to_account: orNull(isNumber) },
    write: (to, row) => void row.push(to?.name ?? null, to?.account ?? null),
    read: (name, account) =>
      name === null ? undefined : { ...author(account ?? null), name: String(name) },
  },
  edited: flag("edited"),
  deleted: flag("deleted"),
  nonce: {
    columns: { nonce: orNull(isString) },
    write: (nonce, row) => void row.push(nonce ?? null),
    read: (nonce) => nonce === null ? undefined : String(nonce),
  },
};

const NAMES = Object.keys(FIELDS) as (keyof Message)[];
// Made once: a row is made of every message.
const WRITERS = NAMES.map((name) => writerOf(name));
const CHECKS = Object.values(FIELDS).flatMap(({ columns }) => Object.values(columns));

/** The columns of a message, in the order of a row. */
export const COLUMNS = Object.values(FIELDS).flatMap(({ columns }) => Object.keys(columns));

/** The parameter for a column, in a statement that has all columns in the order of a row. */
export function parameterOf(column: string): string {
  return `?${COLUMNS.indexOf(column) + 1}`;
}

const ROOM = COLUMNS.indexOf("room"), TO_NAME = COLUMNS.indexOf("to_name");
const EDITED = COLUMNS.indexOf("edited"), DELETED = COLUMNS.indexOf("deleted");

/** The values of a message's columns. */
export type Row = readonly Value[];

/** Whether a row has a later form of a message: with another text, or taken back. */
export function isMended(row: Row): boolean {
  return row[EDITED] !== null || row[DELETED] !== null;
}

/** The number of a row's message. */
export function idOf([id]: Row): number {
  return Number(id);
}

/** A message as a row. */
export function toRow(message: Message): Row {
  const row: Value[] = [];
  for (const write of WRITERS) write(message, row);
  return row;
}

/** A row as a message; authors' connections from earlier runs become member 0. */
export function toMessage(row: Row, roomName: (room: number) => string): Message {
  const fields: Partial<Record<keyof Message, unknown>> = {};
  let at = 0;
  for (const name of NAMES) {
    const { read, columns } = FIELDS[name];
    const end = at + Object.keys(columns).length;
    const field = read(...row.slice(at, end));
    if (field !== undefined) fields[name] = field;
    at = end;
  }
  const message = fields as unknown as Message, { room } = message;
  return room ? { ...message, room: { ...room, name: roomName(room.id) } } : message;
}

/** Query results as rows. */
export function toRows(results: readonly object[]): Row[] {
  return results.map((columns) => checkRow(Object.values(columns)));
}

/** Rows from the journal. Throws a `DamageError` if they are none. */
export function parseRows(json: unknown): Row[] {
  const rows = parseJson(json);
  if (!Array.isArray(rows)) throw new DamageError("a row of the journal is none");
  return rows.map(checkRow);
}

/** Checks a row, so that damaged data gets no further. */
function checkRow(row: unknown): Row {
  if (!Array.isArray(row)) throw new DamageError("a row of messages is none");
  // The journal may be older than a column.
  const values = CHECKS.map((_, index) => row[index] ?? null);
  const isSaidSomewhere = values[ROOM] !== null || values[TO_NAME] !== null;
  if (isSaidSomewhere && CHECKS.every((check, index) => check(values[index]))) return values;
  throw new DamageError("a row of messages is none");
}

/** A field that is true, or that the message does not have. */
function flag(column: string): Field<true | undefined> {
  return {
    columns: { [column]: orNull((value) => value === 1) },
    write: (is, row) => void row.push(is === true ? 1 : null),
    read: (is) => is === 1 ? true : undefined,
    isExported: orNull((value) => value === true),
  };
}

function author(account: Value) {
  return typeof account === "number" ? { member: 0, account } : { member: 0 };
}

/** The fields that are exported as they are, each with its column and check. */
const EXPORTED = Object.entries(FIELDS).flatMap(([name, { columns, isExported }]) =>
  isExported ? [{ name, column: Object.keys(columns)[0]!, is: isExported }] : []
);

/** Their columns. */
export const EXPORTED_COLUMNS = EXPORTED.map(({ column }) => column);

/** The fields of an exported message, by name. */
export type ExportedFields =
  & Omit<Message, "id" | "kind" | "at" | "by" | "room" | "to" | "nonce">
  & {
    readonly kind: Exclude<Message["kind"], "private">;
  };

/** The exported fields of a row. */
export function toExported(row: Columns): ExportedFields {
  const fields = EXPORTED.flatMap(({ name, column }) => {
    const value = row[column];
    return value === null ? [] : [[name, isFlag(column) ? true : value]];
  });
  return Object.fromEntries(fields);
}

/** The values of `EXPORTED_COLUMNS` for an exported message. */
export function fromExported(item: object): Value[] {
  const fields: Record<string, Value | true | undefined> = { ...item };
  return EXPORTED.map(({ name }) => {
    const value = fields[name] ?? null;
    return value === true ? 1 : value;
  });
}

/** Whether a column is 1 where its field is true. */
function isFlag(column: string): boolean {
  return column === "edited" || column === "deleted";
}

/** Which field of an exported message is wrong; undefined if none is. */
export function wrongField(item: object): string | undefined {
  const fields: Record<string, unknown> = { ...item };
  return EXPORTED.find(({ name, is }) => !is(fields[name] ?? null))?.name;
}

/** Whether this is a text as the chat sends it, of at most `longest` characters. */
export function isText(text: unknown, longest: number): text is string {
  return typeof text === "string" && text.length <= longest && sanitize(text) === text;
}

function writerOf<Name extends keyof Message>(
  name: Name,
): (message: Message, row: Value[]) => void {
  const { write } = FIELDS[name];
  return (message, row) => write(message[name], row);
}
