// Several bobchats' queues over one stream of a real nats-server, to which happens what happens to servers: one
// order everywhere, nothing that was pushed is missing, and nothing is there twice.

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { Snapshot } from "../../lib/chat/snapshot.ts";
import type { Alarm } from "../../lib/cluster/alarms.ts";
import { type Network, openNetwork } from "../../lib/cluster/network.ts";
import { newEpoch } from "../../lib/cluster/new_epoch.ts";
import { ClusterQueue } from "../../lib/cluster/queue.ts";
import { StartError } from "../../lib/errors.ts";
import { yieldToEventLoop } from "../../lib/std/event_loop.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../assert.ts";
import { ask, isShared, say, TrivialChat } from "../trivial_chat.ts";
import { inTime, testWith } from "./bobchat.ts";
import { copyFolder } from "./folder.ts";
import { Nats } from "./nats.ts";

/** The trivial state of a network that begins. */
const NOTHING = {
  ...{ lastMessage: 0, lastMember: 0, lastRoom: 0, lastAccount: 0 },
  nodes: { lastId: 0, nodes: [] },
} as Partial<Snapshot> as Snapshot;
const SETTINGS = { keepRooms: 7, editMinutes: 60, keepStream: 7 };
/** How much may wait, in events. */
const CAPACITY = 1000;

/** Opens the network, or begins it. */
function open(nats: Nats, node: string): Promise<Network> {
  return openNetwork({
    ...{ urls: [nats.url], network: "test", node, settings: SETTINGS },
    first: () => NOTHING,
  });
}

/** One of several bobchats. */
class Node {
  readonly alarms: Alarm[] = [];
  /** What was pushed here. */
  readonly pushed: string[] = [];
  readonly chat: TrivialChat;
  readonly queue: ClusterQueue;
  readonly #close: () => Promise<void>;
  readonly #running: Promise<void>;
  #waiters: (() => void)[] = [];
  #isTalking = false;

  private constructor({ name, uuid, network }: { name: string; uuid: string; network: Network }) {
    this.chat = new TrivialChat(uuid);
    this.#close = network.close;
    this.queue = new ClusterQueue({
      ...{ uuid, name, knows: 1, isShared, yieldToEventLoop },
      ...{ stream: network.stream, after: network.start.after, tail: network.tail },
      capacity: CAPACITY,
      weigh: () => 1,
      now: () => performance.now(),
      onAlarm: (alarm) => {
        this.alarms.push(alarm);
        this.#notify();
      },
    });
    this.chat.onBatch = () => this.#notify();
    this.#running = this.chat.run(this.queue);
  }

  /** Joins the network. */
  static async start(nats: Nats, name: string): Promise<Node> {
    const network = await open(nats, name);
    const node = new Node({ name, uuid: crypto.randomUUID(), network });
    await node.queue.ready;
    return node;
  }

  /** Talks until it is told to stop. */
  async talk(): Promise<void> {
    this.#isTalking = true;
    while (this.#isTalking) {
      const text = `${this.chat.uuid} ${this.pushed.length}`;
      const full = this.queue.push(say(text));
      this.pushed.push(text);
      await (full ?? yieldToEventLoop());
    }
  }

  /** Stops talking. */
  hush(): void {
    this.#isTalking = false;
  }

  /** Waits until something holds; asked again after each batch and alarm. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const wait = async () => {
      while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
    };
    await inTime(wait(), () => `${what}; alarms: ${JSON.stringify(this.alarms)}`);
  }

  /** Waits until so much more has been said. */
  async hears(more: number): Promise<void> {
    const enough = this.chat.said.length + more;
    await this.until(() => this.chat.said.length >= enough, `${more} more`);
  }

  /** Leaves, with or without a goodbye. */
  async stop(): Promise<void> {
    this.queue.close();
    await this.#running;
    await this.#close();
  }

  #notify(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}

/** Runs a test with a nats-server and this many bobchats. */
async function withNodes(
  count: number,
  run: (nats: Nats, nodes: [Node, ...Node[]]) => Promise<void>,
): Promise<void> {
  await using nats = await Nats.start();
  const nodes: Node[] = [];
  try {
    for (let i = 0; i < count; i++) nodes.push(await Node.start(nats, `node${i}`));
    await run(nats, nodes as [Node, ...Node[]]);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

/** All have talked: waits until all have all, and checks that they have the same. */
async function haveAll(nodes: readonly Node[]): Promise<void> {
  const count = nodes.reduce((sum, { pushed }) => sum + pushed.length, 0);
  for (const node of nodes) {
    await node.until(() => node.chat.said.length >= count, `${count} texts`);
  }
  const [{ chat: { said } }] = nodes as [Node];
  assertEquals(said.length, count, "something is there twice");
  for (const { chat, pushed } of nodes) {
    assertEquals(chat.said.join("\n"), said.join("\n"), "another order");
    assertEquals(said.filter((text) => text.startsWith(chat.uuid)).join("\n"), pushed.join("\n"));
  }
}

/** All talk while something is done; then checks that all have the same. */
async function whileTalking(
  nodes: readonly [Node, ...Node[]],
  something: () => Promise<unknown>,
): Promise<void> {
  const talking = nodes.map((node) => node.talk());
  await something();
  for (const node of nodes) node.hush();
  await Promise.all(talking);
  await haveAll(nodes);
}

testWith(["nats-server"], "several bobchats have one order, whoever speaks", async () => {
  await withNodes(3, async (_nats, nodes) => {
    await whileTalking(nodes, () => nodes[0].hears(5000));
    assertEquals(nodes.flatMap(({ alarms }) => alarms), []);
  });
});

testWith(
  ["nats-server"],
  "nothing is lost or doubled when nats-server is killed under load",
  async () => {
    await withNodes(3, async (nats, nodes) => {
      await whileTalking(nodes, async () => {
        for (let round = 0; round < 3; round++) {
          await nodes[0].hears(500 + Math.floor(Math.random() * 1000));
          await nats.kill();
          await nats.restart();
        }
        await nodes[0].hears(1000);
      });
      assertEquals(nodes.flatMap(({ alarms }) => alarms), []);
    });
  },
);

testWith(
  ["nats-server"],
  "a nats-server that hangs for 10 s is told to people, and ends nobody",
  async () => {
    await withNodes(2, async (nats, nodes) => {
      await whileTalking(nodes, async () => {
        await nodes[0].hears(1000);
        nats.signal("SIGSTOP");
        const end = performance.now() + 10_000;
        for (const node of nodes) await node.until(() => node.chat.told.length > 0, "the notice");
        await new Promise((resolve) => setTimeout(resolve, end - performance.now()));
        nats.signal("SIGCONT");
        for (const node of nodes) {
          await node.until(() => node.chat.told.length > 1, "the other notice");
        }
        await nodes[0].hears(1000);
      });
      for (const { chat, alarms } of nodes) {
        assertEquals(chat.told, [true, false]);
        assertEquals(chat.here.length, 2, "somebody was taken for gone");
        assertEquals(alarms, []);
      }
    });
  },
);

testWith(
  ["nats-server"],
  "while NATS is away, readers wait and local requests are answered",
  async () => {
    await withNodes(1, async (nats, [node]) => {
      await nats.kill();
      await node.queue.push(ask("who"));
      await node.until(() => node.chat.answered.length > 0, "the answer");
      let full: Promise<void> | undefined;
      while (full === undefined) {
        const text = `${node.chat.uuid} ${node.pushed.length}`;
        node.pushed.push(text);
        full = node.queue.push(say(text));
      }
      assertEquals(node.pushed.length, CAPACITY + 1);
      await nats.restart();
      await inTime(full, () => "room");
      await haveAll([node]);
    });
  },
);

testWith(["nats-server"], "a stream that was deleted is an alarm, and words wait", async () => {
  await withNodes(1, async (nats, [node]) => {
    await node.queue.push(say("before"));
    await node.hears(1);
    const connection = await connect({ servers: nats.url });
    await (await jetstreamManager(connection)).streams.delete("bobchat_test_1");
    await connection.close();
    await node.until(() => node.alarms.length > 0, "the alarm");
    assertEquals(node.alarms[0]!.kind, "gone");
    assertStringIncludes(node.alarms[0]!.sentence, "the stream bobchat_test_1 is gone from NATS");
    await assertRejects(
      () => open(nats, "late"),
      StartError,
      "(stream not found): put its store back, or begin a new epoch with `bobchat network new`",
    );
  });
});

testWith(["nats-server"], "a stream made anew under the same name is an alarm", async () => {
  await withNodes(2, async (nats, nodes) => {
    const talking = nodes.map((node) => node.talk());
    await nodes[0].hears(2000);
    const connection = await connect({ servers: nats.url });
    const manager = await jetstreamManager(connection);
    const { config } = await manager.streams.info("bobchat_test_1");
    await manager.streams.delete("bobchat_test_1");
    await manager.streams.add(config);
    await connection.close();
    for (const node of nodes) {
      await node.until(() => node.alarms.some(({ kind }) => kind === "other"), "the alarm");
      node.hush();
    }
    const heard = nodes.map(({ chat }) => chat.said.length);
    await nodes[0].until(() => nodes[0].chat.told.length > 0, "the notice");
    assertEquals(nodes.map(({ chat }) => chat.said.length), heard, "something else was heard");
    // Words that waited have room again when their bobchat is stopped; nobody awaits them any more.
    void talking;
  });
});

testWith(
  ["nats-server"],
  "an older copy of the store is an alarm until the right one is back",
  async () => {
    await withNodes(2, async (nats, nodes) => {
      const talkSome = () => whileTalking(nodes, () => nodes[0].hears(500));
      await talkSome();
      await nats.kill("SIGTERM");
      await copyFolder(nats.store, `${nats.store}.older`);
      await nats.restart();
      await talkSome();
      await nats.kill("SIGTERM");
      await Deno.rename(nats.store, `${nats.store}.right`);
      await Deno.rename(`${nats.store}.older`, nats.store);
      await nats.restart();
      for (const node of nodes) {
        await node.until(() => node.alarms.length > 0, "the alarm");
        assertEquals(node.alarms[0]!.kind, "other");
      }
      await nats.kill("SIGTERM");
      await Deno.rename(nats.store, `${nats.store}.older`);
      await Deno.rename(`${nats.store}.right`, nats.store);
      await nats.restart();
      for (const node of nodes) {
        await node.until(() => node.alarms.some(({ isOver }) => isOver), "the end of the alarm");
      }
      await talkSome();
    });
  },
);

testWith(
  ["nats-server"],
  "a new epoch begins from the newest snapshot, and the old one takes no more",
  async () => {
    await withNodes(1, async (nats, [node]) => {
      const { epoch } = await newEpoch({ urls: [nats.url], network: "test" });
      assertEquals(epoch, 2);
      await node.queue.push(say("too late"));
      await node.until(() => node.alarms.length > 0, "the alarm");
      assertStringIncludes(node.alarms[0]!.sentence, "a new epoch of the network has begun");
      const network = await open(nats, "later");
      assertEquals(network.epoch, 2);
      assertEquals(network.start.snapshot.lastMessage, 1e9);
      await network.close();
    });
  },
);

testWith(["nats-server"], "bobchats that begin a network at one moment begin one", async () => {
  await using nats = await Nats.start();
  const networks = await Promise.all(["a", "b", "c"].map((name, i) =>
    openNetwork({
      ...{
        urls: [nats.url],
        network: "test",
        node: name,
        settings: { keepRooms: i, editMinutes: 60, keepStream: 7 },
      },
      first: () => ({ ...NOTHING, lastMessage: i }),
    })
  ));
  assertEquals(new Set(networks.map(({ settings }) => settings.keepRooms)).size, 1);
  assertEquals(new Set(networks.map(({ start }) => start.snapshot.lastMessage)).size, 1);
  const [begun, ...others] = networks.filter(({ isNew }) => isNew);
  assertEquals([begun?.settings.keepRooms, others], [begun?.start.snapshot.lastMessage, []]);
  await Promise.all(networks.map((network) => network.close()));
});

testWith(["nats-server"], "NATS that is away at the start is one sentence", async () => {
  await using nats = await Nats.start();
  await nats.kill();
  const error = await assertRejects(
    () => open(nats, "a"),
    StartError,
    "cannot connect to NATS at 127.0.0.1:",
  );
  assert(!error.message.includes("\n"));
});

testWith(
  ["nats-server"],
  "a NATS that would not take all that is sent is told at the start",
  async () => {
    await using nats = await Nats.start("max_payload: 65536");
    await assertRejects(
      () => open(nats, "a"),
      StartError,
      "raise max_payload",
    );
  },
);

testWith(["nats-server"], "a full store is told, and words wait until there is room", async () => {
  await using nats = await Nats.start("jetstream { max_file_store: 200000 }");
  const node = await Node.start(nats, "node");
  try {
    const talking = node.talk();
    await node.until(() => node.alarms.length > 0, "the alarm");
    assertEquals(node.alarms[0]!.kind, "full");
    node.hush();
    await nats.kill("SIGTERM");
    await nats.restart("jetstream { max_file_store: 1000000000 }");
    await talking;
    await haveAll([node]);
    assertEquals(node.alarms.map(({ kind, isOver }) => [kind, isOver]), [["full", false], [
      "full",
      true,
    ]]);
  } finally {
    await node.stop();
  }
});
