// Messages as rows: as the file's table has them, and as its journal has them in JSON.

import type { Message } from "../chat/message.ts";
import { DamageError } from "./faults.ts";

/** The columns of a message, in the order of a row. */
export const COLUMNS = "id, at, room, kind, sender, text, account, to_name, to_account";

/** A message's columns. */
export type Row = [
  id: number,
  at: number,
  room: number | null,
  kind: Message["kind"],
  sender: string,
  text: string,
  account: number | null,
  toName: string | null,
  toAccount: number | null,
];

/** A message as a row. */
export function toRow({ id, at, room, kind, from, text, by, to }: Message): Row {
  const toName = to?.name ?? null, toAccount = to?.account ?? null;
  return [id, at, room?.id ?? null, kind, from, text, by.account ?? null, toName, toAccount];
}

/** What a query for these columns returned, as rows. */
export function toRows(results: readonly object[]): Row[] {
  return results.map((columns) => checkRow(Object.values(columns)));
}

/** Rows out of the journal. Throws a `DamageError` where they are none. */
export function parseRows(json: unknown): Row[] {
  const rows = parseJson(json);
  if (!Array.isArray(rows)) throw new DamageError("a row of the journal is none");
  return rows.map(checkRow);
}

/** JSON out of the file. Throws a `DamageError` where it is none. */
export function parseJson(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch (error) {
    throw new DamageError("what should be JSON is none", { cause: error });
  }
}

/** The last moment that a date can be (epoch ms). */
const END_OF_TIME = 8.64e15;

/** What a damaged page shows instead of a message must not get any further. */
function checkRow(row: unknown): Row {
  const [id, at, room, kind, sender, text, account, toName, toAccount] = Object(row) as unknown[];
  const isNumber = (value: unknown) => Number.isSafeInteger(value);
  const isRight = isNumber(id) && isNumber(at) && Math.abs(Number(at)) <= END_OF_TIME &&
    (kind === "message" || kind === "action" || kind === "private") &&
    typeof sender === "string" && typeof text === "string" &&
    [room, account, toAccount].every((value) => value === null || isNumber(value)) &&
    (toName === null || typeof toName === "string");
  if (!isRight) throw new DamageError("a row of messages is none");
  return row as Row;
}

/** A row as a message; connections of an earlier time are nobody's: member 0. */
export function toMessage(row: Row, roomName: string): Message {
  const [id, at, room, kind, from, text, account, toName, toAccount] = row;
  const message = { kind, id, at, by: author(account), from, text };
  if (room !== null) return { ...message, room: { id: room, name: roomName } };
  return { ...message, to: { ...author(toAccount), name: toName ?? "" } };
}

function author(account: number | null) {
  return account === null ? { member: 0 } : { member: 0, account };
}
