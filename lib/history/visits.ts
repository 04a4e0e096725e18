// Reads, at the start, what is kept for accounts between their visits, and the private messages that wait for them.

import type { DatabaseSync } from "node:sqlite";
import type { ReadMark, SavedVisit, Waiting } from "../chat/history.ts";
import type { AccountId, Message } from "../chat/message.ts";
import { COLUMNS, idOf, toMessage, toRows } from "./messages.ts";
import { toNames } from "./rows.ts";

/** What is kept for accounts between their visits. Throws if the disk fails. */
export function visitsIn(db: DatabaseSync): SavedVisit[] {
  const visits = new Map<AccountId, { ignored: string[]; rooms: string[]; marks: ReadMark[] }>();
  const of = (account: unknown) => {
    const id = Number(account), visit = visits.get(id) ?? { ignored: [], rooms: [], marks: [] };
    visits.set(id, visit);
    return visit;
  };
  for (const { account, ignored, rooms } of db.prepare("SELECT * FROM visits").all()) {
    Object.assign(of(account), { ignored: toNames(ignored), rooms: toNames(rooms) });
  }
  for (const { account, room, id } of db.prepare("SELECT * FROM seen").all()) {
    of(account).marks.push({ room: Number(room), upTo: Number(id) });
  }
  for (const { account, person, id } of db.prepare("SELECT * FROM seen_people").all()) {
    of(account).marks.push({ person: String(person), upTo: Number(id) });
  }
  return Array.from(visits, ([account, visit]) => ({ account, ...visit }));
}

/** The messages that wait, oldest first; `journal` has those that are not indexed yet. Throws if the disk fails. */
export function waitingIn(db: DatabaseSync, journal: Iterable<Message>): Waiting[] {
  const marks = new Map(
    db.prepare("SELECT * FROM waiting").all().map((row) => [Number(row.id), row]),
  );
  if (marks.size === 0) return [];
  const indexed = db.prepare(`SELECT ${COLUMNS.join(", ")} FROM messages
    WHERE id IN (SELECT id FROM waiting)`).all();
  const messages = new Map<number, Message>();
  for (const row of toRows(indexed)) messages.set(idOf(row), toMessage(row, () => ""));
  // The later form counts of a message that was changed.
  for (const message of journal) {
    if (marks.has(message.id)) messages.set(message.id, message);
  }
  const all = [...messages.values()].filter(({ deleted }) => !deleted);
  return all.sort((one, other) => one.id - other.id).map((message) => {
    const { account, network } = marks.get(message.id)!;
    return { account: Number(account), network: String(network), message };
  });
}
