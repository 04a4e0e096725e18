// The consumer: every message once and in order, and only from the stream that it knows.

import { type Alarm, Alarms } from "../../../lib/cluster/alarms.ts";
import { Consumer } from "../../../lib/cluster/consumer.ts";
import { BEGINNING, type Position } from "../../../lib/cluster/stream.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { MemoryStream, turns, until } from "./memory_stream.ts";

interface Run {
  readonly stream: MemoryStream;
  readonly consumer: Consumer;
  /** The ids of what came. */
  readonly came: string[];
  readonly alarms: Alarm[];
  readonly sound: boolean[];
  /** The time, in milliseconds. */
  readonly clock: { now: number };
}

interface Options {
  readonly after?: Position;
  /** Called before the consumer is made. */
  readonly prepare?: (stream: MemoryStream) => void;
  /** Called after each message. */
  readonly onCame?: (run: Run) => void;
}

async function withConsumer(
  test: (run: Run) => Promise<void>,
  { after = BEGINNING, prepare = () => {}, onCame = () => {} }: Options = {},
): Promise<void> {
  const stream = new MemoryStream();
  prepare(stream);
  const alarms: Alarm[] = [], sound: boolean[] = [], came: string[] = [];
  const clock = { now: 0 };
  const consumer = new Consumer({
    ...{ stream, after },
    alarms: new Alarms((alarm) => alarms.push(alarm)),
    onSound: (isSound) => sound.push(isSound),
    now: () => clock.now,
  });
  const run = { stream, consumer, came, alarms, sound, clock };
  const reading = (async () => {
    for await (const { id } of consumer) {
      came.push(id);
      onCame(run);
    }
  })();
  await turns();
  await test(run);
  consumer.close();
  await reading;
}

/** A bobchat that has seen the first of three messages, and a stream that no longer has so many of them. */
function without(count: number): Pick<Options, "after" | "prepare"> {
  return {
    after: { sequence: 1, id: "a", at: 1000 },
    prepare: ({ store }) => {
      for (const id of ["a", "b", "c"]) store.store(id);
      store.messages.splice(0, count);
    },
  };
}

/** Stores more than a bobchat may fall behind by. */
function storeMany({ store }: MemoryStream): void {
  for (let i = 0; i < 5200; i++) store.store(`${i}`);
}

Deno.test("after a break, it goes on with the message after the last", async () => {
  await withConsumer(async ({ stream, came, sound }) => {
    stream.store.store("a");
    stream.store.store("b");
    await turns();
    stream.setUp(false);
    stream.store.store("c");
    await turns();
    assertEquals(came, ["a", "b"]);
    stream.setUp(true);
    await until(() => came.length === 3);
    assertEquals(came, ["a", "b", "c"]);
    assertEquals(stream.consumers.map(({ from }) => from), [1, 3]);
    assertEquals(sound, [true, false, true]);
  });
});

Deno.test("a consumer that NATS ends is made anew, at the message after the last", async () => {
  await withConsumer(async ({ stream, came, alarms }) => {
    stream.store.store("a");
    await turns();
    stream.consumers[0]!.messages.close();
    await turns();
    stream.store.store("b");
    await until(() => came.length === 2);
    assertEquals([came, alarms], [["a", "b"], []]);
    assertEquals(stream.consumers.map(({ from }) => from), [1, 2]);
  });
});

Deno.test("what an earlier consumer brings late counts for nothing", async () => {
  await withConsumer(async ({ stream, came, consumer, alarms }) => {
    stream.store.store("a");
    await turns();
    const before = stream.consumers[0]!.messages;
    consumer.doubt();
    stream.store.store("b");
    before.notify(); // the earlier one has it in hand when it is closed
    await until(() => came.length === 2);
    stream.store.store("c");
    await turns();
    assertEquals(came, ["a", "b", "c"]);
    assertEquals(alarms, []);
  });
});

Deno.test("after 2.5 s without a word it is made anew", async () => {
  await withConsumer(async ({ stream, consumer, came, clock }) => {
    clock.now = 2400;
    consumer.tick();
    assertEquals(consumer.unsoundSince, undefined);
    stream.consumers[0]!.messages.heard = 1000; // a heartbeat
    clock.now = 3400;
    consumer.tick();
    assertEquals(consumer.unsoundSince, undefined);
    clock.now = 3500;
    consumer.tick();
    assertEquals(consumer.unsoundSince, 1000);
    stream.store.store("a");
    await until(() => came.length === 1);
    assertEquals(stream.consumers.length, 2);
    assert(stream.consumers[0]!.messages.isClosed);
  });
});

Deno.test("a stream made anew under the same name is an alarm, and nothing of it is read", async () => {
  await withConsumer(async ({ stream, came, alarms, sound }) => {
    for (const id of ["a", "b", "c"]) stream.store.store(id);
    await turns();
    stream.setUp(false);
    stream.store.lose(3);
    for (const id of ["x", "y", "z", "more"]) stream.store.store(id);
    stream.setUp(true);
    await until(() => alarms.length > 0);
    await turns();
    assertEquals(came, ["a", "b", "c"]);
    assertEquals(sound, [true, false]);
    assertEquals(alarms[0]!.kind, "other");
    assertStringIncludes(
      alarms[0]!.sentence,
      "NATS has another message 3 in bobchat_test_1 than this bobchat has seen",
    );
  });
});

Deno.test("an older copy is an alarm until the right store is back", async () => {
  await withConsumer(async ({ stream, came, alarms }) => {
    const { store } = stream;
    for (const id of ["a", "b", "c"]) store.store(id);
    await turns();
    stream.setUp(false);
    const right = [...store.messages];
    store.messages = right.slice(0, 2);
    stream.setUp(true);
    await until(() => alarms.length > 0);
    assertStringIncludes(alarms[0]!.sentence, "NATS has no message 3");
    store.messages = right;
    store.store("d");
    await until(() => came.length === 4);
    assertEquals(came, ["a", "b", "c", "d"]);
    assertEquals(alarms.map(({ isOver }) => isOver), [false, true]);
  });
});

Deno.test("the same number at another time is another message", async () => {
  const after = { sequence: 1, id: "a", at: 7 };
  const prepare = ({ store }: MemoryStream) => void store.store("a");
  await withConsumer(async ({ alarms, came }) => {
    await until(() => alarms.length > 0);
    assertEquals([alarms[0]!.kind, came], ["other", []]);
  }, { after, prepare });
});

Deno.test("a stream that is gone is an alarm", async () => {
  await withConsumer(async ({ stream, alarms, consumer }) => {
    stream.store.isGone = true;
    consumer.doubt();
    await until(() => alarms.length > 0);
    assertStringIncludes(alarms[0]!.sentence, "the stream bobchat_test_1 is gone from NATS");
  });
});

Deno.test("a stream that no longer reaches back is an alarm", async () => {
  await withConsumer(async ({ alarms, came }) => {
    await until(() => alarms.length > 0);
    assertEquals([alarms[0]!.kind, came], ["expired", []]);
  }, without(2));
});

Deno.test("messages that were taken out of the middle are an alarm", async () => {
  await withConsumer(async ({ stream, alarms, came }) => {
    stream.store.store("a");
    await turns();
    stream.setUp(false);
    for (const id of ["b", "c"]) stream.store.store(id);
    stream.store.messages.splice(1, 1);
    stream.setUp(true);
    await until(() => alarms.length > 0);
    assertEquals(came, ["a"]);
    assertEquals(alarms[0]!.kind, "gap");
  });
});

Deno.test("a bobchat that falls far behind is told, and that it has caught up; at the start it is so by right", async () => {
  await withConsumer(async ({ stream, alarms, came }) => {
    await until(() => came.length === 5200);
    assertEquals(alarms, []);
    storeMany(stream);
    await until(() => came.length === 10_400);
    assertEquals(alarms.map(({ kind, isOver }) => [kind, isOver]), [["behind", false], [
      "behind",
      true,
    ]]);
  }, { prepare: storeMany });
});

Deno.test("after a break of the link, or of this bobchat, it is behind by right", async () => {
  await withConsumer(async ({ stream, consumer, alarms, came, clock }) => {
    const isCaughtUp = async () => {
      await until(() => came.length === stream.store.messages.length);
      assertEquals(alarms, []);
    };
    await isCaughtUp();
    stream.setUp(false);
    storeMany(stream);
    stream.setUp(true);
    await isCaughtUp();
    // It was frozen, and hears again before it looks at the time.
    consumer.tick();
    const { messages } = stream.consumers.at(-1)!;
    clock.now += 2500;
    messages.heard = clock.now;
    storeMany(stream);
    consumer.tick();
    await isCaughtUp();
    assert(messages.isClosed);
  });
});

Deno.test("a bobchat that only falls further behind is told, though it never caught up", async () => {
  await withConsumer(async ({ alarms, came }) => {
    await until(() => came.length === 10_400);
    assertEquals(alarms.map(({ kind, isOver }) => [kind, isOver]), [["behind", false], [
      "behind",
      true,
    ]]);
  }, {
    prepare: storeMany,
    onCame: ({ stream, came }) => {
      if (came.length === 5000) storeMany(stream);
    },
  });
});

Deno.test("a last message that is too old to be kept is no alarm if all after it is there", async () => {
  await withConsumer(async ({ alarms, came }) => {
    await until(() => came.length === 2);
    assertEquals(alarms, []);
  }, without(1));
});

Deno.test("a link that breaks while the consumer is being made makes another", async () => {
  await withConsumer(async ({ stream, came, consumer }) => {
    const looked = Promise.withResolvers<void>();
    const consume = stream.consume.bind(stream);
    stream.consume = async (from) => {
      stream.consume = consume;
      await looked.promise;
      return await consume(from);
    };
    consumer.doubt();
    await turns();
    stream.setUp(false);
    looked.resolve();
    await turns();
    stream.setUp(true);
    stream.store.store("a");
    await until(() => came.length === 1);
    assert(stream.consumers.slice(0, -1).every(({ messages }) => messages.isClosed));
  });
});

Deno.test("a consumer that NATS does not make is soon asked for again, and closed if it comes late", async () => {
  await withConsumer(async ({ stream, came, consumer }) => {
    const late = Promise.withResolvers<void>();
    const consume = stream.consume.bind(stream);
    stream.consume = async (from) => {
      stream.consume = consume;
      await late.promise;
      return await consume(from);
    };
    consumer.doubt();
    stream.store.store("a");
    await until(() => came.length === 1);
    late.resolve();
    await turns();
    const [, used, unused] = stream.consumers.map(({ messages }) => messages.isClosed);
    assertEquals([used, unused], [false, true]);
    assertEquals(came, ["a"]);
  });
});

Deno.test("what was asked over a link that broke is not waited for once it is back", async () => {
  await withConsumer(async ({ stream, came, consumer }) => {
    stream.store.store("a");
    await turns();
    const look = stream.look.bind(stream);
    stream.look = () => new Promise(() => {});
    consumer.doubt();
    await turns();
    stream.setUp(false);
    stream.look = look;
    await turns();
    stream.store.store("b");
    stream.setUp(true);
    await turns();
    assertEquals(came, ["a", "b"]);
  });
});
