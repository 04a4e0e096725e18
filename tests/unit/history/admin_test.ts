// What the host does to the file: operators, passwords, forgetting; and messages out and in again.

import { subjectOf } from "../../../lib/chat/bans.ts";
import type { History } from "../../../lib/chat/history.ts";
import { exportMessages, type ExportRange } from "../../../lib/history/export.ts";
import { importMessages } from "../../../lib/history/import.ts";
import {
  forget,
  liftBans,
  listAccounts,
  listBans,
  listOperators,
  listRooms,
  setOperator,
  setPassword,
} from "../../../lib/history/admin.ts";
import { HistoryError } from "../../../lib/history/faults.ts";
import { openFile } from "../../../lib/history/file.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../assert.ts";
import { said } from "../chat/said.ts";
import { LOBBY, MADE, open, TEA, whisper, words } from "./file.ts";

/** A file with alice's account, and words in two rooms. */
function filled() {
  const opened = open();
  const account = { id: 1, name: "Alice", key: "alice", hash: "old", isOperator: false };
  const hers = said({ id: 3, from: "ALICE", text: "mine", room: LOBBY, at: 3 });
  opened.history.commit([
    MADE,
    { kind: "account new", account },
    words(1, "one"),
    words(2, "two", TEA),
    {
      kind: "said",
      message: hers,
    },
    { kind: "said", message: { ...hers, id: 4, from: "al", by: { member: 1, account: 1 } } },
  ]);
  opened.history.commit([whisper(5, 1, 2), whisper(6, 3, 1), whisper(7, 2, 3)]);
  return opened;
}

Deno.test("operators are registered names", () => {
  using opened = filled();
  const { db } = opened;
  setOperator(db, "ALICE", true);
  assertEquals(listOperators(db), ["Alice"]);
  setOperator(db, "alice", false);
  assertEquals(listOperators(db), []);
  const { message } = assertThrows(() => setOperator(db, "bob", true), HistoryError);
  assertStringIncludes(message, "bob is not registered");
});

Deno.test("a password is replaced, of a registered name", () => {
  using opened = filled();
  setPassword(opened.db, "alice", "new");
  assertEquals(opened.history.load().accounts[0]?.hash, "new");
  assertThrows(() => setPassword(opened.db, "bob", "new"), HistoryError);
});

Deno.test("a ban is lifted by its name, by one that looks like it, or by its address", () => {
  using opened = filled();
  const { db, history } = opened;
  const ban = (kind: "ban" | "mute", shown: string, until?: number) => {
    const by = { why: "spam", by: "al", ...until === undefined ? {} : { until } };
    history.commit([{ kind: "ban", ban: { kind, ...subjectOf(shown), ...by } }]);
  };
  ban("ban", "Bob");
  ban("mute", "Bob", 20);
  ban("ban", "10.1.2.0/24");
  ban("ban", "zoe", 10);
  const shown = () => listBans(db, 15).map(({ kind, shown }) => `${kind} ${shown}`);
  assertEquals(shown(), ["ban 10.1.2.0/24", "ban Bob", "mute Bob"]);
  const { message } = assertThrows(() => liftBans(db, "10.1.2.3", 15), HistoryError);
  assertStringIncludes(message, "10.1.2.0/24 is, and 10.1.2.3 with it: unban that");
  assertEquals(liftBans(db, "10.1.2.9/24", 15).map(({ shown }) => shown), ["10.1.2.0/24"]);
  assertEquals(liftBans(db, "BOB", 15).map(({ kind }) => kind), ["ban", "mute"]);
  assertEquals(shown(), []);
  assertEquals(history.load().bans.map(({ shown }) => shown), ["zoe"]);
  const none = assertThrows(() => liftBans(db, "BOB", 15), HistoryError);
  assertStringIncludes(none.message, "BOB is neither banned nor muted");
});

Deno.test("a ban in the form of an earlier version is lifted", () => {
  using opened = filled();
  opened.db.exec(
    "INSERT INTO bans VALUES ('ban', '10.1.2.3/24', '10.1.2.3/24', 1, '', 'al', NULL)",
  );
  assertEquals(listBans(opened.db, 0).map(({ shown }) => shown), ["10.1.2.0/24"]);
  liftBans(opened.db, "10.1.2.0/24", 0);
  assertEquals(opened.history.load().bans, []);
});

Deno.test("rooms and registered names are listed, those that are gone are not", () => {
  using opened = filled();
  const { db, history } = opened;
  assertEquals(listAccounts(db).map(({ name }) => name), ["Alice"]);
  assertEquals(listRooms(db).map(({ name }) => name), ["lobby", "tea"]);
  history.commit([{ kind: "room gone", id: TEA.id }]);
  assertEquals(listRooms(db).map(({ name }) => name), ["lobby"]);
});

Deno.test("who is forgotten leaves no word, said by them or to them, under no name", async () => {
  using opened = filled();
  const { db, history } = opened;
  assertEquals(forget(db, "alice"), { account: true, messages: 4 });
  assertEquals(db.prepare("SELECT id FROM messages").all().map(({ id }) => id), [1, 2, 7]);
  assertEquals(history.load().accounts, []);
  const search = { words: ["mine"], reader: { member: 1 }, rooms: () => true, count: 9 };
  assertEquals(await history.search(search), { messages: [] });
  assertEquals(forget(db, "nobody"), { account: false, messages: 0 });
});

Deno.test("export gives what was said in rooms, in order, as far as it is asked for", () => {
  using opened = filled();
  const { db } = opened;
  db.exec("INSERT INTO gaps (after_id, count, since, until) VALUES (2, 9, 2, 3)");
  const ask = (extent: ExportRange) =>
    [...exportMessages(db, extent)].map((item) =>
      item.kind === "gap" ? `gap ${item.count}` : "id" in item ? item.id : item.state
    );
  assertEquals(ask({}), [1, 2, "gap 9", 3, 4]);
  assertEquals(ask({ room: "#TEA" }), [2, "gap 9"]);
  assertEquals(ask({ since: 2, until: 3 }), [2, "gap 9"]);
  assertThrows(() => ask({ room: "den" }), HistoryError);
});

Deno.test("import takes back what export gave, behind what is there", () => {
  using opened = filled();
  const items = [...exportMessages(opened.db, {})];
  using other = open();
  other.history.commit([words(1, "first")]);
  assertEquals(importMessages(other.db, items), { imported: 4, present: 0 });
  const strip = (all: Iterable<object>) => [...all].map((item) => ({ ...item, id: 0 }));
  const taken = [...exportMessages(other.db, {})];
  assertEquals(strip(taken.slice(1)), strip(items));
  assertEquals(taken.map((item) => "id" in item ? item.id : 0), [1, 2, 3, 4, 5]);
});

Deno.test("import takes nothing where something is wrong, and says what", () => {
  const good = { at: "2026-11-24T10:00:00Z", room: "tea", kind: "message", from: "a", text: "b" };
  const rows: [object | null, string][] = [
    [{ ...good, kind: "notice" }, "kind"],
    [{ ...good, at: "soon" }, "at"],
    [{ ...good, room: "a b" }, "room"],
    [{ ...good, from: "***" }, "from"],
    [{ ...good, text: "a\nb" }, "text"],
    [null, "kind"],
  ];
  for (const [item, what] of rows) {
    const db = openFile(":memory:");
    const { message } = assertThrows(() => importMessages(db, [good, item]), HistoryError);
    assert(message.includes(`"${what}"`), message);
    assertEquals([...exportMessages(db, {})], []);
    db.close();
  }
});

Deno.test("import twice takes nothing twice, and what was said twice stays so", () => {
  using opened = open();
  const { db } = opened;
  const at = "2026-11-24T10:00:00.000Z";
  const one = { at, room: "tea", kind: "message", from: "ann", text: "hello" };
  const items = [one, one, { ...one, kind: "action" }, { ...one, room: "lobby" }];
  assertEquals(importMessages(db, items), { imported: 4, present: 0 });
  assertEquals(importMessages(db, items), { imported: 0, present: 4 });
  assertEquals(importMessages(db, [...exportMessages(db, {})]), { imported: 0, present: 4 });
  assertEquals(importMessages(db, [...items, one]), { imported: 1, present: 4 });
  assertEquals([...exportMessages(db, {})].length, 5);
});

Deno.test("what is exported and imported is found by its words", async () => {
  using opened = filled();
  using other = open();
  importMessages(other.db, [...exportMessages(opened.db, {})]);
  const search = { words: ["tw"], reader: { member: 1 }, rooms: () => true, count: 9 };
  const { messages } = await other.history.search(search);
  assertEquals(messages.map(({ text }) => text), ["two"]);
});

/** A file with a room that is locked and has a topic, one that is gone, and an open one of its name. */
function withLocks() {
  const opened = open();
  const room = { key: "den", name: "den", topic: "", isLocked: true, invited: [] };
  const account = { id: 1, name: "Alice", key: "alice", hash: "h", isOperator: false };
  const den = { id: 3, name: "den" },
    again = { id: 4, name: "den" },
    vault = { id: 5, name: "vault" };
  opened.history.commit([
    { kind: "account new", account },
    { kind: "room", room: { ...room, ...den } },
    words(1, "whispered", den),
    { kind: "room gone", id: den.id },
    { kind: "room", room: { ...room, ...again, isLocked: false } },
    words(2, "said aloud", again),
    { kind: "room", room: { ...room, ...vault, key: "vault", topic: "gold", owner: 1 } },
    words(3, "the code is 1234", vault),
  ]);
  return opened;
}

/** What anybody reads in the rooms of a file that nobody is in. */
async function readable({ history }: ReturnType<typeof open>): Promise<string[]> {
  const search = { words: ["whispered"], reader: { member: 1 }, rooms: () => undefined, count: 9 };
  const found = await Promise.all(
    ["whispered", "said", "code"].map(async (word) =>
      (await history.search({ ...search, words: [word] })).messages
    ),
  );
  const room = kept(history, "den");
  const recalled = room === undefined ? [] : history.recall({ room: room.id, upTo: 99, count: 9 });
  return [...found.flat(), ...recalled].map(({ text }) => text);
}

Deno.test("what was said behind a lock stays behind one, out of a file and into another", async () => {
  using opened = withLocks();
  assertEquals(await readable(opened), ["said aloud", "said aloud"]);
  const items = [...exportMessages(opened.db, {})];
  const lines = items.map((item) => JSON.parse(JSON.stringify(item)));
  const { db, stop } = open();
  assertEquals(importMessages(db, lines), { imported: 3, present: 0 });
  assertEquals(importMessages(db, lines), { imported: 0, present: 3 });
  stop();
  using other = open({ db });
  assertEquals(await readable(other), ["said aloud", "said aloud"]);
  const vault = other.history.load().rooms.find(({ key }) => key === "vault");
  assertEquals([vault?.isLocked, vault?.topic, vault?.owner], [true, "gold", undefined]);
  assertEquals([...exportMessages(db, { room: "vault" })].length, 2);
});

Deno.test("a locked room that is imported is its owner's, if their name is registered", () => {
  using opened = withLocks();
  const lines = [...exportMessages(opened.db, {})];
  using other = open();
  const account = { id: 7, name: "alice", key: "alice", hash: "h", isOperator: false };
  other.history.commit([{ kind: "account new", account }]);
  importMessages(other.db, lines);
  assertEquals(kept(other.history, "vault")?.owner, 7);
});

Deno.test("what is behind a lock is not put into somebody else's room of that name", async () => {
  using opened = withLocks();
  const lines = [...exportMessages(opened.db, {})];
  for (const isLocked of [true, false]) {
    using other = open();
    const bob = { id: 7, name: "bob", key: "bob", hash: "h", isOperator: false };
    const room = { id: 2, name: "vault", key: "vault", topic: "his", owner: 7, invited: [] };
    other.history.commit([
      { kind: "account new", account: bob },
      { kind: "room", room: { ...room, isLocked } },
    ]);
    importMessages(other.db, lines);
    assertEquals(other.history.recall({ room: 2, upTo: 99, count: 9 }), []);
    const search = { words: ["code"], reader: { member: 1 }, rooms: () => undefined, count: 9 };
    assertEquals((await other.history.search(search)).messages, []);
  }
});

Deno.test("a line about a room that is wrong is named, and one that is missing", () => {
  using opened = open();
  const good = { kind: "room", roomId: 3, room: "den", state: "locked", topic: "t", owner: "ann" };
  const said = { at: "2026-11-24T10:00:00Z", room: "den", kind: "message", from: "a", text: "b" };
  const rows: [object, string][] = [
    [{ ...good, roomId: "x" }, "roomId"],
    [{ ...good, room: "a b" }, "room"],
    [{ ...good, state: "open" }, "state"],
    [{ ...good, topic: "a\nb" }, "topic"],
    [{ ...good, topic: "x".repeat(201) }, "topic"],
    [{ ...good, owner: "***" }, "owner"],
    [{ ...said, roomId: 4 }, "roomId"],
    [{ ...said, roomId: null }, "roomId"],
  ];
  for (const [item, what] of rows) {
    const { message } = assertThrows(() => importMessages(opened.db, [good, item]), HistoryError);
    assert(message.includes(`"${what}"`), message);
  }
});

Deno.test("exports that overlap, in one import, take nothing twice", () => {
  using opened = withLocks();
  const lines = [...exportMessages(opened.db, {})];
  using other = open();
  assertEquals(importMessages(other.db, [...lines, ...lines]), { imported: 3, present: 3 });
  assertEquals(importMessages(opened.db, [...lines, ...lines]), { imported: 0, present: 6 });
});

Deno.test("what went through another file, and comes back from there, is taken once", () => {
  using opened = withLocks();
  using other = open();
  importMessages(other.db, [...exportMessages(opened.db, {})]);
  const back = [...exportMessages(other.db, {})];
  assertEquals(importMessages(opened.db, back), { imported: 0, present: 3 });
  assertEquals(importMessages(other.db, back), { imported: 0, present: 3 });
});

/** A room as the file has it. */
function kept(history: History, key: string) {
  return history.load().rooms.find((room) => room.key === key);
}
