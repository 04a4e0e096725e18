// The history's file of a node: its place in the stream, its snapshots, and which files a network takes.

import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { administered } from "../../../lib/chat/administered.ts";
import type { SharedEvent } from "../../../lib/chat/event.ts";
import type { Account, Record } from "../../../lib/chat/history.ts";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { forget, setOperator, setPassword } from "../../../lib/history/admin.ts";
import { HistoryError } from "../../../lib/history/faults.ts";
import { importMessages } from "../../../lib/history/import.ts";
import { indexAll } from "../../../lib/history/indexer.ts";
import { migrate, MIGRATIONS } from "../../../lib/history/migrations.ts";
import type { Membership } from "../../../lib/history/network.ts";
import type { KeptSnapshot } from "../../../lib/history/snapshots.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../../assert.ts";
import { Fold, OPTIONS } from "../chat/logs.ts";
import { LOBBY, MADE, open, type Opened, TEA, whisper, words } from "./file.ts";

const TEAROOM: Membership = { network: "tearoom", epoch: 1 };
const ALICE: Account = { id: 1, name: "Alice", key: "alice", hash: "h", isOperator: false };
const BOB: Account = { ...ALICE, id: 2, name: "bob", key: "bob" };

/** A state of the chat with these accounts, as of a message of the stream. */
function snapshot(sequence: number, { accounts = [], ...rest }: Partial<Snapshot> = {}) {
  const { chat } = Fold.of({ options: OPTIONS });
  for (const account of accounts) chat.accounts.put(account);
  const kept: KeptSnapshot = {
    ...{ sequence, id: `id ${sequence}`, at: sequence },
    // As JSON has it.
    chat: JSON.parse(JSON.stringify({ ...takeSnapshot(chat), ...rest })),
  };
  return kept;
}

/** The file of a node that has begun at a snapshot. */
function node(begin = snapshot(0), db?: DatabaseSync): Opened {
  const opened = open({ db, isNode: true });
  opened.history.follow(TEAROOM);
  opened.history.startAt(begin);
  return opened;
}

/** A node that comes up on a file again. */
function again(db: DatabaseSync) {
  const opened = open({ db, isNode: true });
  return { ...opened, followed: opened.history.follow(TEAROOM) };
}

/** How far a file says that it has followed the stream. */
function sequenceOf(db: DatabaseSync): unknown {
  return db.prepare("SELECT sequence FROM network").get()?.sequence;
}

/** All messages of a file, once they are indexed. */
function all(db: DatabaseSync): unknown[] {
  indexAll(db);
  return db.prepare("SELECT text FROM messages ORDER BY id").all().map(({ text }) => text);
}

/** What admin commands have changed in the file of a node whose chat is at a snapshot. */
function changes({ history }: Opened, { chat }: KeptSnapshot) {
  const changed = history.changed();
  return changed && administered(restoreSnapshot(OPTIONS, chat), changed);
}

Deno.test("a node's file goes on where it was, and keeps nothing twice", () => {
  const { db, history, stop } = node();
  history.commit([words(1, "a")], 1);
  history.commit([words(2, "b"), words(3, "c")], 2);
  history.commit([], 3);
  stop();
  const later = again(db);
  assertEquals(later.followed, { sequence: 2, snapshot: snapshot(0) });
  later.history.commit([words(1, "a")], 1);
  later.history.commit([words(2, "b"), words(3, "c")], 2);
  later.history.commit([], 3);
  later.history.commit([words(4, "d")], 4);
  assertEquals(sequenceOf(db), 4);
  const written = db.prepare(`SELECT (SELECT count(*) FROM messages)
    + (SELECT sum(count) FROM journal) AS n`).get()?.n;
  assertEquals(written, 4);
  const kept = later.history.recall({ room: LOBBY.id, count: 9, upTo: 9 });
  assertEquals(kept.map(({ text }) => text), ["a", "b", "c", "d"]);
  later.stop();
  assertEquals(all(db), ["a", "b", "c", "d"]);
  db.close();
});

Deno.test("what waits for a failing disk takes its sequence with it", () => {
  const { db, history, stop } = node();
  history.commit([words(1, "a")], 1);
  db.exec("PRAGMA query_only = ON");
  history.commit([words(2, "b")], 2);
  history.commit([{ kind: "account new", account: ALICE }], 3);
  history.commit([], 4);
  assertEquals(sequenceOf(db), 1);
  db.exec("PRAGMA query_only = OFF");
  history.tick();
  assertEquals(sequenceOf(db), 3);
  stop();
  assertEquals(all(db), ["a", "b"]);
  db.close();
});

Deno.test("a node that ends while only a part of what waited is written goes on before it", () => {
  const { db, history, stop } = node();
  const batch = (sequence: number) =>
    Array.from({ length: 50 }, (_, i) => {
      const id = (sequence - 1) * 50 + i + 1;
      return words(id, `${id}`);
    });
  history.commit(batch(1), 1);
  db.exec("PRAGMA query_only = ON");
  for (let sequence = 2; sequence <= 50; sequence++) history.commit(batch(sequence), sequence);
  db.exec("PRAGMA query_only = OFF");
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON journal WHEN new.last > 2100
    BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);
  history.tick();
  assertEquals(db.prepare("SELECT max(last) AS last FROM journal").get()?.last, 2050);
  assertEquals(sequenceOf(db), 1);
  stop();
  db.exec("DROP TRIGGER full");
  const later = again(db);
  assertEquals(later.followed.sequence, 1);
  for (let sequence = 1; sequence <= 50; sequence++) {
    later.history.commit(batch(sequence), sequence);
  }
  const { length } = later.history.recall({ room: LOBBY.id, count: 1000, upTo: 2500 });
  assertEquals(length, 1000);
  later.stop();
  assertEquals(all(db), Array.from({ length: 2500 }, (_, i) => `${i + 1}`));
  assertEquals(sequenceOf(db), 50);
  db.close();
});

/** The records of a batch, by its number: messages, and changes that undo each other. */
function batchOf(sequence: number): Record[] {
  const id = 2 * sequence;
  const account = { ...BOB, id: 1 + sequence % 3, hash: `h${sequence}` };
  const room = { ...TEA, key: "tea", topic: `topic ${sequence}`, isLocked: false, invited: [] };
  const changes: Record[][] = [
    [],
    [{ kind: "account new", account }],
    [{ kind: "account operator", id: account.id, isOperator: sequence % 2 === 0 }],
    [{ kind: "account gone", id: account.id }],
    [{ kind: "room", room }, { kind: "room empty", id: TEA.id, at: sequence }],
    [{ kind: "room gone", id: TEA.id }],
    [{ kind: "seen", account: account.id, mark: { room: LOBBY.id, upTo: id } }],
    [
      { kind: "seen", account: account.id, mark: { person: "eve", upTo: id } },
      { kind: "visit", account: account.id, ignored: [`name${id}`], rooms: ["tea"] },
    ],
    [{ kind: "waits", account: account.id, id, network: "10.1.2.3", sender: 1 + id % 2 }],
    [
      { kind: "taken", account: account.id, upTo: id - 5 },
      { kind: "unseen", account: account.id, place: { person: "eve" } },
    ],
  ];
  return [words(id - 1, `${id - 1}`), ...changes[sequence * 7 % 10]!, words(id, `${id}`)];
}

/** All that a file has besides its messages and snapshots, and rooms that are gone: a tick may delete those. */
function contents(db: DatabaseSync): unknown[] {
  const rooms = "(SELECT id, name, topic, empty_since FROM rooms WHERE gone = 0)";
  return ["accounts", rooms, "seen", "seen_people", "visits", "waiting", "network"].map((table) =>
    db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()
  );
}

Deno.test("however often a node ends, with whatever waiting, its file is as if it never had", () => {
  const step = fc.constantFrom("batch", "batch", "batch", "fail", "well", "keep", "die");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let { db, history, stop } = node(), last = 0, most = 0;
      const next = () => {
        history.commit(batchOf(++last), last);
        most = Math.max(most, last);
      };
      for (const each of steps) {
        if (each === "batch") next();
        if (each === "fail") db.exec("PRAGMA query_only = ON");
        if (each === "well") {
          db.exec("PRAGMA query_only = OFF");
          history.tick();
        }
        if (each === "keep") history.keepSnapshot(snapshot(last));
        if (each !== "die") continue;
        // What waits is lost with the process.
        db.exec("PRAGMA query_only = ON");
        stop();
        db.exec("PRAGMA query_only = OFF");
        const later = again(db), from = later.followed.snapshot?.sequence ?? 0;
        assert(from <= later.followed.sequence && later.followed.sequence <= most);
        ({ history, stop } = later);
        last = from;
      }
      db.exec("PRAGMA query_only = OFF");
      while (last < most) next();
      next();
      stop();
      const { db: whole, history: steady, stop: end } = node();
      for (let sequence = 1; sequence <= last; sequence++) {
        steady.commit(batchOf(sequence), sequence);
      }
      end();
      assertEquals(all(db), all(whole));
      assertEquals(contents(db), contents(whole));
      db.close();
      whole.close();
    }),
    { numRuns: 60 },
  );
});

Deno.test("a network takes a new file, its own, and no other", () => {
  const refused = (db: DatabaseSync, membership: Membership, isNode = true) => {
    const { message } = assertThrows(() => {
      using opened = open({ db, isNode });
      opened.history.follow(membership);
    }, HistoryError);
    return message;
  };
  const used = open();
  used.history.commit([words(1, "mine")]);
  used.stop();
  assertStringIncludes(refused(used.db, TEAROOM), "tearoom does not have: name a new file");
  const named = open();
  named.history.commit([{ kind: "account new", account: ALICE }]);
  named.stop();
  assertStringIncludes(refused(named.db, TEAROOM), "tearoom does not have: name a new file");
  const file = () => {
    const { db, stop } = node(snapshot(0), undefined);
    stop();
    return db;
  };
  const other = refused(file(), { ...TEAROOM, network: "bar" });
  assertStringIncludes(
    other,
    "belongs to the network tearoom, and not to bar: start with --network",
  );
  const next = file();
  next.exec("UPDATE network SET epoch = 3");
  assertStringIncludes(refused(next, { ...TEAROOM, epoch: 2 }), "epoch 3 of the network tearoom");
  const lost = refused(file(), { ...TEAROOM, founds: true });
  assertStringIncludes(lost, "belongs to the network tearoom, of which NATS has nothing: put back");
  const alone = refused(file(), TEAROOM, false);
  assertStringIncludes(alone, "belongs to the network tearoom: start with --nats");
});

Deno.test("nothing is imported into a file of a network", () => {
  using opened = node();
  const { message } = assertThrows(() => importMessages(opened.db, []), HistoryError);
  assertStringIncludes(message, "belongs to the network tearoom");
});

Deno.test("the first node's file becomes the network's state, with all that it has", () => {
  const { db, history, stop } = open();
  history.commit([
    { kind: "account new", account: ALICE },
    MADE,
    words(1, "hello"),
    words(2, "leaves", TEA),
    { kind: "room empty", id: TEA.id, at: 3 },
  ]);
  forget(db, "nobody");
  stop();
  const founder = open({ db, isNode: true });
  assertEquals(founder.history.follow({ ...TEAROOM, founds: true }), { sequence: 0 });
  // Until there is a first snapshot it belongs to none.
  assertEquals(db.prepare("SELECT * FROM network").all(), []);
  const fold = Fold.of({ options: { ...OPTIONS, lasts: true } });
  fold.step([1, 1, { kind: "restored", saved: founder.history.load() }]);
  const first = { ...snapshot(0), chat: takeSnapshot(fold.chat) };
  founder.history.startAt(first);
  assertEquals(changes(founder, first)?.changes, []);
  founder.history.commit([words(3, "all of you")], 1);
  founder.stop();
  const later = again(db);
  assertEquals(later.followed.sequence, 1);
  assertEquals(later.followed.snapshot?.chat, JSON.parse(JSON.stringify(first.chat)));
  assertEquals(later.history.load().accounts, [ALICE]);
  assertEquals(later.history.recall({ room: TEA.id, count: 9, upTo: 9 }).length, 1);
  later.stop();
  assertEquals(all(db), ["hello", "leaves", "all of you"]);
  db.close();
});

Deno.test("a file founds a new epoch with its own state, in which nobody is in a room any more", () => {
  const { db, history, stop } = node();
  const room = { key: "x", topic: "", isLocked: true, invited: [] };
  history.commit([
    MADE,
    { kind: "room", room: { ...room, id: 3, name: "x" } },
    { kind: "account new", account: ALICE },
  ], 1);
  stop();
  using founder = open({ db, isNode: true, now: 5 });
  founder.history.follow({ network: "tearoom", epoch: 2, founds: true });
  const { rooms } = founder.history.load();
  assertEquals(rooms.map(({ id, emptySince }) => [id, emptySince]), [[1, undefined], [2, 5]]);
  founder.history.startAt(snapshot(0, { accounts: [ALICE], lastAccount: 1 }));
  assertEquals(founder.history.load().accounts, [ALICE]);
  assertEquals(founder.history.load().rooms.length, 2);
  founder.history.commit([words(1, "a")], 1);
  assertEquals(db.prepare("SELECT epoch, sequence FROM network").get()?.epoch, 2);
});

const STATE = snapshot(7, {
  ...{ accounts: [ALICE, BOB], lastAccount: 4, lastRoom: 6, lastMessage: 20 },
  bans: [{
    ...{ kind: "ban", subject: "eve", shown: "eve", isAddress: false, why: "spam", by: "Alice" },
  }],
  left: [{
    ...{ ...TEA, key: "tea", topic: "", isLocked: false, invited: [], emptySince: 3 },
  }],
});

Deno.test("a file that joins a network has its names, bans and rooms", () => {
  using opened = node(STATE);
  const { accounts, bans, rooms, lastAccount, lastRoom, lastMessage } = opened.history.load();
  assertEquals([accounts, bans], [STATE.chat.accounts, STATE.chat.bans]);
  assertEquals([lastAccount, lastRoom, lastMessage], [4, 6, 20]);
  assertEquals(rooms.map(({ id }) => id), [LOBBY.id, TEA.id]);
  assertEquals(sequenceOf(opened.db), 7);
  assertEquals(changes(opened, STATE)?.changes, []);
  assertEquals(opened.db.prepare("SELECT * FROM gaps").all(), []);
});

Deno.test("a file that joins a network has what is kept for its accounts, and the words that wait", () => {
  const { message } = whisper(3, 2, 1) as Extract<Record, { kind: "said" }>;
  const waiting = [{ account: 1, network: "10.1.2.3", message }];
  const visits = [{
    ...{ account: 1, ignored: ["eve"], rooms: ["tea"] },
    marks: [{ room: 1, upTo: 2 }, { person: "bob", upTo: 2 }],
  }];
  const state = snapshot(7, {
    ...{ accounts: [ALICE, BOB], lastAccount: 4, lastMessage: 20, visits, waiting },
  });
  using opened = node(state);
  const saved = opened.history.load();
  assertEquals([saved.visits, saved.waiting], [visits, waiting]);
  // The words are among those that can be recalled, once.
  opened.history.startAt(state);
  const reader = { member: 0, account: 1 };
  const recalled = opened.history.recall({ reader, upTo: 99, count: 9 });
  assertEquals(recalled.map(({ id }) => id), [3]);
});

Deno.test("in a new epoch a file takes over the network's state, and keeps its words", () => {
  const { db, history, stop } = node();
  history.commit([
    { kind: "account new", account: { ...ALICE, id: 3, name: "carol", key: "carol" } },
    { kind: "room", room: { id: 9, name: "x", key: "x", topic: "t", isLocked: true, invited: [] } },
    words(1, "before"),
  ], 1);
  stop();
  using later = open({ db, isNode: true });
  assertEquals(later.history.follow({ ...TEAROOM, epoch: 2 }), { sequence: 0 });
  later.history.startAt({ ...STATE, sequence: 0 });
  assertEquals(later.history.load().accounts, [ALICE, BOB]);
  assertEquals(later.history.load().rooms.some(({ id }) => id === 9), false);
  later.history.commit([words(21, "after")], 1);
  assertEquals(all(db), ["before", "after"]);
});

Deno.test("what a file missed since it was last there is a gap in it", () => {
  const { db, history, stop } = node();
  history.commit([words(1, "before")], 1);
  stop();
  db.exec("DELETE FROM snapshots");
  using later = open({ db, isNode: true });
  assertEquals(later.history.follow(TEAROOM), { sequence: 1, snapshot: undefined });
  later.history.startAt(STATE);
  later.history.commit([words(21, "after")], 8);
  const [gap] = db.prepare("SELECT after_id, count FROM gaps").all();
  assertEquals([gap?.after_id, gap?.count], [1, 19]);
});

Deno.test("the newest two snapshots are kept, however big", () => {
  const { db, history, stop } = node();
  const accounts = Array.from({ length: 5000 }, (_, i) => ({ ...ALICE, id: i + 1 }));
  for (const sequence of [5, 6, 7]) history.keepSnapshot(snapshot(sequence, { accounts }));
  const rows = db.prepare("SELECT sequence, length(chat) AS size FROM snapshots").all();
  assertEquals(rows.map(({ sequence }) => sequence), [6, 7]);
  assert(Number(rows[0]?.size) < 50_000, `${rows[0]?.size} bytes`);
  stop();
  const later = again(db);
  assertEquals(later.followed, { sequence: 7, snapshot: snapshot(7, { accounts }) });
  later.stop();
  db.close();
});

Deno.test("no snapshot is kept before the records that it goes beyond", () => {
  using opened = node();
  const { db, history } = opened;
  db.exec("PRAGMA query_only = ON");
  history.commit([words(1, "a")], 1);
  history.keepSnapshot(snapshot(1));
  db.exec("PRAGMA query_only = OFF");
  assertEquals(db.prepare("SELECT sequence FROM snapshots").all().length, 1);
  assertEquals(sequenceOf(db), 0);
});

Deno.test("a snapshot of another bobchat's form is none, and a damaged one is a sentence", () => {
  const { db, history, stop } = node();
  history.keepSnapshot(snapshot(1, { version: 999 as Snapshot["version"] }));
  stop();
  const other = again(db);
  assertEquals(other.followed, { sequence: 1, snapshot: undefined });
  other.stop();
  db.exec("UPDATE snapshots SET chat = x'1234'");
  const { message } = assertThrows(() => again(db), HistoryError);
  assertStringIncludes(message, "the history is damaged (a snapshot is none)");
});

Deno.test("what admin commands changed while the node was away is found once its chat has caught up", () => {
  const { db, history, stop } = node(snapshot(0, { accounts: [ALICE, BOB] }));
  history.commit([words(1, "a")], 1);
  history.commit([words(2, "b")], 2);
  stop();
  setOperator(db, "alice", true);
  forget(db, "bob");
  const later = again(db);
  assertEquals(later.history.changed(), undefined);
  later.history.commit([words(1, "a")], 1);
  assertEquals(later.history.changed(), undefined);
  later.history.commit([words(2, "b")], 2);
  const found = changes(later, snapshot(2, { accounts: [ALICE, BOB] }));
  assertEquals(found, {
    ...{ kind: "administered", lastAccount: 2, isKept: true },
    changes: [
      { kind: "account gone", id: 2 },
      { kind: "account", account: { ...ALICE, isOperator: true } },
      { kind: "forgotten", whom: { name: "bob", account: 2 } },
    ],
  });
  assertEquals(later.history.changed(), undefined);
  // As the event comes back.
  later.history.commit([
    { kind: "account gone", id: 2 },
    { kind: "account", account: { ...ALICE, isOperator: true }, before: ALICE },
    { kind: "forgotten", whom: { name: "bob", account: 2 }, upTo: 2 },
  ], 3);
  later.stop();
  const last = again(db);
  last.history.commit([], 3);
  const now = snapshot(3, { accounts: [{ ...ALICE, isOperator: true }], lastAccount: 2 });
  assertEquals(changes(last, now)?.changes, []);
  last.stop();
  db.close();
});

Deno.test("a change from another node's file is kept, and undoes none that was made here meanwhile", () => {
  using opened = node(snapshot(0, { accounts: [ALICE] }));
  const { db, history } = opened;
  const changed = { ...ALICE, hash: "theirs", isOperator: true };
  setPassword(db, "alice", "ours");
  history.commit([{ kind: "account", account: changed, before: ALICE }], 1);
  assertEquals(history.load().accounts, [{ ...changed, hash: "ours" }]);
  // An account that this file does not have.
  history.commit([{ kind: "account", account: BOB }], 2);
  history.commit([{ kind: "account", account: { ...BOB, hash: "x" }, before: BOB }], 3);
  assertEquals(history.load().accounts[1], { ...BOB, hash: "x" });
});

Deno.test("changes of an account that wait for the disk are all made", () => {
  using opened = node(snapshot(0, { accounts: [ALICE] }));
  const { db, history } = opened;
  const one = { ...ALICE, hash: "one" }, two = { ...one, isOperator: true };
  db.exec("PRAGMA query_only = ON");
  history.commit([{ kind: "account", account: one, before: ALICE }], 1);
  history.commit([{ kind: "account", account: two, before: one }], 2);
  db.exec("PRAGMA query_only = OFF");
  history.tick();
  assertEquals(history.load().accounts, [two]);
});

Deno.test("a file of the version before is brought up to date, and can found a network", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, { path: "x", migrations: MIGRATIONS.slice(0, 2) });
  db.exec(`INSERT INTO messages (id, at, room, kind, sender, text) VALUES
      (1, 1, 1, 'message', 'ann', 'hello');
    INSERT INTO words (rowid, terms) VALUES (1, 'h he hel hell hello');
    INSERT INTO forgotten (name, account) VALUES ('eve', 3);
    INSERT INTO accounts VALUES (1, 'Alice', 'alice', 'h', 0);
    UPDATE highest SET message = 1`);
  migrate(db, { path: "x" });
  const alone = open({ db });
  assertEquals(alone.history.load().accounts, [ALICE]);
  assertEquals(alone.history.changed(), undefined);
  alone.history.commit([words(2, "again")]);
  alone.stop();
  using founder = open({ db, isNode: true });
  founder.history.follow({ ...TEAROOM, founds: true });
  const first = snapshot(0, { accounts: [ALICE], lastAccount: 1, lastMessage: 2 });
  founder.history.startAt(first);
  // Who was forgotten before is no news.
  assertEquals(changes(founder, first)?.changes, []);
  assertEquals(all(db), ["hello", "again"]);
});

Deno.test("a file that lost changes tells the network of none, and has all of them in the next snapshot", () => {
  const { db, history, stop } = node(snapshot(0, { accounts: [ALICE] }));
  history.commit([words(1, "a")], 1);
  db.exec("PRAGMA query_only = ON");
  const topic = "x".repeat(1024 * 1024);
  const room = (id: number): Record => ({
    kind: "room",
    room: { ...TEA, id, key: `${id}`, topic, isLocked: false, invited: [] },
  });
  for (let id = 2; id < 20; id++) history.commit([room(id)], id);
  const bob = { ...BOB, hash: topic };
  history.commit([{ kind: "account new", account: bob }, words(2, "b")], 20);
  db.exec("PRAGMA query_only = OFF");
  for (let i = 0; i < 50 && history.trouble !== undefined; i++) history.tick();
  history.tick();
  assertEquals(history.load().accounts, [ALICE]);
  // A server that ended now would begin before the changes again.
  history.commit([words(3, "c")], 21);
  assertEquals(sequenceOf(db), 1);
  setOperator(db, "alice", true);
  assertEquals(history.changed(), undefined);
  assertEquals(history.wantsSnapshot, true);
  history.keepSnapshot(snapshot(21, { accounts: [ALICE, bob], lastMessage: 3 }));
  assertEquals(sequenceOf(db), 21);
  assertEquals(history.load().accounts, [ALICE, bob]);
  history.commit([words(4, "d")], 22);
  assertEquals(sequenceOf(db), 22);
  stop();
  assertEquals(all(db), ["a", "b", "c", "d"]);
  db.close();
});

/** One node of several: its chat, and its file. */
function nodes(count: number) {
  let sequence = 0;
  const all = Array.from({ length: count }, () => {
    const fold = Fold.of({ options: OPTIONS });
    const opened = node({ ...snapshot(0), chat: takeSnapshot(fold.chat) });
    return { ...opened, fold };
  });
  /** Has an event reach all of them. */
  const share = (event: SharedEvent) => {
    sequence++;
    for (const { fold, history } of all) {
      history.commit(fold.step([sequence, sequence, event]).records, sequence);
    }
  };
  /** Has all of them be told what an admin command has changed in the file of one. */
  const tell = ({ fold, history }: typeof all[number]) => {
    const saved = history.changed();
    if (saved !== undefined) share(administered(fold.chat, saved));
  };
  return { all, share, tell };
}

Deno.test("what admin commands change in the file of one node is in the files of all", async () => {
  const { all, share, tell } = nodes(3), [one, other] = all;
  const join = { kind: "join", speaks: "lines", address: "::1", isPrivate: true, announceIn: 0 };
  for (const [id, name] of [[1, "alice"], [2, "bob"]] as const) {
    share({ ...join, id } as SharedEvent);
    share({ kind: "typed", id, input: { kind: "command", name: "nick", text: name } });
    share({ kind: "job done", id, result: { kind: "hashed", name, hash: "h" } });
    share({ kind: "typed", id, input: { kind: "text", text: `from ${name}` } });
  }
  setOperator(one!.db, "alice", true);
  tell(one!);
  setPassword(other!.db, "alice", "new");
  forget(other!.db, "bob");
  tell(other!);
  const alice = { id: 1, name: "alice", key: "alice", hash: "new", isOperator: true };
  for (const each of all) {
    assertEquals(each.history.load().accounts, [alice]);
    assertEquals([...each.fold.chat.accounts.all()], [alice]);
    const search = { words: ["from"], reader: { member: 0 }, rooms: () => true, count: 9 };
    const { messages } = await each.history.search(search);
    assertEquals(messages.map(({ text }) => text), ["from alice"]);
    // And there is nothing more to tell.
    assertEquals(each.history.changed()?.forgotten ?? [], []);
    each.history.close();
  }
});
