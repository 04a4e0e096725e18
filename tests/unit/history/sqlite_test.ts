// The history in a file: what it knows again, what it does when the disk fails, and what it deletes.

import { LOST } from "../../../lib/history/write_behind.ts";
import { ERRORS } from "../../../lib/history/faults.ts";
import { DatabaseSync } from "node:sqlite";
import type { Account, Ban, Record, SavedRoom } from "../../../lib/chat/history.ts";
import { forget, setPassword } from "../../../lib/history/admin.ts";
import { migrate } from "../../../lib/history/migrations.ts";
import { HistoryError } from "../../../lib/history/faults.ts";
import { openFile } from "../../../lib/history/file.ts";
import { MIGRATIONS } from "../../../lib/history/migrations.ts";
import { indexAll } from "../../../lib/history/indexer.ts";
import { SqliteHistory } from "../../../lib/history/sqlite.ts";
import { RetryBuffer } from "../../../lib/history/retry_buffer.ts";
import { createMetrics } from "../../../lib/metrics.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../assert.ts";
import { LOBBY, mended, open, TEA, words } from "./file.ts";

const ALICE: Account = { id: 1, name: "Alice", key: "alice", hash: "h", isOperator: true };
const BAN: Ban = {
  ...{ kind: "ban", subject: "bob", shown: "Bob", isAddress: false, why: "spam", by: "Alice" },
  until: 9,
};
const ROOM: SavedRoom = {
  ...{ ...TEA, key: "tea", topic: "leaves", owner: 1, isLocked: true, invited: [2, 3] },
};

Deno.test("what was kept is known again", () => {
  const { db, history, stop } = open();
  const { until: _, ...forGood } = BAN;
  const mute: Ban = { ...forGood, kind: "mute" };
  history.commit([
    { kind: "account new", account: { ...ALICE, isOperator: false } },
    { kind: "account operator", id: 1, isOperator: true },
    { kind: "account new", account: { ...ALICE, id: 2, key: "bob" } },
    { kind: "account gone", id: 2 },
    { kind: "ban", ban: BAN },
    { kind: "ban", ban: { ...BAN, subject: "eve" } },
    { kind: "unban", ban: { kind: "ban", subject: "eve" } },
    { kind: "ban", ban: mute },
    { kind: "room", room: ROOM },
  ]);
  stop();
  using later = open({ db });
  const { accounts, bans, rooms, lastAccount, lastRoom } = later.history.load();
  assertEquals(accounts, [ALICE]);
  assertEquals(bans, [BAN, mute]);
  assertEquals(rooms.filter(({ id }) => id !== LOBBY.id), [
    { ...ROOM, emptySince: 0 },
  ]);
  assertEquals([lastAccount, lastRoom], [2, 2]);
});

Deno.test("an open room is found again by its key, a locked one without a topic is not", () => {
  const { db, history, stop } = open();
  const den: SavedRoom = { ...ROOM, id: 3, name: "Den", key: "den", topic: "" };
  const hall = { ...den, id: 4, name: "hall", key: "hall", isLocked: false };
  history.commit([{ kind: "room", room: den }, { kind: "room", room: hall }]);
  history.commit([words(1, "hello", { id: 4, name: "hall" }), { kind: "room empty", id: 4 }]);
  stop();
  using later = open({ db });
  assertEquals(kept(later.history, "hall"), { ...hall, emptySince: 0 });
  assertEquals(later.history.recall({ room: 4, count: 9, upTo: 9 }).length, 1);
  assertEquals(kept(later.history, "den"), undefined);
});

Deno.test("what a failing disk does not take waits, in order, and is written when it is well", () => {
  const { db, history, metrics, stop } = open();
  history.commit([words(1, "before")]);
  db.exec("PRAGMA query_only = ON");
  history.commit([words(2, "meanwhile"), { kind: "account new", account: ALICE }]);
  assertStringIncludes(history.trouble ?? "", "readonly");
  assert(metrics.count(ERRORS) > 0);
  const valueOf = (name: string) =>
    [...metrics.families()].find((each) => each.name === name)?.samples.at(-1)?.value;
  assertEquals(valueOf("bobchat_history_failing"), 1);
  assertEquals(valueOf("bobchat_history_waiting_records"), 2);
  // An attempt that failed counts too.
  assert(valueOf("bobchat_history_commit_seconds")! >= 2);
  assertEquals(history.recall({ room: LOBBY.id, count: 9, upTo: 9 }).length, 2);
  db.exec("PRAGMA query_only = OFF");
  history.tick();
  history.commit([words(3, "after")]);
  assertEquals(history.trouble, undefined);
  assertEquals(valueOf("bobchat_history_failing"), 0);
  assertEquals(valueOf("bobchat_history_waiting_records"), 0);
  stop();
  using later = open({ db });
  const kept = later.history.recall({ room: LOBBY.id, count: 9, upTo: 9 });
  assertEquals(kept.map(({ id, text }) => `${id} ${text}`), ["1 before", "2 meanwhile", "3 after"]);
  assertEquals(later.history.load().accounts, [ALICE]);
});

Deno.test("beyond 16 MiB messages are lost, counted, and named as a gap", () => {
  using opened = open();
  const { db, history, metrics } = opened;
  db.exec("PRAGMA query_only = ON");
  const text = "x".repeat(1024 * 1024);
  for (let id = 1; id <= 20; id++) history.commit([words(id, text)]);
  const account: Record = { kind: "account new", account: ALICE };
  history.commit([account]);
  const lost = metrics.count(LOST);
  assert(lost >= 3 && lost < 6, `${lost} lost`);
  db.exec("PRAGMA query_only = OFF");
  for (let i = 0; i < 50 && history.trouble !== undefined; i++) history.tick();
  history.tick();
  const [gap] = db.prepare("SELECT * FROM gaps").all();
  assertEquals(gap?.count, metrics.count(LOST));
  assertEquals(gap?.after_id, 20 - metrics.count(LOST));
  assertEquals(history.load().accounts, [ALICE]);
});

Deno.test("a message that is there already keeps nothing from being written", () => {
  using opened = open();
  const { history } = opened;
  history.commit([words(1, "a")]);
  history.commit([words(1, "again"), words(2, "b")]);
  assertEquals(history.trouble, undefined);
  assertEquals(history.load().lastMessage, 2);
});

Deno.test("what is older than --keep-days is deleted, words and all", async () => {
  const DAY = 86_400_000;
  using opened = open({ keepDays: 2, now: 3 * DAY });
  const { db, history } = opened;
  const at = (id: number, day: number): Record => {
    const record = words(id, `text ${id}`);
    return record.kind === "said"
      ? { ...record, message: { ...record.message, at: day * DAY } }
      : record;
  };
  history.commit([at(1, 0), at(2, 0.5), at(3, 2)]);
  const find = () =>
    history.search({ words: ["text"], reader: { member: 1 }, rooms: () => true, count: 9 });
  assertEquals((await find()).messages.length, 3);
  history.tick();
  assertEquals((await find()).messages.map(({ id }) => id), [3]);
  assertEquals(history.recall({ room: LOBBY.id, count: 9, upTo: 9 }).map(({ id }) => id), [3]);
  assertEquals(db.prepare("SELECT count(*) AS n FROM messages").get()?.n, 1);
});

Deno.test("nothing is deleted by a clock that is not sure", () => {
  const db = openFile(":memory:");
  const DAY = 86_400_000;
  let isSure = false;
  const history = new SqliteHistory(db, {
    ...{ keepDays: 1, now: () => 40 * DAY, isSure: () => isSure, metrics: createMetrics() },
  });
  history.commit([words(1, "a")]);
  indexAll(db);
  const kept = () => history.recall({ room: LOBBY.id, count: 9, upTo: 9 }).length;
  history.tick();
  assertEquals(kept(), 1);
  isSure = true;
  history.tick();
  assertEquals(kept(), 0);
  history.close();
});

Deno.test("a file of the first version keeps its words when it is brought up to date", async () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, { path: "x", migrations: MIGRATIONS.slice(0, 1) });
  db.exec(`INSERT INTO rooms (id, key, name) VALUES (2, 'tea', 'tea');
    INSERT INTO messages (id, at, room, kind, sender, text) VALUES
      (1, 1, 1, 'message', 'ann', '重跑gen后'), (2, 2, 2, 'message', 'ann', 'un café');
    UPDATE highest SET message = 2`);
  migrate(db, { path: "x" });
  using opened = open({ db });
  const find = async (word: string) => {
    const search = { words: [word], reader: { member: 1 }, rooms: () => undefined, count: 9 };
    return (await opened.history.search(search)).messages.map(({ id }) => id);
  };
  assertEquals([await find("gen"), await find("caf"), await find("afe")], [[1], [2], []]);
  opened.history.commit([words(3, "gen")]);
  assertEquals(await find("gen"), [3, 1]);
});

/** A history whose disk does not take that a locked room is gone, or that one was locked. */
function failing(waiting: Record[], kept: Record[]) {
  const opened = open();
  opened.history.commit(kept);
  opened.db.exec("PRAGMA query_only = ON");
  opened.history.commit(waiting);
  return opened;
}

const SEARCH = { words: ["secret"], reader: { member: 1 }, rooms: () => undefined, count: 9 };

Deno.test("a locked room that empties while the disk is full can be read by nobody", async () => {
  const den = { ...ROOM, topic: "" };
  const gone: Record = { kind: "room gone", id: TEA.id };
  const said = words(1, "secret", TEA);
  for (
    const [waiting, kept] of [
      [[gone], [{ kind: "room", room: den }, said]],
      [[{ kind: "room", room: den }, gone], [
        { kind: "room", room: { ...den, isLocked: false } },
        said,
      ]],
      [[{ kind: "room", room: den }], [{ kind: "room", room: { ...den, isLocked: false } }, said]],
      [[{ kind: "room", room: den }, said, gone], []],
    ] satisfies [Record[], Record[]][]
  ) {
    using opened = failing(waiting, kept);
    const { db, history } = opened;
    assertEquals((await history.search(SEARCH)).messages, []);
    if (waiting.includes(gone)) {
      assertEquals(history.recall({ room: TEA.id, count: 9, upTo: 9 }), []);
    }
    db.exec("PRAGMA query_only = OFF");
    history.tick();
    assertEquals((await history.search(SEARCH)).messages, []);
  }
});

Deno.test("what waits for a failing disk is found by its words", async () => {
  using opened = failing([words(2, "a secret that waits")], [words(1, "a secret that is kept")]);
  const { messages } = await opened.history.search({ ...SEARCH, rooms: () => true });
  assertEquals(messages.map(({ id }) => id), [2, 1]);
});

Deno.test("what was mended is shown and found so while the disk fails, and written once", async () => {
  const [kept, waits] = [words(1, "a secret that is kept"), words(2, "a secret that waits")];
  const { db, history, stop } = failing([waits, mended(kept), mended(waits, "no more")], [kept]);
  const find = async (of: SqliteHistory) => {
    const { messages } = await of.search({ ...SEARCH, rooms: () => true });
    return messages.map(({ id }) => id);
  };
  const recalled = (of: SqliteHistory) =>
    of.recall({ room: LOBBY.id, count: 9, upTo: 9 }).map(({ text }) => text);
  assertEquals(await find(history), []);
  assertEquals(recalled(history), ["", "no more"]);
  db.exec("PRAGMA query_only = OFF");
  // As a server that was killed leaves it, the journal has both forms.
  history.tick();
  const killed = new SqliteHistory(db, { keepDays: 0, now: () => 0, metrics: createMetrics() });
  assertEquals(recalled(killed), ["", "no more"]);
  stop();
  using later = open({ db });
  assertEquals([await find(later.history), recalled(later.history)], [[], ["", "no more"]]);
});

Deno.test("of what changes again and again while the disk fails the last waits alone", () => {
  const { db, history, stop } = failing([{ kind: "account new", account: ALICE }], []);
  const bare = { kind: "ban", subject: BAN.subject } as const;
  for (let i = 0; i < 300; i++) {
    history.commit([
      { kind: "room", room: { ...ROOM, topic: `${i}` } },
      { kind: "account operator", id: 1, isOperator: i % 2 === 0 },
      { kind: "account gone", id: 2 },
      { kind: "ban", ban: { ...BAN, why: `${i}` } },
      { kind: "seen", account: 1, mark: { room: 2, upTo: i } },
      { kind: "unban", ban: { ...bare, subject: `x${i % 3}` } },
      { kind: "room empty", id: TEA.id, at: i },
    ]);
  }
  db.exec("PRAGMA query_only = OFF");
  const changes = () => Number(db.prepare("SELECT total_changes() AS n").get()?.n);
  const before = changes();
  history.tick();
  const written = changes() - before;
  assert(written < 15, `${written} rows were written`);
  stop();
  using later = open({ db });
  const { rooms, accounts, bans } = later.history.load();
  assertEquals(rooms.filter(({ id }) => id !== LOBBY.id), [
    { ...ROOM, topic: "299", emptySince: 299 },
  ]);
  assertEquals(accounts.map(({ isOperator }) => isOperator), [false]);
  assertEquals(bans.map(({ why }) => why), ["299"]);
  assertEquals(db.prepare("SELECT id FROM seen").get()?.id, 299);
  assertEquals(db.prepare("SELECT empty_since FROM rooms WHERE id = 2").get()?.empty_since, 299);
});

Deno.test("changes wait in 16 MiB at most while the disk fails, and what is beyond is lost", () => {
  const waiting = new RetryBuffer();
  const topic = "x".repeat(1024 * 1024);
  let lost = 0;
  for (let id = 2; id < 40; id++) {
    lost += waiting.push([{ kind: "room", room: { ...ROOM, id, key: `${id}`, topic } }]).changes;
  }
  assert(lost > 20, `${lost} lost`);
  // One that waits can still change, and that a room is gone is always known.
  assertEquals(
    waiting.push([{ kind: "room", room: { ...ROOM, key: "2", topic: "" } }]).changes,
    0,
  );
  assertEquals(waiting.push([{ kind: "room gone", id: 39 }]).changes, 0);
  assertEquals(waiting.room(39), "gone");
});

Deno.test("rooms that nobody uses are forgotten, and no others", async () => {
  using opened = open();
  const { db, history } = opened;
  const room = (id: number, topic = ""): Record => ({
    kind: "room",
    room: { id, name: `r${id}`, key: `r${id}`, topic, isLocked: false, invited: [] },
  });
  const empty = (id: number): Record => ({ kind: "room empty", id });
  history.commit([
    ...[room(2), empty(2)],
    ...[room(3), words(1, "a", { id: 3, name: "r3" }), empty(3)],
    ...[room(4, "kept"), empty(4)],
    room(5),
    ...[room(6), { kind: "seen", account: 1, mark: { room: 6, upTo: 1 } } as const, empty(6)],
    ...[room(7), { kind: "room gone", id: 7 } as const],
    ...[room(8), words(2, "b", { id: 8, name: "r8" }), { kind: "room gone", id: 8 } as const],
    ...[room(9), empty(9), room(9)],
  ]);
  // A search has all indexed first.
  await history.search(SEARCH);
  for (let i = 0; i < 3; i++) history.tick();
  const ids = db.prepare("SELECT id FROM rooms").all().map(({ id }) => id);
  assertEquals(ids, [LOBBY.id, 3, 4, 5, 8, 9]);
  assertEquals(db.prepare("SELECT count(*) AS n FROM seen").get()?.n, 0);
  history.commit([room(2)]);
  assertEquals(kept(history, "r2")?.id, 2);
});

Deno.test("a search is as short where there are many rooms that nobody uses", async () => {
  using opened = open();
  const { db, history } = opened;
  history.commit([words(1, "a secret")]);
  indexAll(db);
  db.exec(`WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO rooms (id, key, name) SELECT i, 'k' || i, 'k' || i FROM n`);
  let asked = 0;
  const rooms = () => {
    asked++;
    return true;
  };
  assertEquals((await history.search({ ...SEARCH, rooms })).messages.length, 1);
  assertEquals(asked, 1);
});

Deno.test("a file is brought up to date step by step, all steps or none", () => {
  const db = openFile(":memory:");
  const version = () => db.prepare("PRAGMA user_version").get()?.user_version;
  assertEquals(version(), MIGRATIONS.length);
  const migrations = [...MIGRATIONS, "CREATE TABLE more (a)", "CREATE TABLE nonsense ("];
  assertThrows(() => migrate(db, { path: "x", migrations }), Error);
  assertEquals(version(), MIGRATIONS.length);
  migrate(db, { path: "x", migrations: migrations.slice(0, -1) });
  assertEquals(version(), MIGRATIONS.length + 1);
  assertEquals(db.prepare("SELECT count(*) AS n FROM more").get()?.n, 0);
  const { message } = assertThrows(() => migrate(db, { path: "chat.db" }), HistoryError);
  assertStringIncludes(message, "chat.db was written by a newer bobchat");
  db.close();
});

Deno.test("what memory has no more is read from the file, in both directions and without a gap", () => {
  using opened = open();
  const { history } = opened;
  // More than memory has of a room, in pieces as a writer would commit them, and none indexed yet.
  for (let id = 1; id <= 1300; id += 50) {
    history.commit(Array.from({ length: 50 }, (_, i) => words(id + i, `${id + i}`)));
  }
  const ids = (extent: { upTo: number; after?: number; count: number }) =>
    history.recall({ room: LOBBY.id, ...extent }).map(({ id }) => id);
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  // A machine that is slow indexes only a part each time that it is asked.
  while (ids({ upTo: 300, count: 300 }).length < 300);
  assertEquals(ids({ upTo: 1300, count: 1200 }), range(101, 1300));
  assertEquals(ids({ upTo: 400, count: 200 }), range(201, 400));
  assertEquals(ids({ upTo: 100, count: 200 }), range(1, 100));
  assertEquals(ids({ upTo: 1300, after: 200, count: 200 }), range(201, 400));
  assertEquals(ids({ upTo: 1300, after: 0, count: 3 }), [1, 2, 3]);
});

Deno.test("of an account that is there already, what has changed is written and nothing else", () => {
  using opened = open();
  const { db, history } = opened;
  history.commit([{ kind: "account new", account: { ...ALICE, isOperator: false } }]);
  // As other programs do meanwhile.
  setPassword(db, "alice", "another");
  history.commit([{ kind: "account operator", id: 1, isOperator: true }]);
  assertEquals(history.load().accounts, [{ ...ALICE, hash: "another" }]);
  forget(db, "alice");
  history.commit([
    { kind: "account operator", id: 1, isOperator: false },
    { kind: "account new", account: ALICE },
  ]);
  assertEquals(history.load().accounts, []);
});

Deno.test("a journal that has anything else is a damaged file, whatever it has", () => {
  for (const row of ["null", "[null]", "[5]", "[[1]]", '[{"0":1}]', "{", "5"]) {
    const db = openFile(":memory:");
    db.prepare("INSERT INTO journal VALUES (9, 9, 1, ?)").run(row);
    const { name } = assertThrows(() => open({ db }), Error);
    assertEquals(name, "DamageError", row);
    db.close();
  }
});

/** A room as the file has it. */
function kept(history: SqliteHistory, key: string) {
  return history.load().rooms.find((room) => room.key === key);
}

Deno.test("a history names its rooms in the order in which they were left", () => {
  const { db, history, stop } = open();
  for (const [id, since] of [[2, 9], [3, 5], [4, 7]] as const) {
    const name = `r${id}`;
    const room: SavedRoom = { ...ROOM, id, name, key: name, topic: "", isLocked: false };
    history.commit([{ kind: "room", room }, { kind: "room empty", id, at: since }]);
  }
  stop();
  using later = open({ db });
  const ids = later.history.load().rooms.map(({ id }) => id);
  assertEquals(ids.filter((id) => id !== LOBBY.id), [3, 4, 2]);
});
