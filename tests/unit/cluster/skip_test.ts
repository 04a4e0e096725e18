// Numbers of a new epoch: none was ever given.

import { skipNumbers } from "../../../lib/cluster/skip.ts";
import type { Snapshot } from "../../../lib/chat/snapshot.ts";
import { assert, assertEquals } from "../../assert.ts";

Deno.test("a new epoch counts from far beyond what the old one may have given, time and again", () => {
  const nodes = { lastId: 3, nodes: [] };
  const old = { lastMessage: 5, lastMember: 7, lastRoom: 1, lastAccount: 0, nodes };
  const first = skipNumbers(old as Partial<Snapshot> as Snapshot);
  assertEquals(
    [first.lastMessage, first.lastMember, first.lastRoom, first.lastAccount, first.nodes.lastId],
    [1e9, 1e6, 1e6, 1e6, 1000],
  );
  const second = skipNumbers(first);
  assert(second.lastMessage === 2e9 && second.nodes.lastId === 2000);
});
