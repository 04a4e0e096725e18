// Bobchats with their real writers, and queues over one stream in memory to which everything happens at random: all
// have the same state, and everybody hears everything once and in one order.

import fc from "fast-check";
import { Chat } from "../../../lib/chat/chat.ts";
import { Connections } from "../../../lib/chat/connections.ts";
import type { Event } from "../../../lib/chat/event.ts";
import { NODE_SPAN, type NodeId, RULES } from "../../../lib/chat/node.ts";
import { Scope } from "../../../lib/chat/scope.ts";
import { takeSnapshot } from "../../../lib/chat/snapshot.ts";
import { writeOnNode } from "../../../lib/chat/writer.ts";
import type { Alarm } from "../../../lib/cluster/alarms.ts";
import { ClusterQueue } from "../../../lib/cluster/queue.ts";
import { BEGINNING } from "../../../lib/cluster/stream.ts";
import { yieldToEventLoop } from "../../../lib/std/event_loop.ts";
import { assert, assertEquals } from "../../assert.ts";
import { conclude, connect, Person, Plain, TestHistory, usual } from "../chat/people.ts";
import { MemoryStore, MemoryStream, turns } from "./memory_stream.ts";

/** One of several bobchats. */
class Node {
  readonly stream: MemoryStream;
  readonly queue: ClusterQueue;
  readonly alarms: Alarm[] = [];
  readonly written: Promise<void>;
  chat!: Chat;
  #lastConnection = 0;
  readonly #connections = new Connections();

  constructor(store: MemoryStore, name: string) {
    const uuid = crypto.randomUUID();
    const scope = new Scope();
    this.stream = new MemoryStream(store);
    this.queue = new ClusterQueue({
      ...{ stream: this.stream, after: BEGINNING, tail: store.messages.length, uuid, name },
      ...{ knows: RULES, capacity: 1000, weigh: () => 1, yieldToEventLoop },
      now: () => performance.now(),
      isShared: (event) => scope.isShared(this.chat, event),
      onAlarm: (alarm) => this.alarms.push(alarm),
    });
    const setup = { history: new TestHistory() };
    this.written = writeOnNode({
      ...usual(setup),
      batches: this.queue,
      connections: this.#connections,
      clock: () => ({ at: 1, dueAt: 1 }),
      startJob: async (order) => void this.queue.push(await conclude(setup, order)),
      cluster: {
        uuid,
        start: takeSnapshot(
          new Chat({ lasts: true, replay: 0, keepRooms: 30, editMinutes: 60, motd: [] }),
        ),
        started: (chat) => this.chat = chat,
        folded: (chat, batch, isAccepted) => this.queue.folded(chat, batch, isAccepted),
        publish: (event) => this.queue.publish(event),
      },
    });
  }

  /** Its own entry among the nodes. */
  get own() {
    return this.chat.nodes.get(this.id);
  }

  /** Its number. */
  id: NodeId = 0;

  /** Somebody who joins here. */
  person(): Person {
    const person = new Person(this.id * NODE_SPAN + ++this.#lastConnection, new Plain());
    this.push(person.join());
    return person;
  }

  push(...events: Event[]): void {
    connect(this.#connections, events);
    for (const event of events) this.queue.push(event);
  }
}

interface Run {
  readonly store: MemoryStore;
  readonly nodes: readonly [Node, Node];
}

async function withNodes(test: (run: Run) => Promise<void>): Promise<void> {
  const store = new MemoryStore();
  const nodes: [Node, Node] = [new Node(store, "a"), new Node(store, "b")];
  for (const node of nodes) node.id = await node.queue.ready;
  await test({ store, nodes });
  for (const node of nodes) node.queue.close();
  await Promise.all(nodes.map(({ written }) => written));
}

/** Waits until something holds. */
async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    assert(performance.now() < end, `waited in vain for ${what}`);
    await turns();
  }
}

/** What people said, of all that somebody has heard. */
const heard = (person: Person) => person.heard.filter((line) => /: m\d+m$/.test(line));

const WHAT = [
  "say",
  "say",
  "ask",
  "break",
  "mend",
  "lose an answer",
  "double",
  "gone",
  "turn",
  "turn",
];
const MOVE = fc.record({ node: fc.constantFrom(0, 1), what: fc.constantFrom(...WHAT) });

Deno.test("whatever happens to the stream, all have one state, and hear all once and in one order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(MOVE, { maxLength: 60 }), async (moves) => {
      await withNodes(async ({ store, nodes }) => {
        const people = nodes.map((node) => node.person());
        await until(() => people.every(({ name }) => name !== ""), "the names");
        let said = 0, asked = 0;
        for (const { node: which, what } of moves) {
          const node = nodes[which]!, person = people[which]!;
          if (what === "say") node.push(person.says(`m${++said}m`));
          else if (what === "ask") {
            asked++;
            node.push(person.input({ kind: "command", name: "who", text: "" }, true));
          } else if (what === "break" || what === "mend") node.stream.setUp(what === "mend");
          else if (what === "lose an answer") node.stream.fates.push("stored, but late");
          else if (what === "double") node.stream.fates.push("stored, and forgotten");
          else if (what === "turn") await turns();
          else {
            const { id, epoch, counter } = nodes[1 - which]!.own!;
            node.queue.publish({ kind: "node gone", node: id, epoch, counter });
          }
        }
        for (const { stream } of nodes) stream.setUp(true);
        await until(() => people.every((person) => heard(person).length >= said), "all words");
        const answers = () => people.reduce((sum, { answered }) => sum + answered.length, 0);
        await until(() => answers() >= asked, "all answers");
        const state = ({ chat }: Node) => JSON.stringify(takeSnapshot(chat));
        const isQuiet = () =>
          nodes.every(({ queue, own }) =>
            queue.position.sequence === store.messages.length && own?.gone === undefined
          );
        await until(() => isQuiet() && state(nodes[0]) === state(nodes[1]), "one state");
        const [first, second] = people.map((person) =>
          heard(person).map((line) => line.replace(/^.*: /, ""))
        );
        assertEquals(first, second);
        assertEquals(first!.length, said);
        assertEquals(answers(), asked);
        assertEquals(nodes.flatMap(({ alarms }) => alarms), []);
      });
    }),
    { numRuns: 40 },
  );
});
