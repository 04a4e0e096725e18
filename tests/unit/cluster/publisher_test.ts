// The publisher: each envelope is stored, in order, whatever happens to the stream.

import { type Alarm, Alarms } from "../../../lib/cluster/alarms.ts";
import { Publisher } from "../../../lib/cluster/publisher.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";
import { MemoryStream, turns, until } from "./memory_stream.ts";

interface Run {
  readonly stream: MemoryStream;
  readonly publisher: Publisher;
  readonly alarms: Alarm[];
  /** How often it was idle, and in doubt. */
  idle: number;
  doubts: number;
  /** What the consumer has seen. */
  seen: number;
}

async function withPublisher(test: (run: Run) => Promise<void>): Promise<void> {
  const stream = new MemoryStream();
  const alarms: Alarm[] = [];
  const publisher: Publisher = new Publisher({
    stream,
    alarms: new Alarms((alarm) => alarms.push(alarm)),
    seen: () => run.seen,
    onIdle: () => run.idle++,
    onDoubt: () => run.doubts++,
    now: () => performance.now(),
  });
  const run: Run = { stream, publisher, alarms, idle: 0, doubts: 0, seen: 0 };
  const running = publisher.run();
  publisher.setSound(true);
  await test(run);
  publisher.close();
  await running;
}

const item = (id: string) => ({ id, data: new Uint8Array() });
const stored = ({ stream }: Run) => stream.store.messages.map(({ id }) => id);

Deno.test("nothing is sent until the stream is known to be sound", async () => {
  await withPublisher(async (run) => {
    run.publisher.setSound(false);
    run.publisher.send(item("a"));
    await turns();
    assertEquals(run.stream.published, []);
    run.publisher.setSound(true);
    await turns();
    assertEquals(stored(run), ["a"]);
    assertEquals(run.idle, 1);
  });
});

Deno.test("what was not acknowledged in time is sent again under the same id, and stored once", async () => {
  await withPublisher(async (run) => {
    run.stream.fates.push("late", "stored, but late");
    run.publisher.send(item("a"));
    await turns();
    assertEquals(run.stream.published, ["a", "a", "a"]);
    assertEquals(stored(run), ["a"]);
    assert(run.publisher.isIdle);
  });
});

Deno.test("what was acknowledged and has not come back is sent again after a break", async () => {
  await withPublisher(async (run) => {
    for (const id of ["a", "b", "c"]) {
      run.publisher.send(item(id));
      await turns();
    }
    run.publisher.returned(); // a has come back; a power cut takes the others
    run.publisher.setSound(false);
    run.stream.store.lose(2);
    run.publisher.setSound(true);
    await turns();
    assertEquals(run.stream.published, ["a", "b", "c", "b", "c"]);
    assertEquals(stored(run), ["a", "b", "c"]);
    assert(run.publisher.isIdle);
  });
});

Deno.test("what is sent again after a break counts as waiting until it is stored", async () => {
  await withPublisher(async (run) => {
    run.publisher.send(item("a"));
    await turns();
    assertEquals(run.publisher.busySince, undefined);
    run.publisher.setSound(false);
    run.stream.fates.push("nobody");
    run.publisher.setSound(true);
    await turns();
    assert(run.publisher.busySince !== undefined);
    // It had been stored all the same.
    run.publisher.returned();
    assertEquals(run.publisher.busySince, undefined);
  });
});

Deno.test("an envelope that comes back before its acknowledgement is stored", async () => {
  await withPublisher(async (run) => {
    const { promise, resolve } = Promise.withResolvers<never>();
    run.stream.publish = (id) => {
      run.stream.published.push(id);
      return promise;
    };
    run.publisher.send(item("a"));
    await turns();
    assert(!run.publisher.isIdle);
    run.publisher.returned();
    await turns();
    assert(run.publisher.isIdle);
    assertEquals(run.idle, 1);
    resolve(undefined as never);
  });
});

Deno.test("a new number at or below what was seen is another stream: in doubt, nothing more is sent", async () => {
  await withPublisher(async (run) => {
    run.seen = 40;
    run.publisher.send(item("a"));
    await turns();
    assertEquals([run.doubts, run.publisher.isIdle, run.stream.published.length], [1, false, 1]);
    // A duplicate has an old number by right.
    run.publisher.setSound(true);
    await turns();
    assertEquals([run.doubts, run.publisher.isIdle], [1, true]);
  });
});

Deno.test("a full store is told once, and the envelope is sent until there is room", async () => {
  await withPublisher(async (run) => {
    run.stream.fates.push("full", "full");
    run.publisher.send(item("a"));
    await until(() => run.publisher.isIdle);
    assertEquals(stored(run), ["a"]);
    assertEquals(run.alarms.map(({ kind, isOver }) => [kind, isOver]), [["full", false], [
      "full",
      true,
    ]]);
    assertStringIncludes(
      run.alarms[0]!.sentence,
      "NATS has no room left for the stream bobchat_test_1",
    );
  });
});

Deno.test("an epoch that has ended is told", async () => {
  await withPublisher(async (run) => {
    run.stream.fates.push("ended");
    run.publisher.send(item("a"));
    await until(() => run.alarms.length > 0);
    assertStringIncludes(run.alarms[0]!.sentence, "a new epoch of the network has begun");
  });
});
