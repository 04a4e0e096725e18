// Words to the absent: they wait for an account, and are handed over when somebody identifies for it.

import fc from "fast-check";
import type { JobOrder } from "../../../lib/chat/effects.ts";
import type { Event, SharedEvent } from "../../../lib/chat/event.ts";
import type { Account, Record, Waiting } from "../../../lib/chat/history.ts";
import { WaitingMessages } from "../../../lib/chat/waiting.ts";
import { assert, assertEquals } from "../../assert.ts";
import { App } from "./app.ts";
import { Fold } from "./logs.ts";
import { Network } from "./network.ts";
import { people, type Person, registers, run } from "./people.ts";

type Two = [Person, Person];
type Three = [Person, Person, Person];

/** alice registers and leaves, while bob stays. */
function gone(alice: Person, bob: Person): Event[][] {
  return [
    [alice.join(), bob.join()],
    bob.types("/nick bob"),
    ...registers(alice, "alice"),
    [alice.leaves()],
  ];
}

/** Lines of private messages. */
function privates({ heard }: Person): string[] {
  return heard.filter((line) => / to \S+: /.test(line));
}

const WAITS = "*** alice is not here: your message waits, and is shown when alice comes.";

Deno.test("words to somebody who is not here are shown when they come, with their time, and once", async () => {
  const [alice, bob, again] = people(3) as Three;
  const third = people(4)[3]!;
  await run(
    ...gone(alice, bob),
    bob.types("/msg ALICE tea at five", "/msg alice or six"),
    [again.join()],
    again.types("/nick alice password"),
    again.types("/reply six"),
    [again.leaves(), third.join()],
    third.types("/nick alice password"),
  );
  assertEquals(bob.talk, [
    ...["bob(5) to alice: tea at five", WAITS, "bob(5) to alice: or six", WAITS],
    "alice(8) to bob: six",
  ]);
  assertEquals(again.talk.slice(0, 5), [
    "*** You are alice.",
    "*** While you were away, you got 2 private messages:",
    ...["bob(5) to alice: tea at five", "bob(5) to alice: or six"],
    "alice(8) to bob: six",
  ]);
  assertEquals(privates(third), []);
});

Deno.test("an app is sent what waited as messages, with the same ids", async () => {
  const [alice, bob] = people(2) as Three;
  const app = new App(3);
  const ids: number[] = [];
  await run(
    ...gone(alice, bob),
    bob.types("/msg alice hello"),
    [app.join()],
    [app.orders("nick", "alice password")],
  );
  for (const each of app.encoder.deliveries) if (each.kind === "private") ids.push(each.id);
  assertEquals(ids, [1]);
});

Deno.test("what its author edits is shown as it is by then, and what they take back is not", async () => {
  const [alice, , again] = people(3) as Three;
  const app = new App(2);
  await run(
    [alice.join(), app.join()],
    [app.orders("nick", "bob")],
    ...registers(alice, "alice"),
    [alice.leaves()],
    [app.orders("msg", "alice one"), app.orders("msg", "alice two")],
    [app.input({ kind: "edit", message: 1, text: "three" })],
    [app.input({ kind: "delete", message: 2 }), again.join()],
    again.types("/nick alice password"),
  );
  assertEquals(privates(again), ["bob(5) to alice: three"]);
  assert(again.talk.includes("*** While you were away, you got 1 private message:"));
});

Deno.test("a reply to somebody who has left waits for them", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join()],
    ...registers(alice, "alice"),
    alice.types("/msg guest2 psst"),
    [alice.leaves(), ...bob.types("/reply what?")],
    [again.join()],
    again.types("/nick alice password"),
  );
  assertEquals(bob.talk.at(-1), WAITS);
  assertEquals(privates(again), ["guest2(4) to alice: what?"]);
});

Deno.test("words wait for registered names alone, and not for a guest who has left", async () => {
  const [alice, bob] = people(2) as Three;
  await run(
    [alice.join(), bob.join()],
    [...alice.types("/nick alice"), alice.leaves()],
    bob.types("/msg alice hello"),
  );
  assertEquals(bob.talk, [
    "*** Nobody here is called alice. Messages wait only for registered names, so yours was not sent.",
  ]);
});

Deno.test("whom the account ignores, it is not sent, and they are not told", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    [alice.join(), bob.join()],
    bob.types("/nick bob"),
    ...registers(alice, "alice"),
    [...alice.types("/ignore bob"), alice.leaves()],
    bob.types("/msg alice hello"),
    [again.join()],
    again.types("/nick alice password"),
  );
  assertEquals(bob.talk.at(-1), WAITS);
  assertEquals(privates(again), []);
  assertEquals(again.talk.filter((line) => line.includes("While you were away")), []);
});

Deno.test("words that wait are edited or taken back before they are read, and no less after that", async () => {
  const [alice, bob, again] = people(3) as Three;
  const edits = (message: number, text: string) => bob.input({ kind: "edit", message, text });
  const takesBack = (message: number) => bob.input({ kind: "delete", message });
  await run(
    ...gone(alice, bob),
    bob.types("/msg alice one", "/msg alice two", "/msg alice three"),
    [edits(1, "eins"), takesBack(2)],
    [again.join()],
    again.types("/nick alice password"),
    [edits(3, "drei"), takesBack(1)],
  );
  assertEquals(again.talk, [
    "*** You are alice.",
    "*** While you were away, you got 2 private messages:",
    ...["bob(5) to alice: eins", "bob(5) to alice: three"],
    ...["*** bob now says: drei", "*** bob took back 1"],
  ]);
});

Deno.test("whoever the account ignores can have as many words wait as others, and so is not told by that either", async () => {
  const [alice, bob] = people(2) as Two;
  await run(
    [alice.join(), bob.join()],
    bob.types("/nick bob"),
    ...registers(alice, "alice"),
    [...alice.types("/ignore bob"), alice.leaves()],
    bob.types(...Array.from({ length: 21 }, (_, i) => `/msg alice ${i}`)),
  );
  assertEquals(bob.talk.filter((line) => line === WAITS).length, 20);
  assert(bob.talk.at(-1)!.startsWith("*** 20 messages from the guests"), bob.talk.at(-1));
});

Deno.test("a guest has twenty messages wait, and no more by coming again under another name", async () => {
  const [alice, bob, again] = people(3) as Three;
  const words = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => `/msg alice m${from + i}`);
  bob.address = again.address = "10.1.2.3";
  await run(
    ...gone(alice, bob),
    bob.types(...words(0, 21)),
    [bob.leaves(), again.join()],
    again.types("/nick eve", "/msg alice more"),
  );
  const refused = "*** 20 messages from the guests of your network wait for alice already: " +
    "this one was not sent.";
  assertEquals(bob.talk.filter((line) => line === WAITS).length, 20);
  assertEquals(bob.talk.at(-1), refused);
  assertEquals(again.talk, [refused]);
});

Deno.test("what waits for and from an account goes with it", async () => {
  const [alice, bob, again] = people(3) as Three;
  await run(
    ...gone(alice, bob),
    bob.types("/register password"),
    bob.types("/msg alice hello"),
    bob.types("/unregister bob"),
    [again.join()],
    again.types("/nick alice password"),
  );
  assertEquals(privates(again), []);
});

Deno.test("in a network words wait on all nodes, and are handed over by whichever they come to", async () => {
  const network = new Network();
  await using _ = network;
  const a = await network.start(), b = await network.start();
  const alice = a.person(), bob = a.person();
  await a.send(alice.join(), bob.join());
  await a.send(...alice.types("/nick alice", "/register password"), ...bob.types("/nick bob"));
  await a.send(alice.leaves());
  await a.send(...bob.types("/msg alice hello"));
  // One that starts now knows of them by the snapshot.
  const c = await network.start();
  const again = c.person();
  await c.send(again.join());
  await c.send(...again.types("/nick alice password"));
  assertEquals(privates(again), ["bob(10000) to alice: hello"]);
  for (const { chat } of [a, b, c]) assertEquals(chat.waiting.all(), []);
});

Deno.test("what was not handed over, since its node died, is handed over by the next", async () => {
  const network = new Network();
  await using _ = network;
  const a = await network.start(), b = await network.start();
  const alice = a.person(), bob = a.person(), there = b.person(), again = a.person();
  await a.send(alice.join(), bob.join());
  await a.send(...alice.types("/nick alice", "/register password"), ...bob.types("/nick bob"));
  await a.send(alice.leaves());
  await a.send(...bob.types("/msg alice hello"));
  await b.send(there.join());
  // It published that alice is back, and was killed before its writer came to that.
  b.isFrozen = true;
  const verdict = { kind: "verified", name: "alice", account: 1, isRight: true } as const;
  await b.send({
    ...{ kind: "job done", id: there.id },
    result: { ...verdict, hash: "hash of password" },
  });
  assertEquals(a.chat.waiting.all().length, 1);
  await a.send({ kind: "node gone", node: b.id, epoch: 1, counter: b.counter });
  await a.send(again.join());
  await a.send(...again.types("/nick alice password"));
  assertEquals(privates(again), ["bob(10000) to alice: hello"]);
  assertEquals(a.chat.waiting.all(), []);
});

Deno.test("whoever comes and goes when, each message is handed over, and not again once that is confirmed", () => {
  const step = fc.constantFrom("says", "says", "comes", "goes", "confirms", "begins anew");
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    let fold = Fold.of({
      options: { lasts: true, replay: 0, keepRooms: 30, editMinutes: 60, motd: [] },
    });
    let last = 0, said = 0, confirmed = 0, jobs: JobOrder[] = [];
    const handed = new Set<number>();
    const take = (event: SharedEvent) => {
      const { effects } = fold.step([1, 1, event]);
      for (const effect of effects) {
        if (effect.kind === "job") jobs.push(effect);
        if (effect.kind !== "connection" || effect.connection === BOB) continue;
        for (const each of effect.deliveries) {
          if (each.kind !== "private") continue;
          assert(each.id > confirmed, `${each.id} again`);
          handed.add(each.id);
        }
      }
    };
    const joins = (id: number) =>
      take({
        ...{ kind: "join", id, speaks: "json", address: "", isPrivate: true, isAsked: false },
        ...{ maxLine: 1024, maxDevices: 10, announceIn: 0 },
      });
    const isHere = () => fold.chat.connections.has(last);
    const act = {
      says: () => {
        said++;
        // Twenty of one sender wait at most.
        if (fold.chat.waiting.of(1).length === 20) act.comes();
        const input = { kind: "command", name: "msg", text: "alice hello" } as const;
        take({ kind: "typed", id: BOB, input });
      },
      comes: () => {
        if (isHere()) return;
        joins(last = last + 1 === BOB ? BOB + 1 : last + 1);
        const result = { kind: "verified", name: "alice", account: 1, isRight: true } as const;
        take({ kind: "job done", id: last, result: { ...result, hash: "" } });
      },
      goes: () => take({ kind: "leave", id: last, why: "left" }),
      confirms: () => {
        for (const { connection: id, job } of jobs.splice(0)) {
          if (job.kind !== "hand over") continue;
          if (fold.chat.connections.has(id)) confirmed = Math.max(confirmed, job.upTo);
          take({ kind: "job done", id, result: { ...job, kind: "handed over" } });
        }
      },
      /** Killed and started again: what was under way is gone. */
      "begins anew": () => {
        jobs = [];
        act.goes();
        fold = fold.restored();
      },
    };
    joins(++last);
    take({
      ...{ kind: "typed", id: last },
      input: { kind: "command", name: "nick", text: "alice" },
    });
    take({ kind: "job done", id: last, result: { kind: "hashed", name: "alice", hash: "" } });
    joins(BOB);
    for (const each of steps) act[each]();
    act.goes();
    act.comes();
    assertEquals([...handed].sort((one, other) => one - other), range(1, said));
    act.confirms();
    assertEquals(fold.chat.waiting.all(), []);
  }));
});

/** The connection of bob's. */
const BOB = 1000;

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

Deno.test("what waits of somebody who is forgotten is dropped, also of a guest", () => {
  const fold = Fold.of({
    options: { lasts: true, replay: 0, keepRooms: 30, editMinutes: 60, motd: [] },
  });
  for (const [id, from] of [[1, "eve"], [2, "bob"]] as const) {
    fold.chat.waiting.restore({
      ...{ account: 1, network: "x" },
      message: {
        ...{ kind: "private", id, at: 0, from, text: "words", by: { member: 0 } },
        to: { member: 0, account: 1, name: "alice" },
      },
    });
  }
  const changes = [{ kind: "forgotten", whom: { name: "EVE" } }] as const;
  fold.step([1, 1, { kind: "administered", changes, lastAccount: 1 }]);
  assertEquals(fold.chat.waiting.all().map(({ message: { from } }) => from), ["bob"]);
  // Another text is what they are shown.
  const [{ message }] = fold.chat.waiting.all() as [Waiting];
  fold.chat.waiting.mend({ ...message, text: "mended", edited: true });
  assertEquals(fold.chat.waiting.all().map(({ message: { text } }) => text), ["mended"]);
  fold.chat.waiting.mend({ ...message, text: "", deleted: true });
  assertEquals(fold.chat.waiting.all(), []);
});

const ACCOUNTS: Account[] = [1, 2].map((id) => ({
  ...{ id, name: `name${id}`, key: `name${id}`, hash: "", isOperator: false },
}));

Deno.test("whoever sends what, nobody fills another's hundred alone, and the file would have the same", () => {
  const send = fc.record({
    to: fc.constantFrom(...ACCOUNTS),
    account: fc.constantFrom(undefined, undefined, 3, 4, 5, 6),
    network: fc.constantFrom("a", "a", "b", "c"),
  });
  const step = fc.oneof(
    { weight: 20, arbitrary: send },
    { weight: 1, arbitrary: fc.record({ taken: fc.constantFrom(1, 2), back: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ gone: fc.integer({ min: 1, max: 6 }) }) },
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 400, size: "max" }), (steps) => {
    const records: Record[] = [];
    const waiting = new WaitingMessages((record) => records.push(record));
    let id = 0;
    for (const step of steps) {
      if ("taken" in step) waiting.taken({ account: step.taken, upTo: id - step.back });
      else if ("gone" in step) {
        waiting.remove(step.gone);
        records.push({ kind: "account gone", id: step.gone });
      } else {
        const { to, account, network } = step;
        if (waiting.refusal(to, { account, network }) !== undefined) continue;
        const message = {
          ...{ kind: "private", id: ++id, at: 0, from: "x", text: "words" } as const,
          ...{ by: { member: 0, account }, to: { member: 0, account: to.id, name: to.name } },
        };
        waiting.add({ account: to.id, message, network });
      }
    }
    for (const { id } of ACCOUNTS) {
      const all = waiting.of(id);
      const most = (counts: Map<unknown, unknown[]>) =>
        Math.max(0, ...Array.from(counts.values(), ({ length }) => length));
      assert(all.length <= 100);
      assert(most(Map.groupBy(all, ({ network }) => network)) <= 50);
      assert(most(Map.groupBy(all, ({ message: { by }, network }) => by.account ?? network)) <= 20);
    }
    assertEquals(waiting.all().map(({ message: { id } }) => id).sort(), replayed(records).sort());
  }));
});

Deno.test("all that wait on a server have a bound, however short they are", () => {
  const waiting = new WaitingMessages(() => undefined);
  const to = { ...ACCOUNTS[0]!, name: "alice" };
  let id = 0, refused: string | undefined;
  while (refused === undefined && id < 30_000) {
    // Each to another account, and from another network.
    const account = { ...to, id: ++id }, network = `network ${id}`;
    refused = waiting.refusal(account, { account: undefined, network })?.text;
    const message = {
      ...{ kind: "private", id, at: 0, from: "x", text: "y" } as const,
      ...{ by: { member: 0 }, to: { member: 0, account: id, name: "alice" } },
    };
    if (refused === undefined) waiting.add({ account: id, message, network });
  }
  assertEquals(refused, "Too many messages wait on this server: this one was not sent.");
});

/** The numbers of the messages that wait, as a history reads the records. */
function replayed(records: readonly Record[]): number[] {
  let rows: Extract<Record, { kind: "waits" }>[] = [];
  for (const record of records) {
    if (record.kind === "waits") rows.push(record);
    if (record.kind === "taken") {
      rows = rows.filter((row) => row.account !== record.account || row.id > record.upTo);
    }
    if (record.kind === "account gone") {
      rows = rows.filter((row) => row.account !== record.id && row.sender !== record.id);
    }
  }
  return rows.map(({ id }) => id);
}
