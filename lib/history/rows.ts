// Messages as rows: as the file's table has them, and as its journal has them in JSON.

import type { Message } from "../chat/event.ts";

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
  return results.map((columns) => Object.values(columns) as Row);
}

/** A row as a message; connections of an earlier time are nobody's: member 0. */
export function toMessage(row: Row, roomName: string): Message {
  const [id, at, room, kind, from, text, account, toName, toAccount] = row;
  const message = { kind, id, at, by: speaker(account), from, text };
  if (room !== null) return { ...message, room: { id: room, name: roomName } };
  return { ...message, to: { ...speaker(toAccount), name: toName ?? "" } };
}

function speaker(account: number | null) {
  return account === null ? { member: 0 } : { member: 0, account };
}
