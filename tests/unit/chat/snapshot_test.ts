// The snapshot of the chat: whoever goes on from it gets what the chat itself would have got.

import fc from "fast-check";
import { RULES } from "../../../lib/chat/node.ts";
import {
  firstSnapshot,
  restoreSnapshot,
  takeSnapshot,
  VERSION,
} from "../../../lib/chat/snapshot.ts";
import { assertEquals, assertThrows } from "../../assert.ts";
import { logs } from "./folds.ts";
import { checkRestored } from "./invariants.ts";
import { Fold, OPTIONS, plain, type Timed } from "./logs.ts";

Deno.test("a snapshot taken anywhere and read back changes nothing that follows", () => {
  fc.assert(
    fc.property(logs(), fc.nat(), (log, where) => {
      const take = (fold: Fold, timed: Timed) => fold.step(timed);
      checkRestored(Fold.of(log), { ...log, where, take });
    }),
    { numRuns: 500 },
  );
});

Deno.test("what happens later changes no snapshot", () => {
  fc.assert(
    fc.property(logs(), fc.nat(), (log, where) => {
      const at = where % log.events.length;
      const fold = Fold.of(log);
      fold.run(log.events.slice(0, at));
      const snapshot = takeSnapshot(fold.chat), was = plain(snapshot);
      const other = new Fold(restoreSnapshot(log.options, snapshot));
      fold.run(log.events.slice(at));
      assertEquals(plain(snapshot), was);
      assertEquals(other.state, was);
    }),
    { numRuns: 200 },
  );
});

Deno.test("a network begins with what the first node's history has kept, brought up to date", () => {
  const ban = { kind: "ban", shown: "guest7", isAddress: false, why: "", by: "host" } as const;
  const saved = {
    ...{ lastMessage: 7, lastRoom: 1, lastAccount: 0, accounts: [], rooms: [] },
    ...{ visits: [], waiting: [] },
    bans: [{ ...ban, subject: "guest7" }],
  };
  const { snapshot, records } = firstSnapshot(OPTIONS, { saved, time: { at: 1, dueAt: 1 } });
  const { lastMessage, bans } = restoreSnapshot(OPTIONS, snapshot);
  assertEquals([lastMessage, [...bans.all()]], [7, []]);
  assertEquals(records, [{ kind: "unban", ban: { kind: "ban", subject: "guest7" } }]);
});

Deno.test("a snapshot by newer rules is refused", () => {
  const { chat } = Fold.of({ options: OPTIONS });
  const snapshot = { ...takeSnapshot(chat), rules: RULES + 1 };
  assertThrows(() => restoreSnapshot(OPTIONS, snapshot), RangeError, `rules ${RULES + 1}`);
});

Deno.test("a snapshot of another version is refused", () => {
  const { chat } = Fold.of({ options: OPTIONS });
  const snapshot = { ...takeSnapshot(chat), version: VERSION + 1 as typeof VERSION };
  assertThrows(() => restoreSnapshot(OPTIONS, snapshot), RangeError, `not ${VERSION}`);
});
