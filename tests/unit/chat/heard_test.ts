// Who is here, and who hears what, for random logs: names are unique, nobody who is silenced is heard, and
// everyone hears the same messages in the same order. The real writer sends; a fold beside it says who may hear.

import { createMetrics, type Metrics } from "../../../lib/metrics.ts";
import fc from "fast-check";
import { Networks } from "../../../lib/chat/address.ts";
import type { Chat } from "../../../lib/chat/chat.ts";
import { Connections } from "../../../lib/chat/connections.ts";
import type { Chunk, Delivery, Encoder } from "../../../lib/chat/delivery.ts";
import type { Event } from "../../../lib/chat/event.ts";
import { DELIVERIES, HEARERS, WITHHELD } from "../../../lib/chat/fan_out.ts";
import type { Record, Saved } from "../../../lib/chat/history.ts";
import {
  type Connection,
  isApp,
  type Member,
  NO_FILTER,
  wantsAgain,
} from "../../../lib/chat/member.ts";
import type { Message } from "../../../lib/chat/message.ts";
import { lookalikes, nameKey } from "../../../lib/chat/names.ts";
import { write } from "../../../lib/chat/writer.ts";
import { MemoryHistory } from "../../../lib/history/memory.ts";
import { toChunk } from "../../../lib/wire/chunk.ts";
import { assert, assertEquals } from "../../assert.ts";
import { logs } from "./folds.ts";
import { checkNames, checkPeople, checkRooms, follow, hearers } from "./invariants.ts";
import { Fold, type Log, plain, type Timed } from "./logs.ts";
import { MARK } from "./vocabulary.ts";

/** Keeps what one connection is sent. */
class Ear implements Encoder {
  readonly heard: Delivery[] = [];

  encode(deliveries: readonly Delivery[]): Chunk {
    this.heard.push(...deliveries);
    return toChunk(new Uint8Array());
  }

  describe(): string {
    return "";
  }

  /** The numbers of the messages that it was sent as they were said. */
  get live(): number[] {
    return this.heard.flatMap((each) => isMessage(each) ? [each.id] : []);
  }

  /** The marks of all texts that it was sent, earlier messages included. */
  get marks(): string[] {
    return plain(this.heard).match(MARK) ?? [];
  }
}

/** A history in memory that begins with what a log begins with. */
class LogHistory extends MemoryHistory {
  readonly records: Record[] = [];
  readonly #saved: Saved;

  constructor({ options, events }: Log) {
    super();
    Object.defineProperty(this, "lasts", { value: options.lasts });
    const first = events[0]![2];
    this.#saved = first.kind === "restored" ? first.saved : super.load();
  }

  override load(): Saved {
    return this.#saved;
  }

  override commit(records: readonly Record[]): void {
    this.records.push(...records);
    super.commit(records);
  }
}

/** Has the writer handle a log, in batches of events of the same time; returns what was sent and kept. */
async function send(
  log: Log,
): Promise<{ ears: Map<number, Ear>; records: Record[]; metrics: Metrics }> {
  const ears = new Map<number, Ear>();
  const connections = new Connections();
  const history = new LogHistory(log);
  const metrics = createMetrics();
  let [at, dueAt] = log.events[0]!;
  const connect = (event: Event) => {
    if (event.kind !== "join" || connections.get(event.id) !== undefined) return;
    const encoder = ears.get(event.id) ?? new Ear();
    ears.set(event.id, encoder);
    const outbox = { write() {}, welcome() {}, answered() {}, end() {}, named() {} };
    connections.add(event.id, { encoder, outbox });
  };
  async function* batches() {
    for (const timed of batchesOf(log.events.slice(1))) {
      [at, dueAt] = timed[0]!;
      const batch = timed.map(([, , event]) => event);
      batch.forEach(connect);
      yield batch;
    }
    await Promise.resolve();
  }
  await write({
    ...log.options,
    ...{
      batches: batches(),
      connections,
      history,
      mostRecalled: 10_000,
      maxLine: 1024,
      editMinutes: 60,
    },
    clock: () => ({ at, dueAt }),
    // The results are in the log.
    startJob: () => undefined,
    audit: () => undefined,
    metrics,
    now: () => 0,
  });
  return { ears, records: history.records, metrics };
}

/** Neighbours of the same time. */
function batchesOf(events: readonly Timed[]): Timed[][] {
  const batches: Timed[][] = [];
  for (const timed of events) {
    const [first] = batches.at(-1) ?? [];
    if (first?.[0] === timed[0] && first[1] === timed[1]) batches.at(-1)!.push(timed);
    else batches.push([timed]);
  }
  return batches;
}

function isMessage(delivery: Delivery): delivery is Message {
  return ["message", "action", "private"].includes(delivery.kind);
}

/** Whether a member is muted, by its own mute or one of a name that looks like its own. */
function isMuted(chat: Chat, { name, account, mute }: Member, dueAt: number): boolean {
  const holds = (until: number | undefined) => until === undefined || until > dueAt;
  const keys = new Set([...lookalikes(name), ...account ? lookalikes(account.name) : []]);
  return mute !== undefined && holds(mute.until) ||
    [...chat.bans.all()].some(({ kind, shown, until }) =>
      kind === "mute" && holds(until) && lookalikes(shown).some((key) => keys.has(key))
    );
}

/** Whether a member ignores another, by number, or by the name that the other has. */
function ignores({ filter, id }: Member, other: Member): boolean {
  if (filter === undefined || id === other.id) return false;
  return filter.ids.has(other.id) ||
    filter.names.values().some((name) => nameKey(name) === nameKey(other.name));
}

/** Who may hear a message that was just said, and on which connections. */
function audience(
  chat: Chat,
  { message, by, room }: {
    message: Message;
    by: [Member, Connection];
    room: [Member, Connection][];
  },
): [Member, Connection][] {
  if (message.room !== undefined) {
    return room.length > 0 || by[1].room.id !== message.room.id ? room : [by];
  }
  const all = (member: Member) =>
    member.connections.map((each): [Member, Connection] => [member, each]);
  const to = chat.members.get(message.to!.member);
  // It waits until they come.
  if (to === undefined) return all(by[0]);
  return to === by[0] ? all(to) : [...all(by[0]), ...all(to)];
}

Deno.test("each hears every message of its rooms that it may, in the one order; who is muted, nobody", async () => {
  const property = fc.asyncProperty(logs(), async (log) => {
    const { ears, records, metrics } = await send(log);
    const fold = Fold.of(log), { chat } = fold;
    const expected = new Map<number, number[]>();
    const echoless = new Set<number>();
    const muted = new Map<string, number>(), typed = new Set<string>();
    const kept: Record[] = [];
    let toHear = 0;
    for (const timed of log.events) {
      const [, dueAt, event] = timed;
      const whose = "id" in event ? chat.whose(event.id) : undefined;
      // Somebody may type again what another has said.
      const marks = new Set(plain(event).match(MARK)).difference(typed);
      if (event.kind === "typed" && whose !== undefined && isMuted(chat, whose.member, dueAt)) {
        for (const mark of marks) muted.set(mark, whose.member.id);
      }
      for (const mark of marks) typed.add(mark);
      const rooms = new Map(Array.from(chat.rooms.all(), ({ id }) => [id, hearers(chat, id)]));
      const { effects, records } = fold.step(timed);
      kept.push(...records);
      for (const effect of effects) {
        if (effect.kind === "job" && effect.job.kind === "hand over") {
          const member = chat.connections.get(effect.connection)!;
          const ids = chat.waiting.of(effect.job.account)
            .filter(({ message }) => wantsAgain(member.filter ?? NO_FILTER, message))
            .map(({ message: { id } }) => id);
          for (const each of member.connections.filter(isApp)) {
            toHear += ids.length;
            expected.set(each.id, [...expected.get(each.id) ?? [], ...ids]);
          }
        }
        if (effect.kind !== "echo") continue;
        if (effect.isOn) echoless.delete(effect.connection);
        else echoless.add(effect.connection);
      }
      for (const record of records) {
        if (record.kind !== "said") continue;
        const { message } = record;
        const by: [Member, Connection] = [whose!.member, whose!.connection];
        const room = rooms.get(message.room?.id ?? 0) ?? [];
        const all = audience(chat, { message, by, room });
        toHear += all.length;
        for (const [member, { id }] of all) {
          if (ignores(member, by[0]) || id === by[1].id && echoless.has(id)) continue;
          expected.set(id, [...expected.get(id) ?? [], message.id]);
        }
      }
    }
    assertEquals(plain(records.filter(isSaid)), plain(kept.filter(isSaid)));
    for (const [id, ear] of ears) {
      assertEquals(ear.live, expected.get(id) ?? [], `connection ${id}`);
      for (const mark of ear.marks) {
        assert((muted.get(mark) ?? id) === id, `${id} heard ${mark} of ${muted.get(mark)}`);
      }
    }
    const heard = [...ears.values()].reduce((sum, { live }) => sum + live.length, 0);
    const withheld = Object.values(WITHHELD).reduce((sum, each) => sum + metrics.count(each), 0);
    assertEquals([metrics.count(HEARERS), metrics.count(DELIVERIES.message)], [toHear, heard]);
    assertEquals(toHear, heard + withheld);
  });
  await fc.assert(property, { numRuns: 300 });
});

function isSaid({ kind }: Record): boolean {
  return kind === "said";
}

Deno.test("names are unique by all their keys, and who is here is who has joined less who has left", () => {
  fc.assert(
    fc.property(logs(), (log) => {
      const fold = Fold.of(log), { chat } = fold;
      const here = new Set<number>();
      const hearing = new Map<number, Set<number>>();
      for (const timed of log.events) {
        const step = fold.step(timed);
        follow(step, { here, hearing });
        const [, , event] = timed;
        if (event.kind === "leave") assert(!here.has(event.id));
        if (!step.effects.some(({ kind }) => ["named", "end", "exit", "enter"].includes(kind))) {
          continue;
        }
        const connections = [...chat.members.values()].flatMap((member) => member.connections);
        assertEquals(connections.length, here.size);
        assertEquals(new Set(connections.map(({ id }) => id)), here);
        assertEquals(new Set(chat.connections.keys()), here);
        checkNames(chat);
        checkRooms(chat, hearing);
        checkPeople(chat);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("nobody has a banned name or address who did not have it before the ban", () => {
  fc.assert(
    fc.property(logs(), (log) => {
      const fold = Fold.of(log), { chat } = fold;
      for (const timed of log.events) {
        const [, dueAt, event] = timed;
        const bans = [...chat.bans.all()].filter(({ kind, until }) =>
          kind === "ban" && (until === undefined || until > dueAt)
        );
        const banned = (address: string) =>
          bans.some(({ isAddress, subject }) => isAddress && new Networks([subject]).has(address));
        const { effects } = fold.step(timed);
        if (event.kind === "join" || event.kind === "moved") {
          assert(!banned(event.address) || !chat.connections.has(event.id), event.address);
        }
        for (const effect of effects) {
          if (effect.kind !== "named" || effect.name.startsWith("guest")) continue;
          const keys = lookalikes(effect.name);
          const ban = bans.find(({ isAddress, shown }) =>
            !isAddress && lookalikes(shown).some((key) => keys.includes(key))
          );
          assertEquals(ban, undefined, effect.name);
        }
        for (const effect of effects) {
          if (effect.kind !== "audit" || !effect.entry.did.startsWith("ban")) continue;
          const { whom } = effect.entry, networks = new Networks([whom]);
          for (const { name, account, connections } of chat.members.values()) {
            assert(name !== whom && account?.name !== whom, whom);
            assert(!connections.some(({ address }) => networks.has(address)), whom);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});
