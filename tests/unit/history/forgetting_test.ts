// Forgetting somebody whom an admin command on another server's file has forgotten.

import type { DatabaseSync } from "node:sqlite";
import type { Author, Message } from "../../../lib/chat/message.ts";
import type { History, Record } from "../../../lib/chat/history.ts";
import { forget } from "../../../lib/history/admin.ts";
import { MemoryHistory } from "../../../lib/history/memory.ts";
import { delay } from "../../../lib/std/typed.ts";
import { takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { assert, assertEquals } from "../../assert.ts";
import { said } from "../chat/said.ts";
import { Fold, OPTIONS } from "../chat/logs.ts";
import { LOBBY, open, type Opened, whisper, words } from "./file.ts";

const ANN = { name: "Ann", account: 1 };
const FORGOTTEN: Record = { kind: "forgotten", whom: ANN, upTo: 8 };

/** Words in the lobby by somebody. */
function by(id: number, from: string, account?: number): Record {
  const author: Author = account === undefined ? { member: 0 } : { member: 0, account };
  return {
    kind: "said",
    message: said({ id, from, by: author, text: `secret ${id}`, room: LOBBY }),
  };
}

/** Ann's words under her name, under another one, and as a guest; what she was told; and what others said. */
const SAID = [
  ...[by(1, "Ann", 1), by(2, "annie", 1), by(3, "ann"), by(4, "bob", 2)],
  ...[whisper(5, 1, 2), whisper(6, 2, 1), whisper(7, 2, 3), by(8, "eve")],
];
/** Said after that, under her name by another person. */
const LATER = by(9, "Ann");

/** The numbers of all messages that somebody may find. */
async function found(history: History): Promise<number[]> {
  const ids = new Set<number>();
  for (const account of [1, 2, 3]) {
    const reader = { member: 0, account };
    const add = (messages: Message[]) => messages.forEach(({ id }) => ids.add(id));
    add(history.recall({ room: LOBBY.id, reader, count: 9, upTo: 9 }));
    for (const word of ["secret", "psst"]) {
      add((await history.search({ words: [word], reader, rooms: () => true, count: 9 })).messages);
    }
  }
  return [...ids].sort();
}

/** The file of a node that has followed the stream up to 1. */
function node(db?: DatabaseSync): Opened {
  const opened = open({ db, isNode: true });
  const { snapshot } = opened.history.follow({ network: "tearoom", epoch: 1 });
  if (snapshot === undefined) opened.history.startAt(state(0));
  return opened;
}

/** A snapshot of a chat in which Ann is registered. */
function state(sequence: number, { knowsAnn = true } = {}) {
  const { chat } = Fold.of({ options: OPTIONS });
  const account = { id: 1, name: "Ann", key: "ann", hash: "hers", isOperator: false };
  if (knowsAnn) chat.accounts.put(account);
  return { sequence, id: `${sequence}`, at: sequence, chat: takeSnapshot(chat) };
}

/** The numbers of the messages that a file still has to look through, and of those in its tables. */
function left(db: DatabaseSync): unknown[] {
  const ids = db.prepare("SELECT id FROM messages UNION SELECT last FROM journal ORDER BY 1").all();
  return ids.map(({ id }) => id);
}

async function gone({ db, history }: Opened): Promise<void> {
  history.tick();
  while (db.prepare("SELECT 1 FROM forgetting").get() !== undefined) await delay(1);
}

/** Everything in the index's pages, as Latin-1. */
function pages(db: DatabaseSync): string {
  const latin1 = new TextDecoder("latin1");
  return db.prepare("SELECT block FROM words_data").all()
    .map(({ block }) => latin1.decode(block as Uint8Array)).join("");
}

for (const [where, isIndexed] of [["the journal", false], ["the tables", true]] as const) {
  Deno.test(`who is forgotten elsewhere is gone at once, and soon from ${where}`, async () => {
    using opened = node();
    const { db, history } = opened;
    history.commit(SAID, 1);
    if (isIndexed) await found(history);
    history.commit([FORGOTTEN, LATER], 2);
    assertEquals(await found(history), [4, 7, 8, 9]);
    await gone(opened);
    assertEquals(await found(history), [4, 7, 8, 9]);
    assertEquals(left(db), [4, 7, 8, 9]);
    assertEquals(db.prepare("SELECT count(*) AS n FROM forgotten").get()?.n, 1);
  });
}

Deno.test("who is forgotten elsewhere is gone from memory", async () => {
  const history = new MemoryHistory();
  history.commit(SAID);
  history.commit([FORGOTTEN, LATER]);
  assertEquals(await found(history), [4, 7, 8, 9]);
});

Deno.test("nothing of their words is left in the index", async () => {
  using opened = node();
  const { db, history } = opened;
  // Its bytes stand side by side in the index: it begins as no other word does.
  const hers = new TextDecoder("latin1").decode(new TextEncoder().encode("📿"));
  history.commit([
    { kind: "said", message: said({ id: 1, from: "ann", text: "📿", room: LOBBY }) },
    words(2, "tea"),
  ], 1);
  await found(history);
  assert(pages(db).includes(hers));
  history.commit([FORGOTTEN], 2);
  await gone(opened);
  assert(!pages(db).includes(hers));
  const search = { words: ["tea"], reader: { member: 0 }, rooms: () => true, count: 9 };
  assertEquals((await history.search(search)).messages.length, 1);
});

Deno.test("among many messages theirs are found slice by slice, also after a restart", async () => {
  const { db, history, stop } = node();
  const all = Array.from({ length: 2000 }, (_, i) => by(i + 1, i % 10 ? "bob" : "Ann"));
  history.commit(all, 1);
  const forgotten: Record = { kind: "forgotten", whom: ANN, upTo: 2000 };
  history.commit([forgotten], 2);
  stop();
  const again = node(db);
  // Nothing was deleted yet.
  assertEquals(again.history.recall({ room: LOBBY.id, count: 20, upTo: 2000 }).length, 18);
  const search = { words: ["secret"], reader: { member: 0 }, rooms: () => true, count: 9999 };
  assertEquals((await again.history.search(search)).messages.length, 1800);
  await gone(again);
  assertEquals((await again.history.search(search)).messages.length, 1800);
  const { n } = db.prepare("SELECT count(*) AS n FROM messages").get() ?? {};
  assertEquals(n, 1800);
  const kept = again.history.recall({ room: LOBBY.id, count: 1000, upTo: 2000 });
  assert(kept.every(({ from }) => from === "bob"));
  assertEquals(kept.length, 1000);
  again.stop();
  db.close();
});

Deno.test("what waits for the disk forgets them as well", async () => {
  using opened = node();
  const { db, history } = opened;
  history.commit(SAID.slice(0, 2), 1);
  db.exec("PRAGMA query_only = ON");
  history.commit(SAID.slice(2), 2);
  history.commit([FORGOTTEN], 3);
  assertEquals(await found(history), [4, 7, 8]);
  history.commit([LATER], 4);
  db.exec("PRAGMA query_only = OFF");
  history.tick();
  const { messages } = db.prepare("SELECT messages FROM journal ORDER BY id DESC LIMIT 1").get()!;
  assertEquals(JSON.parse(String(messages)).map(([id]: unknown[]) => id), [4, 7, 8, 9]);
  await gone(opened);
  assertEquals(left(db), [4, 7, 8, 9]);
});

Deno.test("snapshots that know of them are replaced", () => {
  const { db, history, stop } = node();
  history.keepSnapshot(state(1));
  history.commit([by(1, "Ann", 1)], 2);
  assertEquals(history.wantsSnapshot, false);
  history.commit([{ kind: "account gone", id: 1 }, { ...FORGOTTEN, upTo: 1 }], 3);
  assertEquals(history.wantsSnapshot, true);
  stop();
  // Also by the next server, once its chat knows that they were forgotten.
  const again = node(db);
  assertEquals(again.history.wantsSnapshot, false);
  again.history.commit([], 3);
  assertEquals(again.history.wantsSnapshot, true);
  again.history.keepSnapshot(state(3, { knowsAnn: false }));
  assertEquals(again.history.wantsSnapshot, false);
  const rows = db.prepare("SELECT sequence FROM snapshots").all();
  assertEquals(rows.map(({ sequence }) => sequence), [3]);
  again.stop();
  db.close();
});

Deno.test("who was forgotten here is told to the network once, and what they said meanwhile goes too", async () => {
  using opened = node();
  const { db, history } = opened;
  history.commit([...SAID.slice(0, 4), {
    kind: "account new",
    account: { ...state(0).chat.accounts[0]! },
  }], 1);
  history.changed();
  forget(db, "ann");
  const rows = () => db.prepare("SELECT name, account, told FROM forgotten").all();
  assertEquals({ ...rows()[0] }, { name: "ann", account: 1, told: 0 });
  history.commit([by(5, "Ann", 1), by(6, "ann")], 2);
  history.commit([{ kind: "forgotten", whom: { name: "ann", account: 1 }, upTo: 6 }], 3);
  assertEquals(rows().map((row) => ({ ...row })), [{ name: "ann", account: 1, told: 1 }]);
  await gone(opened);
  assertEquals(left(db), [4]);
});
