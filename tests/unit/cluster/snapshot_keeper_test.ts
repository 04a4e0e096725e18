// Snapshots: when they are taken, and by whom.

import { Chat } from "../../../lib/chat/chat.ts";
import { SnapshotKeeper } from "../../../lib/cluster/snapshot_keeper.ts";
import type { Saved } from "../../../lib/cluster/snapshots.ts";
import { BEGINNING, StreamFault } from "../../../lib/cluster/stream.ts";
import { assertEquals } from "../../assert.ts";
import { turns } from "./memory_stream.ts";

const MINUTE = 60_000;

/** A chat with these nodes, of which one is the keeper's. */
function keep(ids: readonly number[], own: number) {
  const chat = new Chat({ lasts: true, replay: 0, keepRooms: 7, editMinutes: 60, motd: [] });
  for (const id of ids) {
    chat.nodes.add({
      id,
      uuid: `${id}`,
      name: "",
      knows: 1,
      epoch: 1,
      counter: 1,
      gone: undefined,
    });
  }
  const stored: number[] = [];
  const fate = { fails: false };
  const snapshots = {
    put({ after }: Saved): Promise<void> {
      if (fate.fails) return Promise.reject(new StreamFault("late", "timeout"));
      stored.push(after.sequence);
      return Promise.resolve();
    },
  };
  const keeper = new SnapshotKeeper({ snapshots, epoch: 1, after: BEGINNING, node: () => own });
  const fold = async (sequence: number, minutes: number) => {
    keeper.folded(chat, { sequence, id: "", at: 1e12 + minutes * MINUTE });
    await turns();
  };
  return { chat, keeper, stored, fate, fold };
}

Deno.test("a snapshot is stored every five minutes, or 100,000 messages", async () => {
  const { stored, fold } = keep([1], 1);
  for (
    const [sequence, minutes] of [[1, 0], [2, 4], [3, 5], [4, 9], [100_003, 9.5], [100_004, 10]]
  ) {
    await fold(sequence!, minutes!);
  }
  assertEquals(stored, [3, 100_003]);
});

Deno.test("the node with the lowest number stores for all", async () => {
  const { chat, stored, fold } = keep([1, 2, 3], 2);
  await fold(1, 0);
  await fold(2, 6);
  assertEquals(stored, []);
  chat.nodes.get(1)!.gone = { since: 0, people: [], asked: [] };
  await fold(3, 12);
  assertEquals(stored, [3]);
});

Deno.test("a snapshot that could not be stored is tried again", async () => {
  const { stored, fate, fold } = keep([1], 1);
  await fold(1, 0);
  fate.fails = true;
  await fold(2, 5);
  fate.fails = false;
  await fold(3, 5.1);
  assertEquals(stored, []);
  await fold(4, 5.5);
  assertEquals(stored, [4]);
});

Deno.test("at a clean stop every node stores what is newer", async () => {
  const { chat, keeper, stored } = keep([1, 2], 2);
  await keeper.last(chat, { sequence: 9, id: "", at: 1 });
  await keeper.last(chat, { sequence: 9, id: "", at: 1 });
  assertEquals(stored, [9]);
});
