// The history in a file: what it knows again, what it does when the disk fails, and what it deletes.

import type { Account, Ban, Record, SavedRoom } from "../../../lib/chat/history.ts";
import { forget, setPassword } from "../../../lib/history/admin.ts";
import { migrate } from "../../../lib/history/schema.ts";
import { HistoryError, openFile } from "../../../lib/history/schema.ts";
import { MIGRATIONS } from "../../../lib/history/migrations.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../assert.ts";
import { LOBBY, open, TEA, words } from "./file.ts";

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
  assertEquals(rooms.filter(({ id }) => id !== LOBBY.id), [ROOM]);
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
  assertEquals(later.history.room("hall"), hall);
  assertEquals(later.history.recall({ room: 4, count: 9, upTo: 9 }).length, 1);
  assertEquals(later.history.room("den"), undefined);
});

Deno.test("what a failing disk does not take waits, in order, and is written when it is well", () => {
  const { db, history, metrics, stop } = open();
  history.commit([words(1, "before")]);
  db.exec("PRAGMA query_only = ON");
  history.commit([words(2, "meanwhile"), { kind: "account new", account: ALICE }]);
  assertStringIncludes(history.trouble ?? "", "readonly");
  assert(metrics.historyErrors > 0);
  assertEquals(history.recall({ room: LOBBY.id, count: 9, upTo: 9 }).length, 2);
  db.exec("PRAGMA query_only = OFF");
  history.retry();
  history.commit([words(3, "after")]);
  assertEquals(history.trouble, undefined);
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
  assert(metrics.historyLost >= 3 && metrics.historyLost < 6, `${metrics.historyLost} lost`);
  db.exec("PRAGMA query_only = OFF");
  for (let i = 0; i < 50 && history.trouble !== undefined; i++) history.retry();
  history.retry();
  const [gap] = db.prepare("SELECT * FROM gaps").all();
  assertEquals(gap?.count, metrics.historyLost);
  assertEquals(gap?.after_id, 20 - metrics.historyLost);
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
  assertEquals((await find()).length, 3);
  history.retry();
  assertEquals((await find()).map(({ id }) => id), [3]);
  assertEquals(history.recall({ room: LOBBY.id, count: 9, upTo: 9 }).map(({ id }) => id), [3]);
  assertEquals(db.prepare("SELECT count(*) AS n FROM messages").get()?.n, 1);
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
  // More than memory has of a room, in pieces as a writer would commit them, and none digested yet.
  for (let id = 1; id <= 2500; id += 50) {
    history.commit(Array.from({ length: 50 }, (_, i) => words(id + i, `${id + i}`)));
  }
  const ids = (extent: { upTo: number; after?: number; count: number }) =>
    history.recall({ room: LOBBY.id, ...extent }).map(({ id }) => id);
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  assertEquals(ids({ upTo: 2500, count: 1200 }), range(1301, 2500));
  assertEquals(ids({ upTo: 1600, count: 200 }), range(1401, 1600));
  assertEquals(ids({ upTo: 100, count: 200 }), range(1, 100));
  assertEquals(ids({ upTo: 2500, after: 1400, count: 200 }), range(1401, 1600));
  assertEquals(ids({ upTo: 2500, after: 0, count: 3 }), [1, 2, 3]);
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
