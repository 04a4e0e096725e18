// Who hears what in a network, for random logs: each node has its own writer, and all take one stream. Everyone
// hears the same messages in the same order, also those whose node was taken for gone and was not.

import { createMetrics } from "../../../lib/metrics.ts";
import fc from "fast-check";
import { type Batch, ClusterError } from "../../../lib/chat/batch.ts";
import type { Chat } from "../../../lib/chat/chat.ts";
import { Connections } from "../../../lib/chat/connections.ts";
import type { Chunk, Delivery, Encoder } from "../../../lib/chat/delivery.ts";
import { nodeOf } from "../../../lib/chat/node.ts";
import { takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { writeOnNode } from "../../../lib/chat/writer.ts";
import { MemoryHistory } from "../../../lib/history/memory.ts";
import { toChunk } from "../../../lib/wire/chunk.ts";
import { assert } from "../../assert.ts";
import { hearers } from "./invariants.ts";
import { NetworkFold, type NetworkLog, networkLogs, type Sent } from "./network_logs.ts";

/** Keeps the numbers of the room messages that one connection is sent as they are said. */
class Ear implements Encoder {
  readonly live: number[] = [];

  encode(deliveries: readonly Delivery[]): Chunk {
    for (const each of deliveries) {
      if (each.kind === "message" || each.kind === "action") this.live.push(each.id);
    }
    return toChunk(new Uint8Array());
  }

  describe(): string {
    return "";
  }
}

/** Has the writer of one node handle a log; returns what its connections were sent. */
async function send(log: NetworkLog, uuid: string): Promise<Map<number, Ear>> {
  const ears = new Map<number, Ear>();
  const connections = new Connections();
  let chat: Chat | undefined;
  const connect = ([, { events }]: Sent) => {
    const own = chat?.nodes.ofProcess(uuid)?.id;
    for (const event of events) {
      if (event.kind !== "join" || nodeOf(event.id) !== own || ears.has(event.id)) continue;
      const encoder = new Ear();
      ears.set(event.id, encoder);
      const outbox = { write() {}, welcome() {}, answered() {}, end() {}, named() {} };
      connections.add(event.id, { encoder, outbox });
    }
  };
  async function* batches(): AsyncGenerator<Batch> {
    for (const [sequence, sent] of log.events.entries()) {
      connect(sent);
      const [at, envelope] = sent;
      yield { ...{ events: envelope.events, envelope, sequence, at }, isMoreComing: at % 3 === 0 };
    }
    await Promise.resolve();
  }
  const written = writeOnNode({
    ...log.options,
    ...{ batches: batches(), connections, mostRecalled: 10_000, maxLine: 1024, editMinutes: 60 },
    history: new MemoryHistory(),
    clock: () => ({ at: 0, dueAt: 0 }),
    startJob: () => undefined,
    audit: () => undefined,
    metrics: createMetrics(),
    now: () => 0,
    cluster: {
      uuid,
      start: takeSnapshot(NetworkFold.begin(log).chat),
      started: (started) => void (chat = started),
      folded: () => undefined,
      publish: () => undefined,
    },
  });
  try {
    await written;
  } catch (error) {
    // A node that was away for too long ends.
    if (!(error instanceof ClusterError)) throw error;
  }
  return ears;
}

/** The numbers of the messages that each connection must hear, by the fold alone. */
function expected(log: NetworkLog): Map<number, number[]> {
  const all = new Map<number, number[]>();
  const joined = new Set<number>(), reused = new Set<number>();
  const fold = NetworkFold.begin(log), { chat } = fold;
  for (const sent of log.events) {
    const before = new Map(Array.from(chat.rooms.all(), ({ id }) => [id, hearers(chat, id)]));
    const { isAccepted, records } = fold.take(sent);
    for (const event of isAccepted ? sent[1].events : []) {
      if (event.kind !== "join") continue;
      // Only a hostile node uses a number twice.
      if (joined.has(event.id)) reused.add(event.id);
      joined.add(event.id);
    }
    // With more events in an envelope, who hears may have changed between them.
    if (sent[1].events.length !== 1) continue;
    for (const record of records) {
      if (record.kind !== "said" || record.message.room === undefined) continue;
      const { id, by, room } = record.message;
      for (const [member, connection] of before.get(room.id) ?? []) {
        if (member.filter?.ids.has(by.member)) continue;
        all.set(connection.id, [...all.get(connection.id) ?? [], id]);
      }
    }
  }
  for (const id of reused) all.delete(id);
  return all;
}

Deno.test("on every node each hears all that is said in its rooms, once and in the one order", async () => {
  let count = 0;
  const property = fc.asyncProperty(networkLogs({ moves: 100 }), async (log) => {
    const uuids = log.events.flatMap(([, { events: [first] }]) =>
      first?.kind === "node came" ? [first.uuid] : []
    );
    const wanted = expected(log);
    for (const uuid of new Set(uuids)) {
      for (const [id, { live }] of await send(log, uuid)) {
        assert(live.every((each, i) => i === 0 || each > live[i - 1]!), `${id}: ${live}`);
        const heard = new Set(live);
        const missing = (wanted.get(id) ?? []).filter((each) => !heard.has(each));
        assert(missing.length === 0, `${id} has not heard ${missing}`);
        count += live.length;
      }
    }
  });
  await fc.assert(property, { numRuns: 100 });
  assert(count > 100, "much was heard");
});
