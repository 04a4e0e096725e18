// What is kept for accounts in the file: whom they ignore, their rooms, how far they have read, and which private
// messages wait for them.

import fc from "fast-check";
import { DatabaseSync } from "node:sqlite";
import type { Record } from "../../../lib/chat/history.ts";
import { keyOf } from "../../../lib/chat/kept.ts";
import { takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { forget } from "../../../lib/history/admin.ts";
import { MIGRATIONS } from "../../../lib/history/migrations.ts";
import { migrate } from "../../../lib/history/migrations.ts";
import { assertEquals } from "../../assert.ts";
import { logs } from "../chat/folds.ts";
import { Fold } from "../chat/logs.ts";
import { said } from "../chat/said.ts";
import { open, whisper, words } from "./file.ts";

const ALICE: Record = {
  kind: "account new",
  account: { id: 1, name: "alice", key: "alice", hash: "", isOperator: false },
};

/** What waits for alice from bob, who is account 2. */
function waits(id: number): Record[] {
  return [whisper(id, 2, 1), { kind: "waits", account: 1, id, network: "10.1.2.3", sender: 2 }];
}

Deno.test("what is kept for an account, and what waits for it, is known again", () => {
  const { db, history, stop } = open();
  history.commit([
    ...[ALICE, ...waits(1), ...waits(2), ...waits(3)],
    { kind: "taken", account: 1, upTo: 1 },
    ...waits(4),
    { kind: "waits no more", id: 4 },
    { kind: "visit", account: 1, ignored: ["eve"], rooms: [] },
    { kind: "visit", account: 1, ignored: ["eve"], rooms: ["tea", "den"] },
    { kind: "seen", account: 1, mark: { room: 1, upTo: 2 } },
    { kind: "seen", account: 1, mark: { person: "Bob", upTo: 1 } },
    { kind: "seen", account: 1, mark: { person: "bob", upTo: 3 } },
    { kind: "seen", account: 1, mark: { person: "carol", upTo: 3 } },
    { kind: "unseen", account: 1, place: { person: "carol" } },
  ]);
  stop();
  using later = open({ db });
  const { visits, waiting } = later.history.load();
  assertEquals(visits, [{
    ...{ account: 1, ignored: ["eve"], rooms: ["tea", "den"] },
    marks: [{ room: 1, upTo: 2 }, { person: "bob", upTo: 3 }],
  }]);
  assertEquals(
    waiting.map(({ account, network, message: { id, text } }) => [
      ...[account, network, id, text],
    ]),
    [[1, "10.1.2.3", 2, "psst 2"], [1, "10.1.2.3", 3, "psst 3"]],
  );
});

Deno.test("what waits waits for good words only: deleted ones, and those of who is gone, do not", async () => {
  const opened = open({ keepDays: 1, now: 86_400_003 });
  const { db, history, stop } = opened;
  history.commit([ALICE, ...waits(1), ...waits(2), ...waits(3), ...waits(5)]);
  const ids = () => history.load().waiting.map(({ message: { id } }) => id);
  assertEquals(ids(), [1, 2, 3, 5]);
  // Deleted as too old; a search has all indexed first.
  await history.search({ words: ["psst"], reader: { member: 1 }, rooms: () => true, count: 9 });
  history.tick();
  assertEquals(ids(), [3, 5]);
  history.commit([{ kind: "account gone", id: 2 }]);
  assertEquals(ids(), []);
  history.commit([...waits(6), { kind: "visit", account: 1, ignored: ["eve"], rooms: [] }]);
  stop();
  forget(db, "alice");
  using later = open({ db });
  const { visits, waiting } = later.history.load();
  assertEquals([visits, waiting], [[], []]);
  // The server may not know of that yet.
  later.history.commit([
    ...waits(7),
    { kind: "visit", account: 1, ignored: ["eve"], rooms: [] },
    { kind: "seen", account: 1, mark: { person: "eve", upTo: 7 } },
  ]);
  const again = later.history.load();
  assertEquals([again.visits, again.waiting], [[], []]);
});

Deno.test("what waits of somebody who is being forgotten is not known after a restart either", () => {
  const { db, history, stop } = open();
  const guest = said({
    ...{ id: 1, kind: "private", text: "psst", from: "mallory", at: 1, by: { member: 7 } },
    to: { member: 0, account: 1, name: "alice" },
  });
  history.commit([
    ...[ALICE, { kind: "said", message: guest } as const],
    { kind: "waits", account: 1, id: 1, network: "10.1.2.3", sender: undefined },
    ...waits(2),
    { kind: "forgotten", whom: { name: "mallory" }, upTo: 2 },
  ]);
  stop();
  using later = open({ db });
  assertEquals(later.history.load().waiting.map(({ message: { id } }) => id), [2]);
});

Deno.test("a file of the version before knows what was read, and nothing that waits", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, { path: "x", migrations: MIGRATIONS.slice(0, 2) });
  db.exec("INSERT INTO seen (account, room, id) VALUES (1, 1, 7)");
  migrate(db, { path: "x" });
  using opened = open({ db });
  const { visits, waiting } = opened.history.load();
  assertEquals(visits, [{ account: 1, ignored: [], rooms: [], marks: [{ room: 1, upTo: 7 }] }]);
  assertEquals(waiting, []);
  opened.history.commit([ALICE, ...waits(8), words(9, "tea")]);
  assertEquals(opened.history.load().waiting.length, 1);
});

Deno.test("whatever happens, a server that is killed finds in the file what it knew", () => {
  fc.assert(
    fc.property(logs(), (log) => {
      using opened = open();
      const fold = Fold.of({ options: { ...log.options, lasts: true } });
      for (const timed of log.events) {
        // What an admin command has changed is in the file already.
        if (timed[2].kind === "administered") continue;
        opened.history.commit(fold.step(timed).records);
      }
      const { visits, waiting } = takeSnapshot(fold.chat), saved = opened.history.load();
      const plain = (all: typeof visits) =>
        all.map(({ account, ignored, rooms, marks }) => ({
          ...{ account, ignored, rooms },
          // The marks of rooms that are gone for good are of no use.
          marks: marks.filter((mark) => "person" in mark || fold.chat.rooms.get(mark.room))
            .map((mark) => `${keyOf(mark)} ${mark.upTo}`).sort(),
        })).filter(({ ignored, rooms, marks }) => ignored.length + rooms.length + marks.length > 0)
          .sort((one, other) => one.account - other.account);
      assertEquals(plain(saved.visits), plain(visits));
      const ids = (all: typeof waiting) => all.map(({ message: { id } }) => id).sort();
      assertEquals(ids(saved.waiting), ids(waiting));
    }),
    { numRuns: 100 },
  );
});
