// The queue over a stream: what is pushed goes out in envelopes, and what is iterated are the envelopes of all, with
// this bobchat's local requests in their places.

import type { Batch } from "../../../lib/chat/batch.ts";
import type { Envelope } from "../../../lib/chat/envelope.ts";
import type { Event, SharedEvent } from "../../../lib/chat/event.ts";
import type { Alarm } from "../../../lib/cluster/alarms.ts";
import { decode } from "../../../lib/cluster/encode.ts";
import { ClusterQueue } from "../../../lib/cluster/queue.ts";
import { BEGINNING } from "../../../lib/cluster/stream.ts";
import { StartError } from "../../../lib/errors.ts";
import { yieldToEventLoop } from "../../../lib/std/event_loop.ts";
import { assert, assertEquals, assertRejects } from "../../assert.ts";
import { ask, isShared, say, TrivialChat } from "../../trivial_chat.ts";
import { MemoryStream, turns, until } from "./memory_stream.ts";

const ENCODER = new TextEncoder();

/** A bobchat on a stream in memory. */
interface Run {
  readonly stream: MemoryStream;
  readonly queue: ClusterQueue;
  readonly chat: TrivialChat;
  readonly batches: Batch[];
  readonly alarms: Alarm[];
  readonly clock: { now: number };
  /** Stores an envelope of another bobchat, or of nobody. */
  arrive(envelope: Partial<Envelope>): void;
}

async function withQueue(
  test: (run: Run) => Promise<void>,
  { capacity = 1000, tail = 0, isShared: judge = isShared }: {
    capacity?: number;
    tail?: number;
    isShared?: (event: Event) => event is SharedEvent;
  } = {},
): Promise<void> {
  const stream = new MemoryStream();
  const clock = { now: 0 };
  const batches: Batch[] = [], alarms: Alarm[] = [];
  const queue = new ClusterQueue({
    ...{ stream, after: BEGINNING, tail, uuid: "own", name: "node", knows: 1 },
    ...{ capacity, isShared: judge, yieldToEventLoop },
    weigh: () => 1,
    now: () => clock.now,
    onAlarm: (alarm) => alarms.push(alarm),
  });
  const chat = new TrivialChat("own");
  chat.onBatch = (batch) => batches.push(batch);
  const running = chat.run(queue);
  await turns();
  const arrive = (envelope: Partial<Envelope>) => {
    const whole = { rules: 1, epoch: 1, events: [], ...envelope };
    stream.store.store("other", ENCODER.encode(JSON.stringify(whole)));
  };
  await test({ stream, queue, chat, batches, alarms, clock, arrive });
  queue.close();
  clock.now += 60_000; // what is under way is given up
  await running;
}

/** The envelopes that the stream has. */
const envelopes = ({ stream }: Run) => stream.store.messages.map(({ data }) => decode(data)!);
const texts = (events: readonly Event[]) =>
  events.map((event) =>
    event.kind === "typed" && "text" in event.input ? event.input.text : event.kind
  );

/** Holds acknowledgements and arrivals back until it is called. */
function hold(stream: MemoryStream): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const publish = stream.publish.bind(stream);
  stream.publish = async (id, data) => {
    await promise;
    return await publish(id, data);
  };
  return resolve;
}

Deno.test("it says hello, and is ready when that has come back", async () => {
  await withQueue(async (run) => {
    assertEquals(await run.queue.ready, 1);
    const [hello] = envelopes(run);
    assertEquals(hello, {
      ...{ rules: 1, node: 0, epoch: 1, counter: 1 },
      events: [{ kind: "node came", uuid: "own", name: "node", knows: 1 }],
    });
    assertEquals(run.stream.published, ["own.1.1"]);
  });
});

Deno.test("it says hello only once it has folded what was there before", async () => {
  await withQueue(async (run) => {
    assertEquals(run.stream.published, []);
    run.arrive({ node: 7, counter: 1 });
    run.arrive({ node: 7, counter: 2 });
    await turns();
    assertEquals(run.stream.published.length, 1);
  }, { tail: 2 });
});

Deno.test("what is pushed in one turn goes in one envelope, and what gathers meanwhile in the next", async () => {
  await withQueue(async (run) => {
    const release = hold(run.stream);
    run.queue.push(say("a"));
    run.queue.push(say("b"));
    await turns();
    run.queue.push(say("c"));
    await turns();
    run.queue.push(say("d"));
    await turns();
    assertEquals(run.chat.said, []);
    release();
    await turns();
    assertEquals(run.chat.said, ["a", "b", "c", "d"]);
    assertEquals(envelopes(run).slice(1).map(({ counter, events }) => [counter, texts(events)]), [
      [2, ["a", "b"]],
      [3, ["c", "d"]],
    ]);
  });
});

Deno.test("more than one envelope takes goes in several, in order", async () => {
  await withQueue(async (run) => {
    const all = Array.from({ length: 900 }, (_, i) => `${i}`);
    for (const text of all) run.queue.push(say(text));
    await turns();
    assertEquals(run.chat.said, all);
    assertEquals(envelopes(run).slice(1).map(({ events }) => events.length), [500, 400]);
  });
});

Deno.test("local requests never travel, and are answered after the own words before them", async () => {
  await withQueue(async (run) => {
    const release = hold(run.stream);
    for (const event of [say("a"), ask("after a"), say("b")]) run.queue.push(event);
    await turns();
    run.queue.push(ask("after b"));
    run.queue.push(say("c"));
    await turns();
    assertEquals(run.chat.answered, []);
    release();
    await turns();
    assertEquals(run.chat.answered, [{ text: "after a", after: 1 }, { text: "after b", after: 2 }]);
    assertEquals(run.chat.said, ["a", "b", "c"]);
    assertEquals(envelopes(run).flatMap(({ events }) => texts(events)), [
      "node came",
      "a",
      "b",
      "c",
    ]);
  });
});

Deno.test("a local request with nothing before it is answered at once, whatever NATS does", async () => {
  await withQueue(async (run) => {
    run.stream.setUp(false);
    run.queue.push(ask("who"));
    await turns();
    assertEquals(run.chat.answered.length, 1);
    assertEquals(run.stream.published.length, 1);
  });
});

Deno.test("past its bound, readers wait until something has come back", async () => {
  await withQueue(async (run) => {
    const release = hold(run.stream);
    const waits = Array.from({ length: 6 }, (_, i) => run.queue.push(say(`${i}`)) !== undefined);
    assertEquals(waits, [false, false, false, false, true, true]);
    await turns();
    const last = run.queue.push(say("last"));
    assert(last !== undefined);
    release();
    await last;
    await turns();
    assertEquals(run.chat.said, ["0", "1", "2", "3", "4", "5", "last"]);
  }, { capacity: 4 });
});

Deno.test("an own envelope that comes twice counts once, and so do its local requests", async () => {
  await withQueue(async (run) => {
    run.queue.push(say("a"));
    run.queue.push(ask("after a"));
    await turns();
    run.stream.store.store("own.1.2", run.stream.store.messages[1]!.data);
    await turns();
    run.queue.push(say("b"));
    await turns();
    assertEquals(run.chat.said, ["a", "b"]);
    assertEquals(run.chat.answered.length, 1);
    assertEquals(run.alarms, []);
  });
});

Deno.test("who was taken for gone comes back first, then what did not count, in order", async () => {
  await withQueue(async (run) => {
    const release = hold(run.stream);
    for (const event of [say("a"), ask("after a"), say("b")]) run.queue.push(event);
    await turns();
    // Another node, which proposes that this one is gone, gets in before.
    run.arrive({
      node: 0,
      counter: 1,
      events: [{ kind: "node came", uuid: "x", name: "x", knows: 1 }],
    });
    run.arrive({
      ...{ node: 2, counter: 2 },
      events: [{ kind: "node gone", node: 1, epoch: 1, counter: 1 }],
    });
    await turns();
    run.queue.push(say("c"));
    release();
    await turns();
    assertEquals(run.chat.said, ["a", "b", "c"]);
    assertEquals(run.chat.answered, [{ text: "after a", after: 1 }]);
    assertEquals(run.chat.here.length, 2);
    const own = envelopes(run).filter(({ node }) => node === 1);
    assertEquals(own.map(({ epoch, counter, events }) => [epoch, counter, texts(events)]), [
      [1, 2, ["a", "b"]],
      [2, 1, ["node back", "a", "b", "c"]],
    ]);
    assertEquals(run.alarms, []);
  });
});

Deno.test("while it is taken for gone, local requests wait until it is back", async () => {
  await withQueue(async (run) => {
    const came = { kind: "node came", uuid: "x", name: "x", knows: 1 } as const;
    const gone = { kind: "node gone", node: 1, epoch: 1, counter: 1 } as const;
    run.arrive({ node: 0, counter: 1, events: [came] });
    await turns();
    const release = hold(run.stream);
    run.chat.onBatch = ({ events }) => {
      run.chat.onBatch = () => {};
      if (events[0]?.kind === "node gone") run.queue.push(ask("while gone"));
    };
    run.arrive({ node: 2, counter: 2, events: [gone] });
    run.queue.push(ask("before"));
    await turns();
    run.queue.push(say("a"));
    run.queue.push(ask("after a"));
    await turns();
    assertEquals(run.chat.answered.map(({ text }) => text), []);
    release();
    await turns();
    assertEquals(run.chat.answered.map(({ text, after }) => [text, after]), [
      ["before", 0],
      ["while gone", 0],
      ["after a", 1],
    ]);
  });
});

Deno.test("whether an event is shared is asked once for each, in their order", async () => {
  const asked: Event[] = [];
  const pushed: Event[] = [];
  await withQueue(async (run) => {
    const release = hold(run.stream);
    for (let i = 0; i < 700; i++) {
      const event = i % 3 === 0 ? ask(`${i}`) : say(`${i}`);
      pushed.push(event);
      run.queue.push(event);
    }
    await turns();
    const gone = { kind: "node gone", node: 1, epoch: 1, counter: 1 } as const;
    run.arrive({
      node: 0,
      counter: 1,
      events: [{ kind: "node came", uuid: "x", name: "x", knows: 1 }],
    });
    run.arrive({ node: 2, counter: 2, events: [gone] });
    await turns();
    release();
    await turns();
    assertEquals(run.chat.said.length + run.chat.answered.length, 700);
    assertEquals(asked.filter(({ kind }) => kind === "typed"), pushed);
  }, {
    isShared: (event): event is SharedEvent => {
      asked.push(event);
      return isShared(event);
    },
  });
});

Deno.test("new rules are proposed once all nodes know them", async () => {
  await withQueue(async (run) => {
    run.chat.common = 2;
    for (const text of ["a", "b"]) {
      run.queue.push(say(text));
      await turns();
    }
    const proposals = envelopes(run).flatMap(({ events }) => events).filter(({ kind }) =>
      kind === "rules"
    );
    assertEquals(proposals, [{ kind: "rules", rules: 2 }]);
  });
});

Deno.test("it says something every three seconds, and nothing more if it has spoken", async () => {
  await withQueue(async (run) => {
    run.clock.now = 2900;
    run.queue.tick();
    await turns();
    assertEquals(run.stream.published.length, 1);
    run.clock.now = 3000;
    run.queue.tick();
    run.queue.tick();
    await turns();
    assertEquals(envelopes(run).at(-1), { rules: 1, node: 1, epoch: 1, counter: 2, events: [] });
    assertEquals(run.stream.published.length, 2);
  });
});

Deno.test("people are told after 3 s that the others are lost, and when they are found", async () => {
  await withQueue(async (run) => {
    run.clock.now = run.stream.consumers[0]!.messages.heard = 10_000;
    run.queue.tick();
    run.stream.setUp(false);
    run.clock.now = 12_900;
    run.queue.tick();
    await turns();
    assertEquals(run.chat.told, []);
    run.clock.now = 13_000;
    run.queue.tick();
    run.clock.now = 20_000;
    run.queue.tick();
    await turns();
    assertEquals(run.chat.told, [true]);
    const { length } = run.stream.consumers;
    run.stream.setUp(true);
    await until(() => run.stream.consumers.length > length);
    run.queue.tick();
    await turns();
    assertEquals(run.chat.told, [true, false]);
  });
});

Deno.test("a full store is told to operators at once, and to people after 3 s; what they say waits", async () => {
  await withQueue(async (run) => {
    run.stream.fates.push("full");
    run.queue.push(say("a"));
    await turns();
    const [alarm] = run.chat.told;
    assert(/^NATS has no room left .* what people say waits\.$/.test(`${alarm}`), `${alarm}`);
    run.clock.now = run.stream.consumers[0]!.messages.heard = 3000;
    run.queue.tick();
    await turns();
    assertEquals([run.chat.told.slice(1), run.chat.said], [[true], []]);
  });
});

Deno.test("a node that falls silent is proposed to be gone", async () => {
  await withQueue(async (run) => {
    run.arrive({
      node: 0,
      counter: 1,
      events: [{ kind: "node came", uuid: "x", name: "x", knows: 1 }],
    });
    await turns();
    for (let i = 1; i <= 6; i++) {
      run.clock.now = i * 3000;
      run.stream.store.at = 1000 + i * 3000;
      run.queue.tick();
      await turns();
    }
    assertEquals(run.chat.here.map(({ uuid }) => uuid), ["own"]);
  });
});

Deno.test("what is in the stream and is no envelope is left out", async () => {
  await withQueue(async (run) => {
    run.stream.store.store("who?", ENCODER.encode("hello"));
    run.queue.push(say("a"));
    await turns();
    assertEquals(run.chat.said, ["a"]);
    assertEquals(run.batches.map(({ sequence }) => sequence), [1, 2, 3]);
  });
});

Deno.test("an own envelope that the stream has lost for good is an alarm", async () => {
  await withQueue(async (run) => {
    const release = hold(run.stream);
    run.queue.push(say("b"));
    await turns();
    run.arrive({ node: 1, counter: 9 });
    await turns();
    assertEquals(run.alarms.map(({ kind }) => kind), ["lost"]);
    const [told] = run.chat.told;
    assert(
      /^The stream has lost something .* start this bobchat again\.$/.test(`${told}`),
      `${told}`,
    );
    release();
  });
});

Deno.test("envelopes that have arrived together are kept and sent together", async () => {
  await withQueue(async (run) => {
    for (let counter = 1; counter <= 3; counter++) run.arrive({ node: 7, counter });
    await turns();
    const more = run.batches.slice(1).map(({ isMoreComing }) => isMoreComing);
    assertEquals(more, [true, true, false]);
  });
});

Deno.test("closing hands out all that was pushed, and says goodbye", async () => {
  let run: Run | undefined;
  await withQueue(async (each) => {
    run = each;
    each.queue.push(say("a"));
    each.queue.close();
    await turns();
    assertEquals(each.queue.push(say("too late")), undefined);
    await turns();
  });
  assertEquals(run!.chat.said, ["a"]);
  assertEquals(texts(envelopes(run!).at(-1)!.events), ["node left"]);
});

Deno.test("closing does not wait for a NATS that is away for longer than its patience", async () => {
  await withQueue(async (run) => {
    run.stream.setUp(false);
    run.queue.push(say("a"));
    await turns();
  });
});

Deno.test("once it has closed, nobody waits for room any more", async () => {
  const waiting: (Promise<void> | undefined)[] = [];
  await withQueue(async (run) => {
    run.stream.setUp(false);
    for (let i = 0; i < 6; i++) waiting.push(run.queue.push(say(`${i}`)));
    await turns();
  }, { capacity: 4 });
  assertEquals(waiting.map((each) => each !== undefined), [false, false, false, false, true, true]);
  await Promise.all(waiting);
});

Deno.test("an alarm at the start is why it does not start", async () => {
  const stream = new MemoryStream();
  stream.store.isGone = true;
  const queue = new ClusterQueue({
    ...{ stream, after: BEGINNING, tail: 0, uuid: "own", name: "node", knows: 1, capacity: 1 },
    ...{ isShared, yieldToEventLoop, weigh: () => 1, now: () => 0 },
  });
  const running = new TrivialChat("own").run(queue);
  await assertRejects(() => queue.ready, StartError, "the stream bobchat_test_1 is gone from NATS");
  queue.close();
  await running;
});
